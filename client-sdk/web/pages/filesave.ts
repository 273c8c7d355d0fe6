// filesave -- gives bytes to the browser as a file of this name, and says beforehand where that is left behind.
import { html, nothing, type TemplateResult } from "lit";
import type { SessionView } from "../sdk/view.ts";
import { words } from "./words/words.ts";

/** By then the browser has it. */
const REVOKE_AFTER_MS = 60_000;

export function fileSave(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), REVOKE_AFTER_MS);
}

/** Where the device is not the person's own: stands beside what saves. */
export function fileStays(session: SessionView | undefined): TemplateResult | typeof nothing {
  return session?.isShared ? html`<span class="small tools">${words().files.stays}</span>` : nothing;
}
