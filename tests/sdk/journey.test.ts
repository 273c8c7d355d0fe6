// The way of a case as the fold of its room's entries, and the clocks of journey.def in the board's own calendar.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CaseWhat } from "../../client-sdk/web/sdk/casebody.ts";
import type { CapacityName } from "../../client-sdk/web/protocol/tables.ts";
import { clockDue, dayEnd, dayOf, daysLeft } from "../../client-sdk/web/sdk/clocks.ts";
import { deadlineOf, journeyOf, runsFromArrival, runsFromInquiry, STAGE_NAMES, stagesOf, type Journey } from "../../client-sdk/web/sdk/journey.ts";
import type { ItemView } from "../../client-sdk/web/sdk/view.ts";

const STAFF = "staff";
const CITIZEN = "citizen";
const at = (text: string) => Date.parse(text);
const RECEIVED = at("2026-03-02T15:30:00+01:00");

/** Entries 5, 6, 7 ...: who wrote what. An hour lies between each. */
function items(...rows: [ItemView["author"]["role"], CaseWhat, Partial<ItemView>?][]): ItemView[] {
  return rows.map(([role, what, more], index) => ({
    seq: index + 5, hash: "", receivedAt: RECEIVED + (index + 1) * 3_600_000, time: 0, eventTime: 0, level: 3, isThisDevice: false, language: "", hasReceipt: false,
    author: { person: role, role, name: role, title: "", unit: "", isMe: false }, what, ...more,
  }));
}

function journey(...rows: Parameters<typeof items>): Journey {
  return journeyOf(items(...rows), RECEIVED);
}

function step(stage: (typeof STAGE_NAMES)[number], matter: Extract<CaseWhat, { kind: "step" }>["matter"] = "CHILD"): CaseWhat {
  return { kind: "step", text: "Vi hör av oss.", matter, stage, byWhen: 0, byWhom: "" };
}

function task(whom: "citizen" | "staff", more: Partial<Extract<CaseWhat, { kind: "task" }>> = {}): CaseWhat {
  return { kind: "task", text: "Skicka hyresavin.", for: whom, due: 0, clock: undefined, ...more };
}

const meeting: CaseWhat = { kind: "meeting", text: "", begins: 1, ends: 2, isVideo: true, place: "", people: "" };
const about = (kind: "done" | "cancelled", aboutSeq: number): CaseWhat => ({ kind, text: "", aboutSeq });

test("nothing said: no stage, no clock, nothing to do", () => {
  const nothing = journey();
  assert.equal(nothing.stage, undefined);
  assert.deepEqual([nothing.tasks, nothing.meetings, nothing.clocks], [[], [], []]);
  assert.equal(deadlineOf(nothing), undefined);
  assert.deepEqual(stagesOf(undefined), STAGE_NAMES);
});

test("the newest step counts, and a stage begins when it was said first", () => {
  const { stage, step: newest, since } = journey([STAFF, step("ASSESSMENT")], [STAFF, step("INQUIRY")], [STAFF, step("INQUIRY")]);
  assert.equal(stage, "INQUIRY");
  assert.equal(newest?.item.seq, 7);
  assert.deepEqual([...since], [["ASSESSMENT", RECEIVED + 3_600_000], ["INQUIRY", RECEIVED + 2 * 3_600_000]]);
});

/** Noon of a day in March. */
const noon = (march: number): Partial<ItemView> => ({ receivedAt: at(`2026-03-${String(march).padStart(2, "0")}T12:00:00Z`) });
const told = ({ clocks }: Journey) => clocks.map(({ clock, due, endedAt }) => [clock, new Date(due).toISOString().slice(0, 10), endedAt !== undefined]);

test("a step that was a slip ends no time and starts none, once the right one is said", () => {
  const slip: Parameters<typeof items> = [[STAFF, step("INQUIRY"), noon(3)], [STAFF, step("ASSESSMENT"), noon(4)]];
  const corrected = journey(...slip);
  assert.deepEqual([...corrected.since], [["ASSESSMENT", noon(4).receivedAt]]);
  assert.deepEqual(told(corrected), [["PROTECTION", "2026-03-02", false], ["ASSESSMENT", "2026-03-16", false]]);
  assert.equal(deadlineOf(journey([STAFF, task("staff", { clock: "PROTECTION" })], [STAFF, about("done", 5)], [STAFF, step("INQUIRY"), noon(3)], [STAFF, step("ASSESSMENT"), noon(4)]))?.clock, "ASSESSMENT", "the list has it again");
  // It truly begins later, and from then on.
  assert.deepEqual(told(journey(...slip, [STAFF, step("INQUIRY"), noon(12)])), [["PROTECTION", "2026-03-02", false], ["ASSESSMENT", "2026-03-16", true], ["INQUIRY", "2026-07-12", false]]);
});

test("a step back that was the slip lengthens no time, once the case goes on the same day", () => {
  const rows: Parameters<typeof items> = [[STAFF, step("ASSESSMENT"), noon(3)], [STAFF, step("INQUIRY"), noon(5)], [STAFF, step("HEARING"), noon(8)], [STAFF, step("ASSESSMENT"), noon(20)], [STAFF, step("RECEIVED"), noon(20)]];
  const { since } = journey(...rows, [STAFF, step("HEARING"), noon(20)]);
  assert.deepEqual(["ASSESSMENT", "INQUIRY", "HEARING"].map((name) => since.get(name as "INQUIRY")), [noon(3), noon(5), noon(8)].map(({ receivedAt }) => receivedAt));
  // What stands later than what is gone on to has not been said again.
  assert.equal(journey(...rows, [STAFF, step("INQUIRY"), noon(20)]).since.has("HEARING"), false);
});

test("a case that goes back and on again another day begins anew what comes later, and keeps what it is back in", () => {
  const rows: Parameters<typeof items> = [[STAFF, step("INQUIRY"), noon(3)], [STAFF, step("DECIDED"), noon(5)], [STAFF, step("INQUIRY"), noon(9)]];
  assert.deepEqual([...journey(...rows).since], [["INQUIRY", noon(3).receivedAt]]);
  assert.equal(journey(...rows, [STAFF, step("DECIDED"), noon(11)]).since.get("DECIDED"), noon(11).receivedAt);
  assert.equal(journey(...rows, [STAFF, step("RECEIVED"), noon(11)], [STAFF, step("INQUIRY"), noon(12)]).since.get("INQUIRY"), noon(12).receivedAt);
});

test("what staff say of when it came in is what the times run from; the newest word of it counts, and no refused one", () => {
  const friday = { eventTime: at("2026-02-27T12:00:00Z") };
  const early = journey([STAFF, step("ASSESSMENT"), friday], [STAFF, step("ASSESSMENT")]);
  assert.deepEqual(told(early), [["PROTECTION", "2026-02-27", false], ["ASSESSMENT", "2026-03-13", false]]);
  assert.deepEqual(deadlineOf(early), { clock: "PROTECTION", due: clockDue("PROTECTION", friday.eventTime) });
  assert.deepEqual(told(journey([STAFF, step("ASSESSMENT"), friday], [STAFF, step("ASSESSMENT"), { eventTime: noon(1).receivedAt! }]))[1], ["ASSESSMENT", "2026-03-15", false]);
  assert.deepEqual(told(journey([STAFF, step("ASSESSMENT"), friday], [CITIZEN, step("ASSESSMENT"), { eventTime: 1, refused: "KIND_NOT_ALLOWED" }])), told(early));
  assert.deepEqual(told(journey([STAFF, step("INQUIRY", "APPLICATION"), friday])), [["DEMAND", "2026-08-27", false]]);
  // When a stage was said is when it was said.
  assert.equal(early.since.get("ASSESSMENT"), RECEIVED + 3_600_000);
});

test("a report in a conversation that has long been there has its own times, and what was judged before it was another's", () => {
  const june = { receivedAt: at("2026-06-10T09:00:00Z") };
  const rows: Parameters<typeof items> = [[STAFF, step("RECEIVED")], [STAFF, task("staff", { clock: "PROTECTION" })], [STAFF, about("done", 6)],
    [STAFF, step("ASSESSMENT"), { ...june, eventTime: june.receivedAt }]];
  assert.deepEqual(told(journey(...rows)), [["PROTECTION", "2026-06-10", false], ["ASSESSMENT", "2026-06-24", false]]);
  assert.deepEqual(told(journey(...rows, [STAFF, task("staff", { clock: "PROTECTION" }), june], [STAFF, about("done", 9), june]))[0], ["PROTECTION", "2026-06-10", true]);
});

test("a report that comes while help is given has times that no earlier inquiry ends, starts or has extended", () => {
  const [january, october] = [noon(12), { receivedAt: at("2026-10-01T09:00:00Z") }];
  const until = at("2026-06-30T10:00:00Z");
  const before: Parameters<typeof items> = [[STAFF, step("INQUIRY"), noon(10)], [STAFF, { kind: "extension", text: "Synnerliga skäl.", clock: "INQUIRY", until }, noon(11)],
    [STAFF, { kind: "extension", text: "", clock: "ASSESSMENT", until }, noon(11)], [STAFF, step("SUPPORT"), january]];
  assert.deepEqual(told(journey(...before)).slice(1), [["ASSESSMENT", "2026-06-30", true], ["INQUIRY", "2026-06-30", true]]);
  const came: Parameters<typeof items>[number] = [STAFF, step("SUPPORT"), { ...october, eventTime: october.receivedAt }];
  // Where it stands is as it was; what is new is to be judged within its own time.
  const reported = journey(...before, came);
  assert.deepEqual([told(reported), reported.since.get("SUPPORT")], [[["PROTECTION", "2026-10-01", false], ["ASSESSMENT", "2026-10-15", false]], january.receivedAt]);
  const fifth = { receivedAt: at("2026-10-05T09:00:00Z") };
  for (const again of [{}, { eventTime: october.receivedAt }]) {
    assert.deepEqual(told(journey(...before, came, [STAFF, step("INQUIRY"), { ...fifth, ...again }])), [["PROTECTION", "2026-10-01", false], ["ASSESSMENT", "2026-10-15", true], ["INQUIRY", "2027-02-05", false]]);
  }
  // Violence: the inquiry is opened the day it came in, by way of "Det har kommit in".
  const sameDay = journey(...before, [STAFF, step("RECEIVED"), { ...october, eventTime: october.receivedAt }], [STAFF, step("INQUIRY"), october]);
  assert.deepEqual(told(sameDay), [["PROTECTION", "2026-10-01", false], ["ASSESSMENT", "2026-10-15", true], ["INQUIRY", "2027-02-01", false]]);
  // Of the new one it is extended, too.
  assert.deepEqual(told(journey(...before, came, [STAFF, { kind: "extension", text: "", clock: "ASSESSMENT", until: at("2026-11-01T12:00:00Z") }, fifth]))[1]?.[1], "2026-11-01");
});

test("a day that is put right takes nothing back that came after it", () => {
  const friday = { eventTime: at("2026-02-27T12:00:00Z") };
  const way = journey([STAFF, step("ASSESSMENT")], [STAFF, step("INQUIRY"), noon(4)], [STAFF, step("INQUIRY"), { ...noon(9), ...friday }]);
  assert.equal(way.since.get("INQUIRY"), noon(4).receivedAt);
  assert.deepEqual(told(way).find(([clock]) => clock === "INQUIRY")?.[1], "2026-07-04");
});

test("an inquiry runs from the day on which it was opened, whenever that is entered, and at whichever of its stages", () => {
  const opened = (stage: (typeof STAGE_NAMES)[number], march: number): CaseWhat => ({ ...step(stage) as Extract<CaseWhat, { kind: "step" }>, opened: noon(march).receivedAt! });
  const due = (...rows: Parameters<typeof items>) => told(journey(...rows)).find(([clock]) => clock === "INQUIRY");
  // Decided on Friday the sixth, entered on Monday.
  assert.deepEqual(told(journey([STAFF, opened("INQUIRY", 6), noon(9)])), [["PROTECTION", "2026-03-02", false], ["ASSESSMENT", "2026-03-16", true], ["INQUIRY", "2026-07-06", false]]);
  // Said of a later stage, to which the case came at once; and the newest word of it counts.
  assert.deepEqual(due([STAFF, step("ASSESSMENT")], [STAFF, opened("HEARING", 6), noon(9)]), ["INQUIRY", "2026-07-06", false]);
  assert.deepEqual(due([STAFF, opened("INQUIRY", 9), noon(9)], [STAFF, opened("HEARING", 6), noon(12)]), ["INQUIRY", "2026-07-06", false]);
  // A step back takes it back, and of a stage before the inquiry nothing is said.
  assert.equal(due([STAFF, opened("INQUIRY", 6), noon(9)], [STAFF, step("ASSESSMENT"), noon(10)]), undefined);
  assert.equal(due([STAFF, opened("ASSESSMENT", 6), noon(9)]), undefined);
  // What was taken back is told, and does not come before a day that is said.
  const slip: Parameters<typeof items> = [[STAFF, opened("INQUIRY", 6), noon(9)], [STAFF, step("ASSESSMENT"), noon(12)]];
  assert.deepEqual(journey(...slip).tookBack, { began: noon(6).receivedAt, at: noon(12).receivedAt });
  assert.deepEqual(due(...slip, [STAFF, opened("INQUIRY", 10), noon(12)], [STAFF, step("HEARING"), noon(12)]), ["INQUIRY", "2026-07-10", false]);
  assert.equal(journey(...slip, [STAFF, step("INQUIRY"), noon(12)]).tookBack, undefined);
  // What came in later does not move the beginning of an inquiry that is going on.
  assert.deepEqual(due([STAFF, opened("INQUIRY", 6), noon(9)], [STAFF, opened("INQUIRY", 6), { ...noon(20), eventTime: noon(19).receivedAt! }]), ["INQUIRY", "2026-07-06", false]);
});

test("a time runs from the inquiry of a child, while it is going on", () => {
  assert.deepEqual(STAGE_NAMES.filter((stage) => runsFromInquiry("CHILD", stage)), ["INQUIRY", "HEARING"]);
  for (const matter of ["APPLICATION", "ADULT", "ADVICE"] as const) assert.equal(STAGE_NAMES.some((stage) => runsFromInquiry(matter, stage)), false);
});

test("times run from the arrival of what is about a child, and of an application", () => {
  assert.deepEqual((["APPLICATION", "CHILD", "ADULT", "ADVICE"] as const).filter(runsFromArrival), ["APPLICATION", "CHILD"]);
});

test("a step that is refused is none", () => {
  const { stage, matter } = journey([STAFF, step("INQUIRY", "APPLICATION")], [CITIZEN, step("CLOSED"), { refused: "KIND_NOT_ALLOWED" }]);
  assert.deepEqual([stage, matter], ["INQUIRY", "APPLICATION"]);
});

test("an application passes no assessment, advice no decision", () => {
  assert.deepEqual(stagesOf("APPLICATION"), ["RECEIVED", "INQUIRY", "HEARING", "DECIDED", "SUPPORT", "CLOSED"]);
  assert.deepEqual(stagesOf("ADVICE"), ["RECEIVED", "SUPPORT", "CLOSED"]);
});

test("a task is done by the one it is for, once, and by nobody else", () => {
  const { tasks } = journey([STAFF, task("citizen")], [STAFF, about("done", 5)], [CITIZEN, about("done", 5)], [CITIZEN, about("done", 5)], [STAFF, task("staff")], [CITIZEN, about("done", 9)]);
  assert.deepEqual(tasks.map(({ done }) => done?.seq), [7, undefined]);
});

test("what is done is not called off, what is called off is not done, and a citizen calls off meetings only", () => {
  const { tasks, meetings } = journey([STAFF, task("citizen")], [STAFF, meeting], [CITIZEN, about("cancelled", 5)], [CITIZEN, about("cancelled", 6)],
    [STAFF, about("cancelled", 5)], [CITIZEN, about("done", 5)], [STAFF, task("citizen")], [CITIZEN, about("done", 11)], [STAFF, about("cancelled", 11)]);
  assert.deepEqual(meetings.map(({ cancelled }) => cancelled?.seq), [8]);
  assert.deepEqual(tasks.map(({ done, cancelled }) => [done?.seq, cancelled?.seq]), [[undefined, 9], [12, undefined]]);
});

for (const helper of ["SUPPORT", "INTERPRETER"] as const) test(`one who is there as ${helper} marks nothing, a guardian does`, () => {
  const other = { person: "other", role: CITIZEN, name: "", title: "", unit: "", isMe: false } as const;
  const by: Partial<ItemView> = { author: other };
  const given = (capacity: CapacityName): Partial<ItemView> => ({ author: { ...other, person: "keeper", role: "keeper" },
    what: { kind: "access", isGiven: true, person: other, capacity, by: other, fromSeq: 0, until: 0, hasCode: false, why: "" } });
  const { tasks, meetings } = journey([STAFF, task("citizen")], [STAFF, meeting], [STAFF, meeting, given(helper)], [CITIZEN, about("done", 5), by], [CITIZEN, about("cancelled", 6), by],
    [STAFF, meeting, given("GUARDIAN")], [CITIZEN, about("done", 5), by], [STAFF, meeting, given(helper)], [CITIZEN, about("cancelled", 6), by]);
  // What a guardian has said stands, also when they are there to help later.
  assert.deepEqual([tasks[0]?.done?.seq, meetings[0]?.cancelled], [11, undefined]);
});

test("what names no entry, or one of another kind, changes nothing", () => {
  const { tasks, meetings } = journey([STAFF, task("citizen")], [CITIZEN, about("done", 0)], [CITIZEN, about("done", 99)], [CITIZEN, about("done", 6)], [STAFF, about("cancelled", 6)]);
  assert.deepEqual([tasks[0]?.done, tasks[0]?.cancelled, meetings.length], [undefined, undefined, 0]);
});

test("a child's clocks: protection the same day, assessment in 14 days, the inquiry in four months from when it was opened", () => {
  const { clocks } = journey([STAFF, step("RECEIVED")]);
  assert.deepEqual(clocks.map(({ clock, due, endedAt }) => [clock, new Date(due).toISOString(), endedAt]), [
    ["PROTECTION", "2026-03-02T22:59:59.999Z", undefined], ["ASSESSMENT", "2026-03-16T22:59:59.999Z", undefined]]);
  const opened = journey([STAFF, step("RECEIVED")], [STAFF, step("INQUIRY"), { receivedAt: at("2026-03-10T09:00:00+01:00") }]).clocks;
  // Summer time began meanwhile: the day ends an hour earlier by UTC.
  assert.deepEqual(opened.map(({ clock, due, endedAt }) => [clock, new Date(due).toISOString(), endedAt !== undefined]), [
    ["PROTECTION", "2026-03-02T22:59:59.999Z", false], ["ASSESSMENT", "2026-03-16T22:59:59.999Z", true], ["INQUIRY", "2026-07-10T21:59:59.999Z", false]]);
});

test("an applicant is in no 14-day lane", () => {
  assert.deepEqual(journey([STAFF, step("RECEIVED", "APPLICATION")]).clocks.map(({ clock }) => clock), ["DEMAND"]);
  assert.deepEqual(journey([STAFF, step("RECEIVED", "ADVICE")]).clocks, []);
});

test("protection ends with the task that names it, not with a later step", () => {
  const rows: Parameters<typeof items> = [[STAFF, step("RECEIVED")], [STAFF, task("staff", { clock: "PROTECTION", due: clockDue("PROTECTION", RECEIVED) })], [STAFF, step("INQUIRY")]];
  assert.equal(journey(...rows).clocks.find(({ clock }) => clock === "PROTECTION")?.endedAt, undefined);
  const done = journey(...rows, [STAFF, about("done", 6)]);
  assert.equal(done.clocks.find(({ clock }) => clock === "PROTECTION")?.endedAt, RECEIVED + 4 * 3_600_000);
  const theirs = journey([STAFF, step("RECEIVED")], [STAFF, task("citizen", { clock: "PROTECTION" })], [CITIZEN, about("done", 6)]);
  assert.notEqual(theirs.tasks[0]?.done, undefined);
  assert.equal(theirs.clocks.find(({ clock }) => clock === "PROTECTION")?.endedAt, undefined, "what the law asks of the board, a citizen does not end");
});

test("only a clock that may be extended is", () => {
  const until = RECEIVED + 30 * 86_400_000;
  const { clocks } = journey([STAFF, step("RECEIVED")], [STAFF, { kind: "extension", text: "Synnerliga skäl.", clock: "ASSESSMENT", until }], [STAFF, { kind: "extension", text: "", clock: "PROTECTION", until }]);
  assert.deepEqual(clocks.map(({ clock, isExtended }) => [clock, isExtended]), [["PROTECTION", false], ["ASSESSMENT", true]]);
  assert.equal(clocks[1]?.due, until);
});

test("what is due first is first; a closed case and what is for the citizen wait for nobody", () => {
  const due = RECEIVED + 60_000;
  const rows: Parameters<typeof items> = [[STAFF, step("RECEIVED")], [STAFF, task("staff", { due })], [STAFF, task("citizen", { due: 1 })]];
  assert.deepEqual(deadlineOf(journey(...rows)), { due });
  assert.equal(deadlineOf(journey(...rows, [STAFF, about("done", 6)]))?.clock, "PROTECTION");
  assert.equal(deadlineOf(journey(...rows, [STAFF, step("CLOSED")])), undefined);
});

test("days and months are the board's, through summer time, short months and midnight", () => {
  const ends = (from: string, length: number, unit: "DAY" | "MONTH") => new Date(dayEnd(at(from), length, unit)).toISOString();
  assert.equal(ends("2026-03-28T12:00:00+01:00", 1, "DAY"), "2026-03-29T21:59:59.999Z");
  assert.equal(ends("2026-10-24T23:59:00+02:00", 1, "DAY"), "2026-10-25T22:59:59.999Z");
  assert.equal(ends("2026-10-31T12:00:00+01:00", 4, "MONTH"), "2027-02-28T22:59:59.999Z");
  // A minute past midnight in Sweden is still the day before by UTC.
  assert.equal(ends("2026-03-01T23:01:00Z", 0, "DAY"), "2026-03-02T22:59:59.999Z");
  assert.deepEqual([0, 1, 7].map((days) => daysLeft(dayEnd(RECEIVED, days, "DAY"), RECEIVED)), [0, 1, 7]);
  assert.equal(daysLeft(RECEIVED, RECEIVED + 86_400_000), -1);
  assert.deepEqual(["2026-03-01T22:59:59Z", "2026-03-01T23:00:00Z"].map((moment) => dayOf(at(moment))), ["2026-03-01", "2026-03-02"]);
});
