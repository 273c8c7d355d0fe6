// writings -- texts that are being written and are not sent, kept on this device until they are: sealed under a key that cannot
// be read out, a row for each tab and place, so that no tab writes over what another one has. A tab that is gone leaves its rows
// to whichever opens the place next. On a device that is not the person's own, nothing is kept.
import { EnrumError } from "../protocol/error.ts";
import type { Bytes } from "../protocol/field.ts";
import { bytesJoin } from "../protocol/layout.ts";
import { NONCE_BYTES, sealKeyNew, suiteOpen, suitePad, suiteRandom, suiteSeal, suiteUnpad } from "../protocol/suite.ts";
import type { Enrum } from "./enrum.ts";
import type { Change, WritingRow } from "./localstore.ts";

const utf8 = new TextEncoder();

function idOf(place: string, tab: string): string {
  return `${tab} ${place}`;
}

export class Writings {
  #enrum: Enrum;
  #key: CryptoKey | undefined;

  constructor(enrum: Enrum) {
    this.#enrum = enrum;
  }

  /** Of this device; made when the first text is kept. */
  async #keyFind(): Promise<CryptoKey> {
    const kept = (await this.#enrum.store.all("meta")).find((row) => row.key === "writings");
    this.#key ??= kept?.seal;
    if (this.#key === undefined) {
      const seal = await sealKeyNew();
      await this.#enrum.store.write([{ table: "meta", put: { key: "writings", seal } }]);
      this.#key = seal;
    }
    return this.#key;
  }

  async #seal(id: string, text: string): Promise<Bytes> {
    const nonce = suiteRandom(NONCE_BYTES);
    return bytesJoin([nonce, await suiteSeal(await this.#keyFind(), nonce, utf8.encode(id), suitePad(utf8.encode(text)))]);
  }

  async #open({ id, sealed }: WritingRow): Promise<string> {
    const opened = await suiteOpen(await this.#keyFind(), sealed.slice(0, NONCE_BYTES), utf8.encode(id), sealed.slice(NONCE_BYTES));
    return new TextDecoder().decode(suiteUnpad(opened));
  }

  async #changeOf(place: string, tab: string, text: string): Promise<Change> {
    const id = idOf(place, tab);
    if (text === "") return { table: "writings", remove: id };
    return { table: "writings", put: { id, place, tab, at: this.#enrum.clock.wallMs(), sealed: await this.#seal(id, text) } };
  }

  /** This tab's text for this place; an empty one is forgotten. Throws FILE_FAILED, OVERSIZED. */
  async keep(place: string, tab: string, text: string): Promise<void> {
    if (this.#enrum.isShared || this.#enrum.me === undefined) return;
    await this.#enrum.store.write([await this.#changeOf(place, tab, text)]);
  }

  /** Where something is kept, of whatever tab. Throws FILE_FAILED. */
  async places(): Promise<string[]> {
    return (await this.#enrum.store.all("writings")).map(({ place }) => place);
  }

  /** What tabs that are gone have left for this place, oldest first: it is this tab's from here on. `tabs`: those that are there. */
  async take(place: string, tab: string, tabs: readonly string[]): Promise<string> {
    if (this.#enrum.isShared || this.#enrum.me === undefined) return "";
    const rows = (await this.#enrum.store.all("writings")).filter((row) => row.place === place && row.tab !== tab && !tabs.includes(row.tab));
    if (rows.length === 0) return "";
    const texts = await Promise.all(rows.sort((a, b) => a.at - b.at).map((row) => this.#open(row).catch((error: unknown) => {
      // A key that the browser has lost is no reason to lose more.
      if (!(error instanceof EnrumError)) throw error;
      return "";
    })));
    const text = [...new Set(texts)].filter((one) => one !== "").join("\n\n");
    await this.#enrum.store.write([...rows.map(({ id }) => ({ table: "writings", remove: id }) as const), await this.#changeOf(place, tab, text)]);
    return text;
  }
}
