// relay -- what it costs the relay to pass a packet on, how long it takes, and whether all arrive: one device sends video
// with the transport-wide number, so that gaps, cache and feedback are at work; the others receive.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { janusWith } from "./janus.ts";
import { attempt } from "./load.ts";
import { Namespace } from "./namespace.ts";
import type { Place } from "./place.ts";
import { startEnrum, type Relay, type StartRelay } from "./relays.ts";
import { printTable, type Column, type Report, type Row } from "./report.ts";

/** Janus as it comes; and with as many threads for media as ours has here. */
export const startRelay: Record<string, StartRelay> = { enrum: startEnrum, janus: janusWith(0), "janus-one-loop": janusWith(1) };

const PAYLOAD_BYTES = 1150;
const STREAM = { ssrc: 12, payloadType: 96, extension: 3 };
const TICKS_PER_SECOND = 100; // of /proc/PID/stat

const columns: Column[] = [
  { key: "who", title: "who" },
  { key: "pps", title: "packets/s in" },
  { key: "receivers", title: "receivers" },
  { key: "cpu_us", title: "CPU us/forwarded", digits: 2 },
  { key: "p50_us", title: "p50 us" },
  { key: "p99_us", title: "p99 us" },
  { key: "delivered_percent", title: "delivered %", digits: 2 },
  { key: "leg_kb", title: "RSS kB/leg", digits: 1 },
  { key: "join_ms", title: "join ms", digits: 1 },
  { key: "srtp", title: "SRTP" },
];

export interface Extent {
  scenarios: { pps: number; receivers: number }[];
  seconds: number;
  servers: string[];
}

interface Shape {
  pps: number;
  receivers: number;
  seconds: number;
}

function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

function residentKb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]);
}

/** bench-media, line by line. */
class Load {
  readonly #ask: (line: string | undefined) => Promise<string>;
  readonly #end: () => void;

  constructor([program, ...args]: string[]) {
    const child = spawn(program!, args, { stdio: ["pipe", "pipe", "inherit"] });
    const waiting: { resolve: (line: string) => void; reject: (why: Error) => void }[] = [];
    child.once("exit", (code) => waiting.forEach(({ reject }) => reject(new Error(`bench-media ended with ${code}`))));
    createInterface(child.stdout).on("line", (line) => waiting.shift()?.resolve(line));
    this.#ask = (line) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        if (line !== undefined) child.stdin.write(`${line}\n`);
      });
    this.#end = () => child.stdin.end();
  }

  ask(line: string): Promise<string> {
    return this.#ask(line);
  }

  next(): Promise<string> {
    return this.#ask(undefined);
  }

  end(): void {
    this.#end();
  }
}

/** The sender comes first, then the receivers one after the other. */
async function join(relay: Relay, load: Load, address: string, receivers: number): Promise<{ legKb: number; joinMs: number; profile: string }> {
  const joins: number[] = [];
  let bare = 0;
  let profile = "";
  for (let i = 0; i <= receivers; i++) {
    const spot = await (i === 0 ? relay.sender() : relay.receiver());
    const [how, took, agreed] = (await load.ask(`leg ${address} ${spot.port} ${spot.ufrag} ${spot.password}`)).split(" ");
    if (how !== "joined") throw new Error("a device could not join");
    await spot.connected();
    joins.push(Number(took) / 1000);
    profile = agreed!;
    // The first one's is also what libraries take once.
    if (i === 0) bare = residentKb(relay.pid);
  }
  joins.sort((a, b) => a - b);
  return { legKb: (residentKb(relay.pid) - bare) / receivers, joinMs: joins[joins.length >> 1]!, profile };
}

async function measure(place: Place, namespace: Namespace, start: StartRelay, shape: Shape): Promise<Row> {
  const { pps, receivers, seconds } = shape;
  const load = new Load([...namespace.words, place.program("bench-media")]);
  try {
    const [, ufrag, password, fingerprint] = (await load.next()).split(" ");
    const relay = await start(place, namespace, { ufrag: ufrag!, password: password!, fingerprint: fingerprint!, ...STREAM });
    try {
      const { legKb, joinMs, profile } = await join(relay, load, namespace.address, receivers);
      const before = { cpu: cpuSeconds(relay.pid), udp: namespace.udp() };
      const result = JSON.parse(
        await load.ask(`go ${pps} ${seconds} ${PAYLOAD_BYTES} ${STREAM.ssrc} ${STREAM.payloadType} ${STREAM.extension}`),
      ) as Record<string, number>;
      const spent = cpuSeconds(relay.pid) - before.cpu;
      const udp = (name: string) => namespace.udp()[name]! - before.udp[name]!;
      // Nobody else sends here, so what the device has not sent is the server's: a few reports, and what it has forwarded.
      const forwarded = udp("OutDatagrams") - result.sent!;
      if (result.opened === 0) throw new Error("nothing was received");
      if (result.unopened! > 0) throw new Error(`${result.unopened} packets could not be opened`);
      if (result.mistimed! > 0) throw new Error(`${result.mistimed} packets had another time before their seal than behind it`);
      if (result.received! > forwarded) throw new Error(`${result.received} packets received, but ${forwarded} sent`);
      return {
        version: relay.version, does: relay.does, cpu_us: (spent * 1e6) / forwarded, p50_us: result.p50_us, p99_us: result.p99_us,
        delivered_percent: (100 * result.received!) / (result.sent! * receivers), leg_kb: legKb, join_ms: joinMs, srtp: profile,
        sent_per_second: result.sent! / result.seconds!, forwarded, lost_at_full_sockets: udp("RcvbufErrors"),
      };
    } finally {
      await relay.stop();
    }
  } finally {
    load.end();
  }
}

async function floor(place: Place, namespace: Namespace, { receivers, seconds }: Shape): Promise<Row> {
  const words = ["floor", namespace.address, String(receivers), String(Math.min(seconds, 3)), String(PAYLOAD_BYTES)];
  const load = new Load([...namespace.words, place.program("bench-media"), ...words]);
  const { cpu_us } = JSON.parse(await load.next()) as { cpu_us: number };
  return { cpu_us, srtp: "SRTP_AEAD_AES_128_GCM" };
}

/** All of them meet each size one after the other, so that an hour's difference of the machine is none between them. */
export async function relay(place: Place, report: Report, extent: Extent): Promise<void> {
  const rows: Row[] = [];
  const namespace = await Namespace.make();
  try {
    for (const { pps, receivers } of extent.scenarios) {
      const shape = { pps, receivers, seconds: extent.seconds };
      const add = async (who: string, run: () => Promise<Row>) => {
        const begun = { who, pps, receivers };
        const row = await attempt(begun, run, (done) => `${Number(done.cpu_us).toFixed(2)} us each`);
        rows.push(report.add("relay", { ...begun, ...row }));
      };
      await add("floor", () => floor(place, namespace, shape));
      for (const who of extent.servers) await add(who, () => measure(place, namespace, startRelay[who]!, shape));
    }
  } finally {
    namespace.remove();
  }
  printTable("relay: one device sends, the others receive", columns, rows);
  const does = new Map(rows.filter((row) => row.does).map((row) => [`${row.who} ${row.version}`, row.does]));
  for (const [who, what] of [["floor", "one thread; seals each packet and sends it, 64 to a call; receives nothing"], ...does]) {
    console.log(`${who}: ${what}`);
  }
}
