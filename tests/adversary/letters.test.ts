// A host that brings the keeper an old letter again, as one that it had kept: nothing comes of it. And a device that asks for
// certificates without end gets so many, and no more.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { layoutDecode, messageEncode } from "../../client-sdk/web/protocol/layout.ts";
import { messageLetterIn } from "../../client-sdk/web/protocol/messages.ts";
import { EnrumError } from "../../client-sdk/web/protocol/error.ts";
import type { Bytes } from "../../client-sdk/web/protocol/field.ts";
import { ROLES } from "../../client-sdk/web/protocol/tables.ts";
import { Device, eventually } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { programs } from "../e2e/programs.ts";
import { Seat } from "../sdk/seat.ts";
import { Liar } from "./liar.ts";

const BOARD = "bjuv";
const RENEWALS_MAX = 10;

const folder = mkdtempSync(join(tmpdir(), "enrum-letters-"));
let installation: Installation;
let liar: Liar;

before(async () => {
  installation = await Installation.start({ folder, programs: programs(), tls: false, boards: [BOARD] });
  liar = await Liar.start(installation.hostUrl, installation.path("host", "host.key"));
  const board = join(installation.path("boards", BOARD, "keeper"), "board.json");
  await installation.stopKeeper(BOARD);
  const told = JSON.parse(readFileSync(board, "utf8"));
  writeFileSync(board, JSON.stringify({ ...told, host: { ...told.host, url: liar.url } }));
  await installation.startKeeper(BOARD);
});

after(async () => {
  await installation?.stop();
  await liar?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const keeperLog = () => readFileSync(installation.path("logs", `keeper-${BOARD}.log`), "utf8");

test("whoever has given a conversation back does not have it again by the letter with which they took it", async () => {
  const citizen = new Device(installation, "citizen", BOARD, "test.testsson", "citizen");
  const worker = new Device(installation, "worker", BOARD, "bjuv.handlaggare", "staff");
  await Promise.all([citizen.login(), worker.login()]);
  const room = await citizen.newRoom("Ett samtal", "Hej");
  await eventually("the queue", async () => (await worker.must(["rooms"])).includes(room));
  let taking: Bytes | undefined;
  liar.lie = { told: (type, frame) => {
    if (type === messageLetterIn.number) taking ??= frame;
    return frame;
  } };
  await worker.must(["take", room]);
  await worker.must(["hand-over", room, "--why", "Semester"]);
  const waits = async () => new RegExp(`${room} {2}waiting`).test(await worker.must(["rooms"]));
  await eventually("it waits again", waits);
  // The next letter to the keeper, whatever it asks, becomes that one, as if it had lain there.
  let brought = 0;
  liar.lie = { told: (type, frame) => {
    if (type !== messageLetterIn.number || brought++ > 0) return frame;
    return messageEncode(messageLetterIn, { ...layoutDecode(messageLetterIn, taking as Bytes), origin: 0, durable: 1 });
  } };
  await citizen.run(["notices", "--timeout", "3"]);
  await eventually("it is refused", async () => /letter_refused kind="TAKE" err="LETTER_OLD"/.test(keeperLog()));
  liar.lie = undefined;
  assert.ok(await waits());
  assert.notEqual((await worker.run(["send", room, "Jag är kvar", "--timeout", "5"])).code, 0);
  await worker.must(["take", room]);
  await worker.must(["send", room, "Jag har det igen"]);
});

test("a device that asks for certificates without end gets so many in an hour; another one gets its own", async () => {
  const [greedy, other] = await Promise.all([Seat.take(installation, { role: "citizen" }), Seat.take(installation, { role: "citizen" })]);
  await greedy.login("test.testdotter");
  await other.login("test.testdotter");
  const renew = (seat: Seat) => seat.engine.enrum.ask({ kind: "RENEW", body: { role: ROLES.CITIZEN } });
  for (let i = 0; i < RENEWALS_MAX; i++) assert.equal((await renew(greedy))?.kind, "LOGGED_IN");
  for (let i = 0; i < 3; i++) await assert.rejects(renew(greedy), (error) => error instanceof EnrumError && error.code === "TOO_FAST");
  assert.equal((await renew(other))?.kind, "LOGGED_IN");
  await greedy.close();
  await other.close();
});
