// The people of a conversation, from a shell: an employee begins one, somebody is let in with a printed code or by personal number,
// colleagues come and go, it goes to another unit, employees have a room of their own, somebody asks without saying who they are, and has a mail.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Device, eventually, type Entry } from "../../demo/device.ts";
import { Installation, personas } from "../../demo/installation.ts";
import { MailServer } from "../pages/mailserver.ts";
import { programs } from "./programs.ts";

const FURTHER = "Ekonomiskt bistånd";
const folder = mkdtempSync(join(tmpdir(), "enrum-people-"));
const mail = new MailServer(folder, "avisering", "ett långt lösenord");
let installation: Installation;
let worker: Device;
let colleague: Device;
let room: string;
let staffRoom: string;

const device = (home: string, persona: string, role: "citizen" | "staff") => new Device(installation, home, "bjuv", persona, role);
const nameOf = (id: string) => personas.find((persona) => persona.id === id)!.name;
const numberOf = (id: string) => personas.find((persona) => persona.id === id)!.personalIdentityNumber!;
const texts = (entries: Entry[]) => entries.flatMap(({ kind, text }) => kind === "message" && text !== undefined ? [text] : []);
const roomOf = (out: string) => /^[0-9a-f]{64}$/m.exec(out)![0];

/** Everything it can read of the room, when it says so. */
function reads(who: Device, of: string, text: string): Promise<string[]> {
  return eventually(`${who.home} reads "${text}"`, async () => {
    const all = texts(await who.read(of));
    return all.includes(text) && all;
  });
}

async function refused(who: Device, args: string[], error: string): Promise<void> {
  const ran = await who.run(args);
  assert.equal(ran.code, 1, ran.err + ran.out);
  assert.match(ran.err, new RegExp(`\\(${error}\\)`));
}

before(async () => {
  await mail.start();
  const password = join(folder, "password");
  writeFileSync(password, "ett långt lösenord\n", { mode: 0o600 });
  installation = await Installation.start({
    folder: join(folder, "installation"), programs: programs(), tls: true, boards: ["bjuv"], units: { [FURTHER]: ["bjuv.chef"] },
    notices: { server: "127.0.0.1", port: mail.port, ca_file: mail.ca, user: "avisering", password_file: password, from: "svara-inte@e-tjanst.example" },
  });
  worker = device("worker", "bjuv.handlaggare", "staff");
  colleague = device("colleague", "bjuv.handlaggare2", "staff");
  await Promise.all([worker.login(), colleague.login()]);
});

after(async () => {
  await installation?.stop();
  await mail.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("an employee begins a conversation, and whom it is about comes in with a printed code, once", async () => {
  room = await worker.newRoom("Efter besöket", "Innan någon kom med");
  await eventually("it is theirs", async () => !/waiting/.test(await colleague.must(["rooms"])) && /Efter besöket/.test(await worker.must(["rooms"])));
  const out = await worker.must(["invite", room, "party", "Test Testsson", "--why", "Vid besöket"]);
  const code = /^code: (\S+)$/m.exec(out)![1]!;
  await refused(worker, ["invite", room, "party", "Testina Testdotter"], "MAY_NOT");
  const guest = device("guest", "", "citizen");
  await refused(guest, ["login", "--code", "0000-0000-0000-0000"], "CODE_WRONG");
  assert.match(await guest.must(["login", "--code", "-"], { input: `${code}\n` }), /Test Testsson[^]*citizen/);
  await refused(device("thief", "", "citizen"), ["login", "--code", code], "CODE_ENDED");
  await worker.must(["send", room, "Nu är du med"]);
  assert.deepEqual(await reads(guest, room, "Nu är du med"), ["Nu är du med"]);
  await guest.must(["send", room, "Tack"]);
  await reads(worker, room, "Tack");
  const access = (await worker.read(room)).find(({ kind }) => kind === "access") as Entry & { access: object };
  assert.partialDeepStrictEqual(access, { text: "Vid besöket", access: { capacity: "party", is_given: true, has_code: true } });
  assert.match(await worker.must(["people", room]), /^[0-9a-f]{64} {2}party {2}Test Testsson$/m);
});

test("a guardian is let in by personal number with what was written before, and is out again", async () => {
  const guardian = device("guardian", "test.foralder", "citizen");
  await worker.must(["invite", room, "guardian", "Testa Förälder", "--number", numberOf("test.foralder"), "--history"]);
  await guardian.login();
  assert.deepEqual(await reads(guardian, room, "Tack"), ["Innan någon kom med", "Nu är du med", "Tack"]);
  await refused(worker, ["invite", room, "guardian", "Testa Förälder", "--number", numberOf("test.foralder")], "PERSON_THERE");
  await worker.must(["remove", room, "Testa Förälder", "--ground", "left"]);
  await worker.must(["send", room, "Utan vårdnadshavaren"]);
  assert.notEqual((await guardian.run(["send", room, "Jag skriver ändå", "--timeout", "5"])).code, 0);
  assert.ok(!texts(await guardian.run(["read", room, "--json"]).then(({ out }) => out.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as Entry))).includes("Utan vårdnadshavaren"));
});

test("an interpreter is let in for the day, reads nothing from before, and is named as one", async () => {
  const interpreter = device("interpreter", "test.testdotter", "citizen");
  const letIn = ["invite", room, "interpreter", "Test Tolksson", "--number", numberOf("test.testdotter")];
  await refused(worker, [...letIn, "--history"], "MAY_NOT");
  await worker.must(letIn);
  await interpreter.login();
  await worker.must(["send", room, "Nu tolkas det"]);
  assert.deepEqual(await reads(interpreter, room, "Nu tolkas det"), ["Nu tolkas det"]);
  await interpreter.must(["send", room, "Så säger hon"]);
  await reads(worker, room, "Så säger hon");
  assert.match(await worker.must(["people", room]), /^[0-9a-f]{64} {2}interpreter {2}.*$/m);
  await worker.must(["remove", room, nameOf("test.testdotter"), "--ground", "left"]);
});

test("a colleague comes, and both have a room of their own, which no conversation names", async () => {
  assert.match(await worker.must(["people"]), new RegExp(`staff {2}${nameOf("bjuv.handlaggare2")}$`, "m"));
  await worker.must(["add", room, nameOf("bjuv.handlaggare2"), "--why", "Vi är två"]);
  await reads(colleague, room, "Utan vårdnadshavaren");
  staffRoom = roomOf(await worker.must(["staff-room", room]));
  await eventually("the keeper names it", async () => /^[0-9a-f]{64} {2}named {2}Efter besöket$/m.test(await worker.must(["case", staffRoom])));
  await worker.must(["send", staffRoom, "Bara för oss"]);
  assert.deepEqual(await reads(colleague, staffRoom, "Bara för oss"), ["Bara för oss"]);
  assert.ok((await worker.read(room)).every((entry) => !("case_room" in entry)));
  await refused(device("guest", "", "citizen"), ["staff-room", room], "MAY_NOT");
});

test("whoever hands the last conversation over reads nothing more of the staff room; another one of theirs brings them back", async () => {
  await worker.must(["hand-over", room, nameOf("bjuv.handlaggare2"), "--why", "Hon har tid"]);
  await eventually("they are out", async () => (await worker.run(["send", staffRoom, "Får jag?", "--timeout", "5"])).code !== 0);
  await colleague.must(["send", staffRoom, "Efter överlämningen"]);
  assert.ok(!(await worker.run(["read", staffRoom, "--json"])).out.includes("Efter överlämningen"));
  const second = await worker.newRoom("Den andra vårdnadshavaren", "Hej");
  await worker.must(["invite", second, "party", nameOf("test.testdotter"), "--number", numberOf("test.testdotter")]);
  await worker.must(["add", second, nameOf("bjuv.handlaggare2")]);
  await reads(colleague, second, "Hej");
  await colleague.must(["case", staffRoom, second]);
  const bothOf = async (who: Device) => (await who.must(["case", staffRoom])).match(/ named /g)?.length === 2;
  await eventually("both are the case's", () => bothOf(colleague));
  await reads(worker, staffRoom, "Efter överlämningen");
  assert.ok(await bothOf(worker));
});

test("a conversation that was added by mistake is taken out, with a reason; the last one stays", async () => {
  const namesOf = async () => (await colleague.must(["case", staffRoom])).split("\n").filter((line) => line !== "").map((line) => line.slice(0, 64));
  const [first = "", second = ""] = await namesOf();
  assert.equal((await colleague.run(["case-out", staffRoom, second])).code, 2, "not without a reason");
  await colleague.must(["case-out", staffRoom, second, "--why", "Fel ärende"]);
  await eventually("it is out", async () => JSON.stringify(await namesOf()) === JSON.stringify([first]));
  await refused(colleague, ["case-out", staffRoom, first, "--why", "Den sista"], "MAY_NOT");
  await refused(colleague, ["case-out", staffRoom, second, "--why", "En gång till"], "ROOM_UNKNOWN");
});

test("a conversation that is given back to the queue is nobody's until somebody takes it", async () => {
  assert.equal((await colleague.run(["hand-over", room])).code, 2, "not without a reason");
  await colleague.must(["hand-over", room, "--why", "Jag slutar"]);
  await eventually("it waits", async () => new RegExp(`${room} {2}waiting`).test(await worker.must(["rooms"])));
  await worker.must(["take", room]);
  await reads(worker, room, "Tack");
});

test("somebody asks without saying who they are", async () => {
  const nobody = device("nobody", "", "citizen");
  assert.match(await nobody.must(["login", "--unknown"]), /level: 0/);
  const asked = await nobody.newRoom("En fråga", "Vågar jag fråga?");
  const rooms = await eventually("the queue", async () => {
    const out = await worker.must(["rooms"]);
    return out.includes(asked) && out;
  });
  assert.match(rooms, new RegExp(`${asked} {2}waiting .*En fråga {2}\\(anonymous\\)`));
});

test("a citizen has notices sent to an address that they have shown to be theirs", async () => {
  const citizen = device("citizen", "test.testsson", "citizen");
  await citizen.login();
  assert.match(await citizen.must(["notices"]), /^off/);
  await refused(citizen, ["notices", "on", "ingen adress"], "MALFORMED");
  assert.match(await citizen.must(["notices", "on", "test.testsson@brev.example"]), /^waits for the code {2}t…@brev\.example$/m);
  const [, code = ""] = await eventually("the mail", async () => /(\d{6})\./.exec(mail.mails[0]?.data ?? "") ?? undefined);
  await refused(citizen, ["notices", "code", code === "123456" ? "654321" : "123456"], "NOTICE_CODE_WRONG");
  assert.match(await citizen.must(["notices", "code", code]), /^on {2}t…@brev\.example$/m);
  assert.match(await citizen.must(["notices", "off"]), /^off/);
});

test("a conversation goes to another unit, by its name, with a reason, and waits there for its employees alone", async () => {
  const units = await worker.must(["units"]);
  assert.deepEqual([...units.matchAll(/^([0-9a-f]{64}) {2}(.+)$/gm)].map(([, , name]) => name), ["Mottagningen", FURTHER]);
  const other = device("other", "bjuv.chef", "staff");
  await other.login();
  const moved = await worker.newRoom("Hyran", "Hej");
  await worker.must(["read", moved]);
  await refused(worker, ["move", moved, "Ingen enhet", "--why", "Fel"], "UNIT_UNKNOWN");
  await refused(worker, ["move", moved, "Mottagningen", "--why", "Hit igen"], "MAY_NOT");
  assert.notEqual((await worker.run(["move", moved, FURTHER])).code, 0);
  await worker.must(["move", moved, FURTHER.toLowerCase(), "--why", "Det gäller försörjningen"]);
  await eventually("out", async () => (await worker.run(["send", moved, "Är jag kvar?", "--timeout", "5"])).code !== 0);
  await other.take(moved);
  await reads(other, moved, "Hej");
  await other.must(["send", moved, "Nu är den vår"]);
});
