// A conversation that an employee begins, against the real host and keeper: whom it is about is let in to it, once.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { eventually } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import type { Invitation } from "../../client-sdk/web/sdk/view.ts";
import { programs } from "../e2e/programs.ts";
import { Seat } from "./seat.ts";

const folder = mkdtempSync(join(tmpdir(), "enrum-begun-"));
let installation: Installation;
let worker: Seat;
let colleague: Seat;
let citizen: Seat;
let room: string;

const party: Invitation = { capacity: "PARTY", name: "Test Testsson", hasHistory: true, until: 0, why: "Ringde i dag." };
const refuses = (what: Promise<unknown>, code: string) => assert.rejects(what, { code });
const me = (seat: Seat) => seat.client.session?.me?.person ?? "";
const texts = (seat: Seat) => seat.client.room(room)?.items.flatMap(({ what }) => what.kind === "message" ? [what.text] : []);
const handlerOf = (seat: Seat) => seat.client.session?.queue.find((row) => row.room === room)?.takenBy?.person;

before(async () => {
  installation = await Installation.start({ folder, programs: programs(), tls: false, boards: ["bjuv"] });
  [worker, colleague, citizen] = await Promise.all((["staff", "staff", "citizen"] as const).map((role) => Seat.take(installation, { role }))) as [Seat, Seat, Seat];
  await worker.login("bjuv.handlaggare");
  await colleague.login("bjuv.handlaggare2");
  await citizen.login("test.testsson");
  room = await worker.client.open(crypto.randomUUID(), "Efter samtalet i dag", "Hej! Här kan vi skriva till varandra.");
  worker.client.watch(room);
});

after(async () => {
  for (const seat of [worker, colleague, citizen]) await seat?.close();
  await installation?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("who begins it has it, in their unit's queue, and it is recorded", async () => {
  await eventually("recorded", async () => (worker.client.room(room)?.coveredSeq ?? 0) > 0);
  await eventually("whose it is", async () => handlerOf(colleague) === me(worker));
  assert.deepEqual(worker.client.room(room)?.items.filter(({ refused }) => refused !== undefined), []);
  assert.equal(citizen.client.session?.rooms.some((row) => row.room === room), false, "nobody has been let in");
});

test("whom it is about is let in, reads what was written before, and answers", async () => {
  await worker.client.invite(room, { ...party, number: "199001152397" });
  await eventually("the conversation", async () => citizen.client.session?.rooms.some((row) => row.room === room));
  citizen.client.watch(room);
  await eventually("the first message", async () => texts(citizen)?.length === 1);
  await citizen.client.send(crypto.randomUUID(), room, "Hej, tack.");
  await eventually("the answer", async () => texts(worker)?.includes("Hej, tack."));
  await eventually("the capacity", async () => worker.client.room(room)?.members.some(({ person, capacity }) => person === me(citizen) && capacity === "PARTY"));
  await eventually("recorded", async () => worker.client.room(room)?.coveredSeq === worker.client.room(room)?.items.findLast(({ what }) => what.kind !== "checkpoint")?.seq);
  assert.deepEqual(worker.client.room(room)?.items.filter(({ refused }) => refused !== undefined), []);
});

test("there is one whom it is about, and none where somebody has begun in their own matter", async () => {
  await refuses(worker.client.invite(room, party), "MAY_NOT");
  const own = await citizen.client.open(crypto.randomUUID(), "Skolan", "Hej!");
  await eventually("queued", async () => worker.client.session?.queue.some((row) => row.room === own));
  await worker.client.take(own);
  await refuses(worker.client.invite(own, party), "MAY_NOT");
});

test("let in by mistake, the wrong one goes, and the right one comes with a code", async () => {
  const [person, { store }] = [me(citizen), citizen];
  await citizen.close();
  await worker.client.endAccess(room, person, "REQUEST");
  await eventually("out", async () => worker.client.room(room)?.members.every((member) => member.person !== person));
  citizen = await Seat.take(installation, { role: "citizen", store });
  const row = () => citizen.client.session?.rooms.find((one) => one.room === room);
  await eventually("denied", async () => row()?.isDenied);
  assert.deepEqual([row()?.isOwn, row()?.isOthers], [true, true], "nothing tells whoever was away that they are out; that they did not open it is known");
  const code = await worker.client.invite(room, { ...party, name: "Testa Testdotter" });
  assert.ok(code !== undefined);
  const visitor = await Seat.take(installation, { role: "citizen" });
  await eventually("a connection", async () => visitor.client.session?.contact === "ready");
  await visitor.client.redeem(code, false);
  await eventually("the conversation", async () => visitor.client.session?.rooms.some((row) => row.room === room && !row.isLocked));
  await visitor.client.send(crypto.randomUUID(), room, "Nu är jag inne.");
  await eventually("what they write", async () => texts(worker)?.includes("Nu är jag inne."));
  await visitor.close();
});

test("given back to the queue, it is a colleague's for the taking", async () => {
  await worker.client.handOver(room, undefined, "Jag slutar.");
  await eventually("in the queue", async () => colleague.client.session?.queue.some((row) => row.room === room && row.takenBy === undefined));
  await colleague.client.take(room);
  await eventually("theirs", async () => handlerOf(colleague) === me(colleague));
});
