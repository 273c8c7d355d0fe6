// liedsite -- a board's pages whose host lies, and that may say to be another board.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { boardId, certificateDecode } from "../../client-sdk/web/protocol/certificate.ts";
import { signPairNew, suiteBase64url } from "../../client-sdk/web/protocol/suite.ts";
import { freePort, type Installation } from "../../demo/installation.ts";
import { Program } from "../../demo/process.ts";
import { ATTACKS } from "../adversary/attacks.ts";
import { keepersKnown, openUnequal, receiverOf, type Receiver } from "../adversary/forger.ts";
import { Liar } from "../adversary/liar.ts";
import { Seat } from "../sdk/seat.ts";

const root = new URL("../..", import.meta.url).pathname;

/** Of those that are the same whatever the conversation. */
export function lieNamed(name: string): NonNullable<Liar["lie"]> {
  const lie = ATTACKS.find((attack) => attack.name === name)?.lie;
  assert.ok(typeof lie === "object", name);
  return lie;
}

export class LiedSite {
  readonly liar: Liar;
  readonly address: string;
  readonly #installation: Installation;
  readonly #board: string;
  readonly #port: number;
  #pages: Program | undefined;

  private constructor(installation: Installation, board: string, liar: Liar, port: number) {
    this.#installation = installation;
    this.#board = board;
    this.liar = liar;
    this.#port = port;
    this.address = `http://127.0.0.1:${port}/`;
  }

  /** The host is honest as yet. */
  static async serve(installation: Installation, board: string): Promise<LiedSite> {
    const liar = await Liar.start(installation.hostUrl, installation.path("host", "host.key"));
    const site = new LiedSite(installation, board, liar, await freePort());
    await site.#serve({});
    return site;
  }

  /** With whatever else is said of the board. */
  async #serve(change: Record<string, unknown>): Promise<void> {
    const folder = this.#installation.path("lied-site");
    const board = JSON.parse(readFileSync(this.#installation.boardJson(this.#board), "utf8"));
    writeFileSync(`${folder}.json`, JSON.stringify({ ...board, host: { ...board.host, url: this.liar.url }, ...change }));
    execFileSync(process.execPath, ["client-sdk/web/site.mjs", "--board", `${folder}.json`, "--out", folder], { cwd: root });
    await this.#pages?.stop();
    this.#pages = await Program.start({
      name: "pages of the lied board", command: [process.execPath, "demo/pages.ts", "--site", `${folder}:${this.#port}`],
      log: this.#installation.path("logs", "lied-pages.log"), ready: /^ready/,
    });
  }

  /** The same address says that it is another board. */
  async becomeAnother(): Promise<void> {
    const { publicKey } = await signPairNew();
    await this.#serve({ board: suiteBase64url(await boardId(publicKey)), root: suiteBase64url(publicKey) });
  }

  async strike(): Promise<void> {
    await this.liar.stop();
    await this.#pages?.stop();
  }
}

/** Within a page whose person is logged in: the certificate of this browser. */
export async function certificateOwn(): Promise<number[]> {
  const done = <T>(asked: IDBRequest<T>) => new Promise<T>((resolve) => asked.onsuccess = () => resolve(asked.result));
  const { name = "" } = (await indexedDB.databases()).find((one) => one.name?.startsWith("enrum /")) ?? {};
  const database = await done(indexedDB.open(name));
  const me = await done<{ certificate: Uint8Array }>(database.transaction("meta").objectStore("meta").get("me"));
  database.close();
  return [...me.certificate];
}

/** A conversation of this person's, whose key the host gives this device is not the promised one. */
export async function openWithOtherKey(installation: Installation, persona: string, certificate: number[], title: string): Promise<void> {
  const { device, body } = await certificateDecode(new Uint8Array(certificate));
  const seat = await Seat.take(installation, { role: "citizen" });
  try {
    await seat.login(persona);
    const others = [receiverOf(seat), ...keepersKnown(seat)].map((one): [Receiver, "COMMITTED"] => [one, "COMMITTED"]);
    await openUnequal(seat, [...others, [{ device, sealKey: body.seal_key }, "OTHER"]], title);
  } finally {
    await seat.close();
  }
}
