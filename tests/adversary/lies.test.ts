// A host that lies is noticed by the SDK: each row of lies.ts, and a database rolled back, a key that is not the host's, and a
// board that is another one on the second visit.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { eventually } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { bytesOfHex } from "../../client-sdk/web/protocol/layout.ts";
import { suiteBase64url, suiteRandom } from "../../client-sdk/web/protocol/suite.ts";
import type { ErrorName } from "../../client-sdk/web/protocol/tables.ts";
import { webSocketOpen } from "../../client-sdk/web/sdk/environment.ts";
import { programs } from "../e2e/programs.ts";
import { Seat, texts } from "../sdk/seat.ts";
import { Liar } from "./liar.ts";
import { LIES, type LieRow } from "./lies.ts";

const folder = mkdtempSync(join(tmpdir(), "enrum-lies-"));
const boardFile = join(folder, "lied.json");
let installation: Installation;
let liar: Liar;
let room: string;

function boardWith(change: (board: { host: { url: string; key: string } }) => void, name: string): string {
  const board = JSON.parse(readFileSync(installation.boardJson("bjuv"), "utf8"));
  change(board);
  writeFileSync(join(folder, name), JSON.stringify(board));
  return join(folder, name);
}

before(async () => {
  installation = await Installation.start({ folder, programs: programs(), tls: false, boards: ["bjuv"] });
  liar = await Liar.start(installation.hostUrl, installation.path("host", "host.key"));
  boardWith((board) => board.host.url = liar.url, "lied.json");
});

after(async () => {
  await liar?.stop();
  await installation?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A device that talks to the liar, logged in. */
async function seat(store?: Seat["store"]): Promise<Seat> {
  const taken = await Seat.take(installation, { role: "citizen", boardFile, ...(store === undefined ? {} : { store }) });
  if (store === undefined) await taken.login("test.testsson");
  return taken;
}

/** A room that was talked in honestly, read by `reader` through the liar. */
async function talk(reader: Seat): Promise<void> {
  room = await reader.client.open(crypto.randomUUID(), "Ärlighet", "ett");
  reader.client.watch(room);
  for (const text of ["två", "tre"]) await reader.client.send(crypto.randomUUID(), room, text);
  await reader.room(room, (view) => view.coveredSeq >= (view.items.findLast(({ what }) => what.kind === "message")?.seq ?? Infinity) && texts(view).length === 3, "three words");
  liar.room = bytesOfHex(room);
}

function noticed(reader: Seat, errors: readonly ErrorName[]): Promise<ErrorName> {
  return eventually(`one of ${errors.join(", ")}`, async () => {
    const trouble = reader.client.session?.rooms.find((summary) => summary.room === room)?.trouble ?? reader.engine.enrum.rooms.get(room)?.trouble;
    if (trouble !== undefined) assert.ok(errors.includes(trouble), `${trouble} is not one of ${errors.join(", ")}`);
    return trouble;
  }, 8_000);
}

async function lieTo(row: LieRow, by: LieRow["by"][number]): Promise<void> {
  liar.lie = undefined;
  const honest = await seat();
  await talk(honest);
  if (by !== "fresh") liar.lie = row.lie;
  if (by === "writer") await honest.client.send(crypto.randomUUID(), room, "fyra");
  if (by === "memory") liar.drop();
  if (by === "fresh") {
    const fresh = await Seat.take(installation, { role: "citizen", boardFile });
    liar.lie = row.lie;
    await fresh.login("test.testsson");
    fresh.client.watch(room);
    await noticed(fresh, row.noticed);
    await assert.rejects(fresh.client.send(crypto.randomUUID(), room, "hemligt"));
    await fresh.close();
  } else {
    await noticed(honest, row.noticed);
    await assert.rejects(honest.client.send(crypto.randomUUID(), room, "hemligt"));
  }
  await honest.close();
  liar.lie = undefined;
}

for (const row of LIES) {
  for (const by of row.by) test(`a host that ${row.name} is noticed (${by})`, () => lieTo(row, by));
}

test("what was noticed is told on the next visit too", async () => {
  const honest = await seat();
  await talk(honest);
  liar.lie = { isCut: true, log: (log) => log.slice(0, 6) };
  liar.drop();
  await noticed(honest, ["ROLLBACK"]);
  honest.crash();
  liar.lie = undefined;
  const again = await seat(honest.store);
  await noticed(again, ["ROLLBACK"]);
  await again.close();
});

test("a host with another key than the board names is not spoken to", async () => {
  const file = boardWith((board) => Object.assign(board.host, { url: liar.url, key: suiteBase64url(suiteRandom(32)) }), "other-key.json");
  const stranger = await Seat.take(installation, { role: "citizen", boardFile: file });
  await eventually("told", async () => stranger.client.session?.trouble === "HOST_UNTRUSTED");
  await stranger.close();
});

test("a board with another root on the second visit is not spoken to", async () => {
  const first = await seat();
  first.crash();
  const file = boardWith((board) => Object.assign(board, { root: suiteBase64url(suiteRandom(32)) }), "other-root.json");
  let connections = 0;
  await assert.rejects(Seat.take(installation, { role: "citizen", boardFile: file }), "its own id does not fit");
  const other = JSON.parse(readFileSync(file, "utf8"));
  const { board } = await otherBoard();
  writeFileSync(file, JSON.stringify({ ...other, ...board }));
  const second = await Seat.take(installation, {
    role: "citizen", boardFile: file, store: first.store,
    socketOpen: (url, events) => {
      connections++;
      return webSocketOpen(url, events);
    },
  });
  await eventually("told", async () => second.client.session?.trouble === "ROOT_CHANGED");
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal(connections, 0);
  await second.close();
});

/** Id and root of a board that hangs together, and is another. */
async function otherBoard(): Promise<{ board: { board: string; root: string } }> {
  const { signPairNew } = await import("../../client-sdk/web/protocol/suite.ts");
  const { boardId } = await import("../../client-sdk/web/protocol/certificate.ts");
  const { publicKey } = await signPairNew();
  return { board: { board: suiteBase64url(await boardId(publicKey)), root: suiteBase64url(publicKey) } };
}

test("a database that was rolled back is noticed, with memory and without", async () => {
  const honest = await seat();
  await talk(honest);
  await installation.stopHost();
  const data = installation.path("host", "data");
  cpSync(data, join(folder, "yesterday"), { recursive: true });
  await installation.startHost();
  await honest.client.send(crypto.randomUUID(), room, "fyra");
  await honest.room(room, (view) => texts(view).length === 4 && view.coveredSeq >= (view.items.findLast(({ what }) => what.kind === "message")?.seq ?? Infinity), "four words, recorded");
  await installation.stopHost();
  rmSync(data, { recursive: true });
  cpSync(join(folder, "yesterday"), data, { recursive: true });
  await installation.startHost();
  await noticed(honest, ["ROLLBACK", "FORK"]);
  await honest.close();
  const fresh = await Seat.take(installation, { role: "citizen", boardFile });
  await fresh.login("test.testsson").catch(() => undefined);
  fresh.client.watch(room);
  await noticed(fresh, ["ROLLBACK", "FORK"]);
  await fresh.close();
});
