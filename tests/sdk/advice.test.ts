// Somebody who does not log in, against the real keeper: who may, how fast, and what a certificate of theirs says.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { eventually } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { ROLES } from "../../client-sdk/web/protocol/tables.ts";
import { systemClock, type Clock } from "../../client-sdk/web/sdk/environment.ts";
import { caseRoomContent } from "../../client-sdk/web/sdk/staffcase.ts";
import { programs } from "../e2e/programs.ts";
import { Seat } from "./seat.ts";

const HOUR_MS = 3_600_000;
const folder = mkdtempSync(join(tmpdir(), "enrum-advice-"));
let installation: Installation;

before(async () => {
  installation = await Installation.start({ folder, programs: programs(), tls: false, boards: ["bjuv", "helsingborg"] });
});
after(async () => {
  await installation.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function seated<T>(options: Parameters<typeof Seat.take>[1], use: (seat: Seat) => Promise<T>): Promise<T> {
  const seat = await Seat.take(installation, options);
  try {
    return await use(seat);
  } finally {
    await seat.close();
  }
}

/** What became of it: nothing, or why not. */
function outcome(seat: Seat): Promise<string> {
  return eventually("an answer", async () => {
    const session = seat.client.session;
    return session?.login === "in" ? "in" : session?.login === "out" && session.loginError;
  });
}

test("a device gets a day as a citizen of level 0, without a name, and asks again as the same", () => seated({ role: "citizen" }, async (seat) => {
  await seat.client.adviceBegin(true);
  assert.equal(await outcome(seat), "in");
  const { me } = seat.engine.enrum;
  const { level, role, not_before: from, not_after: until, person } = me!.certificate.body;
  assert.deepEqual([level, role, me?.name], [0, 2, "Anonym"]);
  assert.ok(until - Date.now() <= 24 * HOUR_MS && until - from <= 25 * HOUR_MS);
  const { asks } = seat.engine.enrum;
  const again = Promise.withResolvers<string | undefined>();
  await seat.engine.enrum.turn(() => asks.put({ kind: "ADVICE", body: { version: 1 } }, (error) => again.resolve(error)));
  assert.equal(await again.promise, undefined);
  await assert.rejects(seat.client.noticeSet("test@example.org"), { code: "MAY_NOT" });
  await assert.rejects(seat.client.adviceBegin(true), { code: "OUT_OF_STATE" });
  const persons = readFileSync(installation.path("logs", "keeper-bjuv.log"), "utf8").match(/event=certified .*level=0/g) ?? [];
  assert.equal(new Set(persons.map((line) => /person=(\w+)/.exec(line)?.[1])).size, 1);
  assert.equal(person.length, 32);
}));

test("on a borrowed device it stays, also where it is there before anything is told", () => {
  const after: Clock["after"] = (ms, call) => systemClock.after(ms < 100 ? 500 : ms, call);
  return seated({ role: "citizen", clock: { ...systemClock, after } }, async (seat) => {
    await seat.client.adviceBegin(true);
    assert.equal(await outcome(seat), "in");
    await seat.engine.enrum.turn(() => undefined);
    assert.notEqual(seat.engine.enrum.me, undefined);
  });
});

test("it is no case's: nobody is let in, no step is written, and no staff room of a case names it", () => seated({ role: "citizen" }, async (seat) => {
  await seat.client.adviceBegin(true);
  assert.equal(await outcome(seat), "in");
  const room = await seat.client.open(crypto.randomUUID(), "En fråga", "Vad händer om jag berättar?");
  await seated({ role: "staff" }, async (worker) => {
    await worker.login("bjuv.handlaggare");
    await eventually("it waits", async () => worker.client.session?.queue.some((row) => row.room === room && row.isAdvice));
    await worker.client.take(room);
    worker.client.watch(room);
    await worker.room(room, ({ isCurrent, coveredSeq }) => isCurrent && coveredSeq > 0);
    for (const number of ["199001152397", undefined]) {
      const invitation = { capacity: "OMBUD", name: "Test Ombudsson", hasHistory: false, until: 0, why: "", ...(number === undefined ? {} : { number }) } as const;
      await assert.rejects(worker.client.invite(room, invitation), { code: "MAY_NOT" });
    }
    await assert.rejects(worker.client.write(crypto.randomUUID(), room, { kind: "step", text: "", matter: "CHILD", stage: "RECEIVED", byWhen: 0, byWhom: "" }), { code: "MAY_NOT" });
    await worker.client.write(crypto.randomUUID(), room, { kind: "note", text: "Frågade om en vän." });
    await assert.rejects(worker.client.openStaffRoom(crypto.randomUUID(), room), { code: "MAY_NOT" });
    // A client that does not keep to the rules opens one all the same: the keeper names nothing.
    const { enrum } = worker.engine;
    const planted = await enrum.turn(async () => (await enrum.outbox.putStaffRoom(crypto.randomUUID(), "Planterat", caseRoomContent(enrum.rooms.get(room)!, ROLES.STAFF))).hex);
    worker.client.watch(planted);
    const shown = await worker.room(planted, ({ coveredSeq }) => coveredSeq >= 5, "its opening");
    // What the keeper does of itself comes before it records what comes later.
    await worker.client.send(crypto.randomUUID(), planted, "Är det namngivet?");
    const later = await worker.room(planted, ({ coveredSeq }) => coveredSeq > shown.coveredSeq + 1, "recorded");
    assert.deepEqual(later.items.filter(({ what, author }) => what.kind === "caseRoom" && author.role === "keeper"), []);
  });
}));

test("staff's pages do not offer it, and a board that does not allow it refuses", async () => {
  await seated({ role: "staff" }, async (seat) => {
    await assert.rejects(seat.client.adviceBegin(true), { code: "MAY_NOT" });
  });
  // A device that believes that the board allows it: the keeper does not.
  const lie = join(folder, "board.json");
  writeFileSync(lie, JSON.stringify({ ...JSON.parse(readFileSync(installation.boardJson("helsingborg"), "utf8")), offers: ["advice"] }));
  await seated({ role: "citizen", board: "helsingborg", boardFile: lie }, async (seat) => {
    await seat.client.adviceBegin(true);
    assert.equal(await outcome(seat), "MAY_NOT");
  });
});

test("so many new people a minute, and no more", async () => {
  const seen: string[] = [];
  for (let i = 0; i < 21 && seen.at(-1) !== "TOO_FAST"; i++) {
    seen.push(await seated({ role: "citizen" }, async (seat) => {
      await seat.client.adviceBegin(true);
      return outcome(seat);
    }));
  }
  // Three have come before, one of them asked twice, and the minute may have begun anew in between: then it takes two more.
  assert.equal(seen.at(-1), "TOO_FAST");
  assert.ok(seen.filter((one) => one === "in").length >= 16);
});
