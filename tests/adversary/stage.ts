// stage -- one installation behind a host that lies, honest people whose words have come through it, and those who cheat. A
// witness is what a device holds at one moment, to be taken up again and again: each attack meets the same one.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageEntries, messageRooms } from "../../client-sdk/web/protocol/messages.ts";
import { bytesOfHex } from "../../client-sdk/web/protocol/layout.ts";
import type { Bytes } from "../../client-sdk/web/protocol/field.ts";
import { MemoryStore, ROW_KEYS, type Change, type LocalStore, type Table } from "../../client-sdk/web/sdk/localstore.ts";
import { Device, eventually } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { programs } from "../e2e/programs.ts";
import { Seat, texts } from "../sdk/seat.ts";
import { authorOf, type Author } from "./forger.ts";
import { Liar } from "./liar.ts";

export const BOARD = "bjuv";
export const CITIZEN = "test.testsson";
/** What is said before the witness goes away; behind its back; and when the caseworker has been taken out. */
export const EARLIER = ["ett", "två", "tre"];
export const LATER = ["fyra", "fem"];
export const LAST = ["sex"];

/**
 * away: has read the earlier words, and comes back. memory: has read everything. fresh: without memory; its login is answered
 * with the keeper's heads, and the host has told it nothing yet.
 */
export type Witness = "away" | "memory" | "fresh";
export const WITNESSES: readonly Witness[] = ["away", "memory", "fresh"];

async function storeCopy(store: LocalStore): Promise<MemoryStore> {
  const copy = new MemoryStore();
  for (const table of Object.keys(ROW_KEYS) as Table[]) {
    await copy.write((await store.all(table)).map((row) => ({ table, put: row }) as Change));
  }
  return copy;
}

/** A command line whose board names the liar. */
export class LiedDevice extends Device {
  readonly #boardFile: string;

  constructor(installation: Installation, home: string, boardFile: string) {
    super(installation, home, BOARD, CITIZEN, "citizen");
    this.#boardFile = boardFile;
  }

  override run(args: string[], options: Parameters<Device["run"]>[1] = {}): ReturnType<Device["run"]> {
    return super.run(["--board", this.#boardFile, "--timeout", "5", ...args], options);
  }
}

/** Who is on the stage from the beginning: everybody talks with the host itself. */
interface People {
  citizen: Seat;
  caseworker: Seat;
  /** An employee who has not taken the conversation. */
  outsider: Seat;
}

async function arrive(installation: Installation, role: "citizen" | "staff", persona: string): Promise<Seat> {
  const seat = await Seat.take(installation, { role });
  await seat.login(persona);
  return seat;
}

export class Stage {
  readonly installation: Installation;
  readonly liar: Liar;
  readonly people: People;
  /** A board.json that is the board's own but for the host's address. */
  readonly boardFile: string;
  /** The conversation that is lied about; and another one of the same citizen, of which the liar knows the log. */
  room = "";
  otherRoom = "";
  /** The caseworker, as they were before they were taken out and their device forgot it all. */
  former!: Author;
  /** Entries of the conversation when the caseworker was still in it, and when a witness with memory had read everything. */
  withCaseworker = 0;
  known = 0;
  readonly #stores = new Map<Witness, MemoryStore>();
  #homes = 0;

  private constructor(installation: Installation, liar: Liar, people: People) {
    this.installation = installation;
    this.liar = liar;
    this.people = people;
    this.boardFile = this.boardWith((board) => board.host.url = liar.url);
  }

  static async start(): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), "enrum-lies-"));
    const installation = await Installation.start({ folder, programs: programs(), tls: false, boards: [BOARD] });
    const liar = await Liar.start(installation.hostUrl, installation.path("host", "host.key"));
    const people = {
      citizen: await arrive(installation, "citizen", CITIZEN),
      caseworker: await arrive(installation, "staff", "bjuv.handlaggare"),
      outsider: await arrive(installation, "staff", "bjuv.chef"),
    };
    const stage = new Stage(installation, liar, people);
    await stage.#talk();
    return stage;
  }

  async stop(): Promise<void> {
    for (const seat of Object.values(this.people)) await seat.close();
    await this.liar.stop();
    await this.installation.stop();
    rmSync(this.installation.folder, { recursive: true, force: true });
  }

  /** Another board.json, in a file of its own. */
  boardWith(change: (board: { board: string; root: string; host: { url: string; key: string } }) => void): string {
    const board = JSON.parse(readFileSync(this.installation.boardJson(BOARD), "utf8"));
    change(board);
    const file = this.installation.path(`board-${++this.#homes}.json`);
    writeFileSync(file, JSON.stringify(board));
    return file;
  }

  // -- What has been said -------------------------------------------------------------------------------------------

  async #talk(): Promise<void> {
    const { citizen: { client: citizen }, caseworker: { client: caseworker } } = this.people;
    const reader = await Seat.take(this.installation, { role: "citizen", boardFile: this.boardFile });
    const device = this.#deviceAt("reader");
    await reader.login(CITIZEN);
    await device.login();
    this.otherRoom = await citizen.open(crypto.randomUUID(), "Annat", "något annat");
    this.room = await citizen.open(crypto.randomUUID(), "Ärlighet", EARLIER[0] as string);
    for (const client of [citizen, reader.client]) client.watch(this.room);
    for (const text of EARLIER.slice(1)) await citizen.send(crypto.randomUUID(), this.room, text);
    await this.#witness("away", reader, device, EARLIER);

    await eventually("the conversation waits in the queue", async () => caseworker.session?.queue.some(({ room }) => room === this.room));
    await caseworker.take(this.room);
    caseworker.watch(this.room);
    await this.people.caseworker.room(this.room, (room) => texts(room).length === EARLIER.length, "the conversation opens");
    for (const text of LATER) await caseworker.send(crypto.randomUUID(), this.room, text);
    const all = [...EARLIER, ...LATER, ...LAST];
    await this.#spoken(all.slice(0, -LAST.length));
    await citizen.markRead(this.room, this.#log.length);
    this.withCaseworker = this.#log.length;
    this.former = authorOf(this.people.caseworker);
    await this.installation.staff(BOARD, "remove", "--identity", "bjuv.handlaggare");
    await this.people.citizen.room(this.room, ({ items }) => items.some(({ what }) => what.kind === "generation" && what.number === 2), "a new key");
    for (const text of LAST) await citizen.send(crypto.randomUUID(), this.room, text);
    await this.#spoken(all);
    await this.#witness("memory", reader, device, all);
    this.known = this.#log.length;
    await reader.close();
    this.liar.room = bytesOfHex(this.room);
    await this.#withoutMemory();
  }

  /** The log as the citizen has it. */
  get #log(): readonly unknown[] {
    return this.people.citizen.engine.enrum.rooms.get(this.room)?.items ?? [];
  }

  async #spoken(words: readonly string[]): Promise<void> {
    await this.people.citizen.room(this.room, (room) => texts(room).join() === words.join(), words.join(" "));
  }

  /** Everything so far has come to both readers, and the keeper has recorded it. */
  async #witness(witness: Witness, reader: Seat, device: LiedDevice, words: readonly string[]): Promise<void> {
    await reader.room(this.room, (room) => {
      const last = room.items.findLast(({ what, author }) => what.kind === "message" || (what.kind === "read" && author.role === "citizen"));
      return texts(room).join() === words.join() && room.coveredSeq >= (last?.seq ?? Infinity);
    }, `recorded: ${words.join(" ")}`);
    await device.must(["read", this.room]);
    await this.#keep(witness, reader, device.home);
  }

  async #keep(witness: Witness, reader: Seat, home: string): Promise<void> {
    this.#stores.set(witness, await storeCopy(reader.store));
    cpSync(this.#homePath(home), this.#homePath(witness), { recursive: true });
  }

  /** Logged in while the host tells nothing: all that is known is what the keeper has said. */
  async #withoutMemory(): Promise<void> {
    this.liar.lie = { withheld: [messageRooms.number, messageEntries.number] };
    const reader = await Seat.take(this.installation, { role: "citizen", boardFile: this.boardFile });
    await reader.login(CITIZEN, { isListed: false });
    const device = this.#deviceAt("newcomer");
    await device.tryLogin();
    await this.#keep("fresh", reader, device.home);
    reader.crash();
    this.liar.lie = undefined;
  }

  // -- Witnesses ----------------------------------------------------------------------------------------------------

  #homePath(home: string): string {
    return this.installation.path("homes", home);
  }

  #deviceAt(home: string): LiedDevice {
    return new LiedDevice(this.installation, home, this.boardFile);
  }

  /** A browser that holds what the witness holds, connected to the liar. */
  async browser(witness: Witness): Promise<Seat> {
    const store = await storeCopy(this.#stores.get(witness) as MemoryStore);
    const seat = await Seat.take(this.installation, { role: "citizen", boardFile: this.boardFile, store });
    seat.client.watch(this.room);
    return seat;
  }

  /** A command line that holds what the witness holds. */
  device(witness: Witness): LiedDevice {
    const home = `${witness}-${++this.#homes}`;
    cpSync(this.#homePath(witness), this.#homePath(home), { recursive: true });
    return this.#deviceAt(home);
  }
}
