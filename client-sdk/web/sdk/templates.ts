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

/** All of them, in the place of those that were. Throws OVERSIZED, FILE_FAILED. */
export async function templatesWrite({ store, keys, board }: Enrum, templates: readonly TemplateView[]): Promise<void> {
  if (templates.length > TEMPLATES_MAX || templates.some(({ text }) => text.length > TEXT_MAX)) throw new EnrumError("OVERSIZED", "templates");
  const plain = suitePad(new TextEncoder().encode(JSON.stringify(templates)));
  const { enc, sealed } = await hpkeSeal(keys.seal.publicKey, labelBytes("OWN"), board.id, plain);
  await store.write([{ table: "meta", put: { key: "templates", enc, sealed } }]);
}
