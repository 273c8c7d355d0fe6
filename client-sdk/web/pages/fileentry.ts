// fileentry -- a file in a conversation or its record, as one line; what brings and shows it is loaded when there is one.
import { html, type TemplateResult } from "lit";
import { bring } from "../link/bring.ts";
import type { ErrorName } from "../protocol/tables.ts";
import type { DraftView, EnrumClient, FileName, ItemView, ItemWhat } from "../sdk/view.ts";
import { isolate, sizeWords, words } from "./words/words.ts";

export type FileWhat = Extract<ItemWhat, { kind: "file" }>;

/** What kind of file it is, in a word. */
export function fileKind({ mediaType }: FileName): string {
  const { kinds } = words().files;
  const [family] = mediaType.split("/", 1);
  if (family === "image" || family === "audio" || family === "video" || family === "text") return kinds[family];
  return mediaType === "application/pdf" ? "PDF" : kinds.other;
}

/** For a list: a picture and a voice need no name. */
export function fileShort(file: FileName): string {
  const kind = fileKind(file);
  return /^(image|audio)\//.test(file.mediaType) ? kind : `${kind}: ${isolate(file.name)}`;
}

/** For the record. */
export function fileLine(file: FileName & { size: number }): string {
  return `${fileKind(file)}: ${isolate(file.name)}, ${sizeWords(file.size)}`;
}

/** What went wrong with a file, where the pages have no words of their own for it. */
export function fileErrorWords(error: ErrorName): string {
  const { errors, alarms, files } = words();
  return errors[error] ?? alarms[error] ?? files.failed;
}

let isLoaded = false;

/** `draw` is called when what shows files has been loaded; what cannot be leaves the line. */
function load(draw: () => void): void {
  void bring(() => import("./attachment.ts")).then(() => {
    isLoaded = true;
    draw();
  }, () => undefined);
}

export function fileOf(client: EnrumClient, room: string, item: ItemView & { what: FileWhat }, draw: () => void): TemplateResult {
  if (isLoaded) return html`<enrum-attachment .client=${client} .room=${room} .seq=${item.seq} .file=${item.what} .done=${item.received}></enrum-attachment>`;
  load(draw);
  return html`<p>${fileLine(item.what)}</p>`;
}

export function fileOfDraft(client: EnrumClient, { id, state, file }: DraftView, draw: () => void): TemplateResult | undefined {
  if (file === undefined) return undefined;
  if (isLoaded) return html`<enrum-attachment .client=${client} .draft=${id} .file=${file} .done=${state === "failed" ? undefined : file.sent}></enrum-attachment>`;
  load(draw);
  return html`<p>${fileLine(file)}</p>`;
}
