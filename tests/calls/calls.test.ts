// A call between Chromium and two Firefoxes, each on a machine of its own, with the real pages, host, keeper, e-ID and relay; and what has
// gone over each one's cable in all that time: nobody is told where another is.
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Installation } from "../../demo/installation.ts";
import { programs } from "../e2e/programs.ts";
import { until } from "../relay/host.ts";
import type { Capture } from "./capture.ts";
import { Machine, middleMake, middleOpen, must, SERVER } from "./network.ts";
import { messagesOf, openedAll } from "./opened.ts";
import { clearPart, clearPartOfHttp, formsOf, found, type Form } from "./search.ts";
import { PATIENCE_MS, Visitor, type Seen, type VisitorOptions } from "./visitor.ts";

const TITLE = "Vi behöver ses";
const PICTURES = 40;
/** Of a voice or of what a loudspeaker plays; and how many looks in a row it must be below for silence, since a voice pauses. */
const [HEARD, SILENT_LOOKS] = [0.01, 8];
const PHONE = { width: 360, height: 740 };
const DESK = { width: 1280, height: 800 };

const folder = mkdtempSync(join(tmpdir(), "enrum-calls-"));
let installation: Installation;
/** Of the servers, as every machine has them on its loopback. */
let ports: number[];
let citizen: Visitor;
let worker: Visitor;
let interpreter: Visitor;
const visitors: Visitor[] = [];
const captures = new Map<Visitor, () => Promise<Capture>>();

async function visitor(name: string, options: Omit<VisitorOptions, "authority">): Promise<Visitor> {
  mkdirSync(join(folder, name));
  const machine = await Machine.make(name, visitors.length + 1, ports, join(folder, name));
  const capture = await machine.capture("call");
  const opened = await Visitor.open(machine, { ...options, authority: installation.ca ?? "" });
  visitors.push(opened);
  captures.set(opened, capture);
  return opened;
}

before(async () => {
  await middleMake();
  installation = await Installation.start({ folder: join(folder, "servers"), programs: programs(), tls: true, boards: ["bjuv"], pages: true, address: SERVER });
  const behind = [installation.pagesUrl("bjuv", "citizen"), installation.issuer].map((url) => Number(new URL(url).port));
  // The host listens on the middle's address itself, so it sees from where somebody comes.
  await middleOpen(behind, folder);
  ports = [...behind, Number(new URL(installation.hostUrl).port)];
  citizen = await visitor("citizen", { make: "chromium", size: PHONE });
  worker = await visitor("worker", { make: "firefox", size: DESK });
});

after(async () => {
  for (const who of visitors) await who.close();
  await installation?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

async function login(who: Visitor, persona: string): Promise<void> {
  await who.press(/^Logga in med/);
  await who.write(/^Inloggningsnamn$/, persona);
  await who.press(/^Legitimera$/);
  await who.press(/^Jag bekräftar$/);
}

const ofKind = ({ inbound }: Seen, kind: "audio" | "video") => inbound.filter((stream) => stream.kind === kind);
const pictures = (seen: Seen) => ofKind(seen, "video").reduce((sum, { framesDecoded }) => sum + framesDecoded, 0);
const packets = (seen: Seen) => ofKind(seen, "audio").reduce((sum, { packetsReceived }) => sum + packetsReceived, 0);
const samples = (seen: Seen) => ofKind(seen, "audio").reduce((sum, { samples: heard }) => sum + heard, 0);

test("a citizen in Chromium writes, and a caseworker in Firefox takes it", async () => {
  await citizen.page.goto(installation.pagesUrl("bjuv", "citizen"));
  await login(citizen, "test.foralder");
  await citizen.press(/^Starta ett samtal$/);
  await citizen.write(/^Vad gäller det\?/, TITLE);
  await citizen.write(/^Ditt meddelande/, "Kan vi talas vid?");
  await citizen.press(/^Skicka$/);
  await worker.page.goto(installation.pagesUrl("bjuv", "staff"));
  await login(worker, "bjuv.handlaggare");
  await worker.press(/^Ta samtalet/);
  await worker.reads(/Kan vi talas vid\?/);
  await citizen.reads(/är med i samtalet/);
});

test("each sees and hears the other, sealed, through the relay", async (t) => {
  await worker.press(/^Videosamtal$/);
  await worker.press(/^Prova mikrofonen$/);
  await worker.reads(/^Mikrofonen hör dig\.$/);
  await worker.press(/^Visa min kamera$/);
  await worker.screenshot("firefox-call-prepare-desk");
  await worker.press(/^Ring /);
  await citizen.press(/^Svara$/);
  await citizen.reads(/släpper in dig direkt/);
  await citizen.press(/^Svara$/);
  for (const who of [citizen, worker]) await who.press(/^Kamera av$/);
  for (const who of [citizen, worker]) {
    const seen = await who.until("pictures and voice", (now) => pictures(now) >= PICTURES && samples(now) > 48_000);
    t.diagnostic(`${who.machine.name} has decoded ${pictures(seen)} pictures and ${samples(seen)} samples of ${packets(seen)} packets of voice`);
    assert.deepEqual(new Set(seen.remotes), new Set([`${SERVER}:${relayPort()}`]));
  }
  await worker.screenshot("firefox-call-in-desk");
});

/** So loud it became at this one's desk. */
async function loud(who: Visitor): Promise<number> {
  let loudness = 0;
  await until(`sound at the desk of ${who.machine.name}`, async () => (loudness = await who.desk.loudness()) > HEARD, PATIENCE_MS);
  return loudness;
}

test("Firefox plays what it hears, as loud as is wished", async (t) => {
  t.diagnostic(`the worker's loudspeaker plays at ${(await loud(worker)).toFixed(3)}`);
  await worker.slide(/^Volym för Testa Förälder$/, 0);
  let silent = 0;
  await until("silence at the desk", async () => (silent = await worker.desk.loudness() < HEARD ? silent + 1 : 0) >= SILENT_LOOKS, PATIENCE_MS);
  await worker.slide(/^Volym för Testa Förälder$/, 1);
  await loud(worker);
});

test("text goes beside", async () => {
  await worker.press(/^Text$/);
  await worker.write(/^Skriv en rad/, "Hör du mig?");
  await worker.page.keyboard.press("Enter");
  await citizen.reads(/Hör du mig\?/);
  await citizen.write(/^Skriv en rad/, "Ja, och ser dig.");
  await citizen.page.keyboard.press("Enter");
  await worker.reads(/Ja, och ser dig\./);
});

test("a caseworker's screen is shown from Firefox", async (t) => {
  await worker.press(/^Dela skärm$/);
  await citizen.reads(/^Testina Bjuvsdotter visar sin skärm$/);
  const seen = await citizen.until("a camera and a screen", (now) => ofKind(now, "video").filter(({ framesDecoded }) => framesDecoded > 3).length === 2);
  t.diagnostic(`of the screen the citizen has decoded ${ofKind(seen, "video").at(-1)?.framesDecoded} pictures`);
  await citizen.screenshot("firefox-call-screen-phone");
  await worker.screenshot("firefox-call-shares-desk");
  await worker.press(/^Delar skärm$/);
  await citizen.gone(/visar sin skärm$/);
});

test("an interpreter comes in Firefox, without a camera, and takes the headset", async (t) => {
  await worker.press(/^Deltagare/);
  const link = await worker.reads(/^https:.*tolk/);
  await worker.press(/^Deltagare/);
  interpreter = await visitor("interpreter", { make: "firefox", size: DESK, hasDeskSound: true });
  await interpreter.page.goto(link);
  await login(interpreter, "test.testdotter");
  await interpreter.press(/^Visa min kamera$/);
  await interpreter.reads(/^Ingen kamera hittades\./);
  await interpreter.screenshot("firefox-call-guest-prepare");
  await interpreter.press(/^Gå till väntrummet$/);
  await worker.reads(/väntar på att bli insläppt/);
  await worker.press(/^Släpp in$/);
  await interpreter.until("two cameras", (now) => ofKind(now, "video").filter(({ framesDecoded }) => framesDecoded >= PICTURES).length === 2);
  const voices = (seen: Seen) => ofKind(seen, "audio").filter(({ level }) => level > HEARD).length;
  const isFlowing = (seen: Seen) => ofKind(seen, "audio").length === 2 && ofKind(seen, "audio").every(({ packetsReceived }) => packetsReceived > 50);
  // The caseworker's pauses; the interpreter's own microphone, which is silent, must be so for as long as silence takes.
  const looks: number[] = [];
  await citizen.until("the caseworker's voice beside a silent one", (now) => isFlowing(now) && looks.push(voices(now)) >= SILENT_LOOKS && looks.includes(1));
  assert.ok(!looks.includes(2), looks.join());
  await interpreter.press(/^Enheter$/);
  await interpreter.choose(/^Mikrofon/, "Headset");
  await interpreter.screenshot("firefox-call-guest-devices");
  await citizen.until("the tone of the interpreter's headset", (now) => voices(now) === 2);
  t.diagnostic(`the interpreter's loudspeaker plays at ${(await loud(interpreter)).toFixed(3)}`);
  await worker.screenshot("firefox-call-three-desk");
});

test("one leaves, and the two in Firefox go on", async () => {
  await citizen.press(/^Lägg på$/);
  await citizen.reads(/^Du har lagt på\.$/);
  await worker.gone(/^Testa Förälder/);
  const [from] = await Promise.all([worker, interpreter].map((who) => who.seen()));
  const before = { worker: samples(from!), interpreter: pictures(await interpreter.seen()) };
  await worker.until("voice of the interpreter", (now) => samples(now) > before.worker + 48_000);
  await interpreter.until("pictures of the caseworker", (now) => pictures(now) > before.interpreter + PICTURES);
  await worker.press(/^Avsluta för alla$/);
  await interpreter.reads(/^Handläggaren avslutade samtalet\.$/);
  for (const { complaints } of visitors) assert.deepEqual(complaints.filter((text) => !text.includes(installation.issuer)), []);
});

// -- The cables -------------------------------------------------------------------------------------------------------

function relayPort(): number {
  return JSON.parse(readFileSync(installation.path("ports.json"), "utf8")).relay;
}

/** A line for each of these forms in what this address has received, and in what it has sent. */
function searched(capture: Capture, keyLog: string, at: string, forms: readonly Form[]): { received: string[]; sent: string[] } {
  const lines = { received: [] as string[], sent: [] as string[] };
  const note = (to: string, ...words: Parameters<typeof found>) => lines[to === at ? "received" : "sent"].push(...found(...words));
  for (const datagram of capture.datagrams) note(datagram.to, forms, `a datagram from ${datagram.from}:${datagram.fromPort}`, datagram.payload, clearPart(datagram));
  for (const stream of openedAll(capture.streams, keyLog)) {
    const where = `what ${stream.from}:${stream.fromPort} said to ${stream.to}:${stream.toPort}`;
    const messages = messagesOf(stream);
    if (messages === undefined) note(stream.to, forms, where, stream.bytes, clearPartOfHttp(stream.bytes));
    else for (const message of messages) note(stream.to, forms, where, message);
  }
  for (const frame of capture.others) note(at, forms, "a frame that is neither UDP nor TCP", frame);
  return lines;
}

const keyLogOf = ({ machine }: Visitor) => readFileSync(machine.keyLog, "utf8");

test("nothing that reached one names another's address, and all UDP went to the relay", async (t) => {
  const relay = `${SERVER}:${relayPort()}`;
  for (const who of visitors) {
    const { machine } = who;
    const others = visitors.filter((one) => one !== who).map((one) => one.machine);
    const capture = await captures.get(who)!();
    assert.deepEqual(others.filter(({ address }) => capture.addresses.has(address)).map(({ name }) => name), []);
    const farEnds = capture.datagrams.map(({ from, fromPort, to, toPort }) => from === machine.address ? `${to}:${toPort}` : `${from}:${fromPort}`);
    assert.deepEqual([...new Set(farEnds)], [relay]);
    const { received } = searched(capture, keyLogOf(who), machine.address, others.flatMap(({ addresses }) => addresses).flatMap(formsOf));
    assert.deepEqual(received, []);
    const own = searched(capture, keyLogOf(who), machine.address, formsOf(machine.address));
    assert.deepEqual(own.sent, [], "a browser's address is told to nobody");
    // What the search would find if it were there: the relay's answer to STUN, and its address in a message of the host's.
    assert.ok(own.received.some((line) => line.includes("as bytes mixed as STUN does in a datagram")));
    const told = searched(capture, keyLogOf(who), machine.address, formsOf(SERVER)).received;
    assert.ok(told.some((line) => line.includes(`as text "${SERVER}" in what ${SERVER}`)), told.join("\n"));
    const bytes = capture.datagrams.reduce((sum, { payload }) => sum + payload.length, 0);
    t.diagnostic(`${machine.name}: ${capture.datagrams.length} datagrams of ${bytes} bytes, ${capture.streams.length / 2} connections`);
  }
});

test("the same search finds the address wherever it is planted, since the two could reach each other", async () => {
  const target = citizen.machine;
  const other = worker.machine;
  const forms = other.addresses.flatMap(formsOf);
  const end = await target.capture("planted");
  await must(...other.command("bash", "-c", `echo -n hej >/dev/udp/${target.address}/9`));
  const socket = createSocket("udp4");
  const send = (payload: Buffer) => new Promise((resolve) => socket.send(payload, 9, target.address, resolve));
  for (const { bytes } of forms) await send(Buffer.concat([Buffer.from("in a datagram "), bytes]));
  socket.close();
  const server = createServer((connection) => connection.end(Buffer.concat(forms.map(({ bytes }) => Buffer.concat([Buffer.from("|"), bytes])))));
  await new Promise<void>((resolve) => server.listen(9_999, SERVER, resolve));
  await must(...target.command("bash", "-c", `cat </dev/tcp/${SERVER}/9999 >/dev/null`));
  server.close();
  const capture = await end();
  assert.ok(capture.addresses.has(other.address));
  const { received } = searched(capture, keyLogOf(citizen), target.address, forms);
  for (const { address, name } of forms) {
    for (const where of ["a datagram from", "what"]) assert.ok(received.some((line) => line.startsWith(`${address} as ${name} in ${where}`)), `${address} ${name} ${where}: ${received.join("\n")}`);
  }
});
