// templates -- texts that a caseworker uses again. They are kept on this device only, sealed to its own key, and gone when it is
// logged out.
import { EnrumError } from "../protocol/error.ts";
import { hpkeOpen, hpkeSeal, labelBytes, suitePad, suiteUnpad } from "../protocol/suite.ts";
import type { Enrum } from "./enrum.ts";
import type { TemplateView } from "./view.ts";

const TEMPLATES_MAX = 200;
const TEXT_MAX = 16_000;

/** Throws OPEN_FAILED, FILE_FAILED. */
export async function templatesRead({ store, keys, board }: Enrum): Promise<TemplateView[]> {
  const row = (await store.all("meta")).find(({ key }) => key === "templates");
  if (row?.key !== "templates") return [];
  const plain = suiteUnpad(await hpkeOpen(keys.seal, row.enc, labelBytes("OWN"), board.id, row.sealed));
  return JSON.parse(new TextDecoder().decode(plain)) as TemplateView[];
}

/** Throws OVERSIZED, FILE_FAILED. */
async function templatesWrite({ store, keys, board }: Enrum, templates: readonly TemplateView[]): Promise<void> {
  if (templates.length > TEMPLATES_MAX || templates.some(({ text }) => text.length > TEXT_MAX)) throw new EnrumError("OVERSIZED", "templates");
  const plain = suitePad(new TextEncoder().encode(JSON.stringify(templates)));
  const { enc, sealed } = await hpkeSeal(keys.seal.publicKey, labelBytes("OWN"), board.id, plain);
  await store.write([{ table: "meta", put: { key: "templates", enc, sealed } }]);
}

/** The first of "name", "name (2)", "name (3)" that is free. */
function freeName(name: string, templates: readonly TemplateView[]): string {
  const isTaken = (wanted: string) => templates.some((other) => other.name === wanted);
  let free = name;
  for (let number = 2; isTaken(free); number++) free = `${name} (${number})`;
  return free;
}

/**
 * Adds one, or takes one away, or both. `from`: as a tab has shown it. One that another tab has changed since stays, and the new one
 * stands beside it. All of them, as they are then. Throws OPEN_FAILED, OVERSIZED, FILE_FAILED.
 */
export async function templatesChange(enrum: Enrum, from: TemplateView | undefined, to: TemplateView | undefined): Promise<TemplateView[]> {
  const kept = (await templatesRead(enrum)).filter(({ name, text }) => name !== from?.name || text !== from.text);
  const added = to === undefined || kept.some(({ name, text }) => name === to.name && text === to.text) ? [] : [{ name: freeName(to.name, kept), text: to.text }];
  const templates = [...kept, ...added].sort((a, b) => a.name.localeCompare(b.name));
  await templatesWrite(enrum, templates);
  return templates;
}
