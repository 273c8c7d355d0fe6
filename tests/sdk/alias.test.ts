// An employee with an alias, against the real host and keeper: nobody but the board gets the real name, whatever device it is, after
// each login, and after a keeper that has read everything anew. One that is set later holds from then on.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Device, eventually } from "../../demo/device.ts";
import { Installation, personas } from "../../demo/installation.ts";
import { layoutDecode } from "../../client-sdk/web/protocol/layout.ts";
import { layoutProfile, layoutSigned } from "../../client-sdk/web/protocol/layouts.ts";
import { programs } from "../e2e/programs.ts";
import { Seat, storeText } from "./seat.ts";

const ALIAS = "Handläggare Sju";
const LATER = "Handläggare Åtta";
const nameOf = (id: string) => personas.find((persona) => persona.id === id)!.name;
const REAL = nameOf("bjuv.handlaggare");
const REAL_LATER = nameOf("bjuv.handlaggare2");
const folder = mkdtempSync(join(tmpdir(), "enrum-alias-"));
let installation: Installation;
let citizen: Seat;
let worker: Seat;
let colleague: Seat;
let room: string;

const me = (seat: Seat) => seat.client.session?.me?.person ?? "";
const nameIn = (seat: Seat, of: string, person: string) => seat.client.room(of)?.members.find((member) => member.person === person)?.name;
const asText = (value: unknown) => JSON.stringify(value, (_key, one: unknown) =>
  one instanceof Uint8Array ? Buffer.from(one).toString("utf8") : one instanceof Map ? [...one] : typeof one === "bigint" ? `${one}` : one);

/** All that a device has been told and has opened, what it keeps, and what its pages get. */
async function holds({ engine: { enrum }, client, store }: Seat): Promise<string> {
  const items = [...enrum.rooms.values()].flatMap(({ items: all }) => all.map(({ open, content }) => [open, content]));
  const views = [...enrum.rooms.keys()].map((one) => client.room(one));
  return [asText(items), asText(views), asText(client.session), asText([...enrum.profiles]), asText(enrum.me), await storeText(store)].join("\n");
}

async function knows(seat: Seat, name: string): Promise<boolean> {
  return (await holds(seat)).includes(name);
}

async function staffSeat(persona: string): Promise<Seat> {
  const seat = await Seat.take(installation, { role: "staff" });
  await seat.login(persona);
  return seat;
}

async function begin(title: string): Promise<string> {
  const begun = await citizen.client.open(crypto.randomUUID(), title, "Hej!");
  citizen.client.watch(begun);
  await eventually("queued", async () => worker.client.session?.queue.some((row) => row.room === begun));
  await worker.client.take(begun);
  worker.client.watch(begun);
  await eventually("taken", async () => nameIn(citizen, begun, me(worker)));
  return begun;
}

before(async () => {
  installation = await Installation.start({ folder, programs: programs(), tls: false, boards: ["bjuv"], aliases: { "bjuv.handlaggare": ALIAS } });
  citizen = await Seat.take(installation, { role: "citizen" });
  await citizen.login("test.foralder");
  [worker, colleague] = await Promise.all(["bjuv.handlaggare", "bjuv.handlaggare2"].map(staffSeat)) as [Seat, Seat];
});

after(async () => {
  for (const seat of [citizen, worker, colleague]) await seat?.close();
  await installation?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("after a login with the e-ID the citizen and the colleague know the alias, and no device the name", async () => {
  room = await begin("Skolan");
  assert.equal(nameIn(citizen, room, me(worker)), ALIAS);
  await worker.client.addColleague(room, me(colleague), "Vi är två.");
  await worker.client.send(crypto.randomUUID(), room, "Hej, jag läser.");
  colleague.client.watch(room);
  await eventually("the colleague", async () => nameIn(colleague, room, me(worker)) === ALIAS && nameIn(citizen, room, me(colleague)) === REAL_LATER);
  await eventually("in the queue", async () => colleague.client.session?.queue.find((row) => row.room === room)?.takenBy?.name === ALIAS);
  for (const seat of [citizen, colleague, worker]) {
    assert.ok(await knows(seat, ALIAS), "what is searched can be found");
    assert.ok(!await knows(seat, REAL));
  }
});

test("the login gives the employee's own device the alias, and a profile for calls that has it", async () => {
  const { me: own } = worker.engine.enrum;
  assert.equal(own?.name, ALIAS);
  const profile = layoutDecode(layoutProfile, layoutDecode(layoutSigned, own!.profile).body);
  assert.equal(profile.name, ALIAS);
});

test("on the command line they stand under the alias, also in what is read", async () => {
  const shell = new Device(installation, "citizen", "bjuv", "test.foralder", "citizen");
  await shell.login();
  const said = await eventually("the employee's words", async () => {
    const out = await shell.must(["read", room, "--json"]);
    return out.includes("Hej, jag läser.") && out;
  });
  const all = said + await shell.must(["people", room]);
  assert.ok(all.includes(ALIAS));
  assert.ok(!all.includes(REAL));
});

test("the board's own list has both names", async () => {
  const rows = JSON.parse(await installation.staff("bjuv", "list")) as { identity: string; name: string; alias?: string }[];
  const row = (id: string) => rows.find(({ identity }) => identity === id);
  assert.deepEqual([row("bjuv.handlaggare")?.name, row("bjuv.handlaggare")?.alias], [REAL, ALIAS]);
  assert.deepEqual([row("bjuv.handlaggare2")?.name, row("bjuv.handlaggare2")?.alias], [REAL_LATER, undefined]);
});

test("an alias that is set later is what everybody sees from then on, and after a login", async () => {
  await installation.staff("bjuv", "alias", "--identity", "bjuv.handlaggare2", "--alias", LATER);
  for (const seat of [citizen, worker]) await eventually("the alias", async () => nameIn(seat, room, me(colleague)) === LATER);
  await eventually("among colleagues", async () => worker.client.session?.colleagues.find(({ person }) => person === me(colleague))?.name === LATER);
  await colleague.close();
  colleague = await staffSeat("bjuv.handlaggare2");
  assert.equal(colleague.engine.enrum.me?.name, LATER);
  await assert.rejects(installation.staff("bjuv", "alias", "--identity", "nobody", "--alias", LATER), /NOT_STAFF/);
  await assert.rejects(installation.staff("bjuv", "alias", "--identity", "bjuv.handlaggare2"), /USAGE/);
});

test("a keeper that has lost its database keeps the name to itself still", async () => {
  await installation.stopKeeper("bjuv");
  installation.forgetKeeperDatabase("bjuv");
  await installation.startKeeper("bjuv");
  await worker.close();
  worker = await staffSeat("bjuv.handlaggare");
  const second = await begin("Ett samtal till");
  assert.equal(nameIn(citizen, second, me(worker)), ALIAS);
  const outsider = await Seat.take(installation, { role: "citizen" });
  await outsider.login("test.testsson");
  await worker.client.invite(second, { capacity: "OMBUD", name: "Test Testsson", number: personas.find(({ id }) => id === "test.testsson")!.personalIdentityNumber!, hasHistory: false, until: 0, why: "" });
  outsider.client.watch(second);
  await eventually("who is let in later", async () => nameIn(outsider, second, me(worker)) === ALIAS);
  for (const seat of [citizen, outsider, worker]) assert.ok(!await knows(seat, REAL));
  await outsider.close();
});

test("an alias that is taken away gives the name back", async () => {
  await installation.staff("bjuv", "unalias", "--identity", "bjuv.handlaggare2");
  await eventually("the name", async () => nameIn(citizen, room, me(colleague)) === REAL_LATER);
  const listed = JSON.parse(await installation.staff("bjuv", "list")) as { identity: string; alias?: string }[];
  assert.equal(listed.find(({ identity }) => identity === "bjuv.handlaggare2")?.alias, undefined);
});

test("a list that is longer than an order may be comes whole", async () => {
  const title = "Socialsekreterare ".repeat(6).trim();
  const added = Array.from({ length: 60 }, (_, n) => `bjuv.test${n}`);
  for (const identity of added) await installation.staff("bjuv", "add", "--identity", identity, "--name", "Test Testsson", "--title", title);
  const text = await installation.staff("bjuv", "list");
  assert.ok(text.length > 10_000, String(text.length));
  const listed = JSON.parse(text) as { identity: string }[];
  assert.deepEqual(added.filter((identity) => !listed.some((row) => row.identity === identity)), []);
});
