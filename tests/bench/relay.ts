// relay -- what it costs the relay to pass a packet on, how long it takes, and whether all arrive: one device sends video
// with the transport-wide number, so that gaps, cache and feedback are at work; the others receive.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { RelayHost } from "../relay/host.ts";
import type { Place } from "./place.ts";
import { printTable, type Column, type Report, type Row } from "./report.ts";

const PAYLOAD_BYTES = 1150;
const SSRC = 12;
const OUT_SSRC = 1002;
const TYPE = 96;
const EXTENSION = 3;
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
];

export interface Extent {
  scenarios: { pps: number; receivers: number }[];
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

  constructor(program: string, args: string[]) {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
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

async function measure(place: Place, pps: number, receivers: number, seconds: number): Promise<Row> {
  const host = await RelayHost.start({ program: place.program("relayhost"), args: ["--consent", "600000"] });
  const load = new Load(place.program("bench-media"), [String(host.port)]);
  try {
    const fingerprint = (await load.next()).split(" ")[1]!;
    const call = await host.call();
    let bare = 0;
    const joins: number[] = [];
    let stream = "";
    for (let i = 0; i <= receivers; i++) {
      const leg = await host.leg(call, "load", fingerprint);
      if (i === 0) stream = await host.publish(leg.leg, { kind: "video", ssrc: SSRC, payloadType: TYPE, extension: EXTENSION, outSsrc: OUT_SSRC });
      else await host.subscribe(leg.leg, stream);
      const [how, took] = (await load.ask(`leg ${leg.ufrag} ${leg.password}`)).split(" ");
      if (how !== "joined") throw new Error("a device could not join");
      joins.push(Number(took) / 1000);
      await host.event(`connected ${leg.leg}`);
      // The first one's is also what libraries take once.
      if (i === 0) bare = residentKb(host.pid);
    }
    const legs = (residentKb(host.pid) - bare) / receivers;
    const before = cpuSeconds(host.pid);
    const result = JSON.parse(await load.ask(`go ${pps} ${seconds} ${PAYLOAD_BYTES} ${SSRC} ${TYPE} ${EXTENSION}`)) as Record<string, number>;
    const spent = cpuSeconds(host.pid) - before;
    const counts = await host.counts();
    if (result.unopened! > 0) throw new Error(`${result.unopened} packets could not be opened`);
    joins.sort((a, b) => a - b);
    return {
      who: "enrum", pps, receivers, cpu_us: (spent * 1e6) / counts.forwarded!, p50_us: result.p50_us, p99_us: result.p99_us,
      delivered_percent: (100 * result.received!) / (result.sent! * receivers), leg_kb: legs, join_ms: joins[joins.length >> 1],
      sent_per_second: result.sent! / result.seconds!, unsent: counts.unsent, forwarded: counts.forwarded,
    };
  } finally {
    load.end();
    await host.stop();
  }
}

async function floor(place: Place, receivers: number, seconds: number): Promise<Row> {
  const load = new Load(place.program("bench-media"), ["floor", String(receivers), String(seconds), String(PAYLOAD_BYTES)]);
  const { cpu_us: cpu } = JSON.parse(await load.next()) as { cpu_us: number };
  return { who: "floor (seal, sendmmsg)", receivers, cpu_us: cpu };
}

export async function relay(place: Place, report: Report, extent: Extent): Promise<void> {
  const rows: Row[] = [];
  for (const { pps, receivers } of extent.scenarios) {
    rows.push(report.add("relay", await measure(place, pps, receivers, extent.seconds)));
    rows.push(report.add("relay", await floor(place, receivers, Math.min(extent.seconds, 3))));
    console.error(`  relay: ${pps}/s to ${receivers}: ${Number(rows.at(-2)!.cpu_us).toFixed(2)} us each`);
  }
  printTable("relay: one device sends, the others receive, on one worker", columns, rows);
}
