// load -- runs of the C programs that make the load, and what they printed.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { run } from "../../demo/process.ts";
import type { Place } from "./place.ts";
import type { Row } from "./report.ts";
import type { Server } from "./servers.ts";

const PATIENCE = 600_000;

/** One run of a program that prints one line of JSON. */
export async function measure(command: string[]): Promise<Row> {
  const done = await run(command, { patience: PATIENCE });
  if (done.code !== 0) throw new Error(`${command.slice(1, 3).join(" ")}: ${done.err.trim() || `ended with ${done.code}`}`);
  return JSON.parse(done.out.trim().split("\n").at(-1)!);
}

/** A server that cannot do one of these is told so in its row, which `shape` begins, and may try the next one. */
export async function attempt(shape: Row, run: () => Promise<Row>, told: (row: Row) => string): Promise<Row> {
  const who = Object.entries(shape).map(([name, value]) => `${name} ${value}`).join(", ");
  try {
    const row = await run();
    console.error(`  ${who}: ${told(row)}`);
    return row;
  } catch (error) {
    const failed = `${who}: ${String(error)}`;
    console.error(`  ${failed}`);
    process.exitCode = 1;
    return { ...shape, failed };
  }
}

export function words(settings: Record<string, number | string>): string[] {
  return Object.entries(settings).map(([name, value]) => `${name}=${value}`);
}

export function load(place: Place, what: string, server: Server, settings: Record<string, number>): Promise<Row> {
  const all = { port: server.port, pid: server.pids.join(","), ...settings };
  return measure([place.program("bench-load"), what, server.name, ...words(all)]);
}

/** The process and all below it. */
function family(pids: number[]): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      continue; // ended meanwhile
    }
  }
  const found = new Set(pids);
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

const SYNCS = ["-f", "-qq", "-c", "-U", "name,calls", "-e", "trace=fsync,fdatasync,sync_file_range,msync"];

function syncsOf(text: string): number {
  return [...text.matchAll(/^\s*(?:fsync|fdatasync|sync_file_range|msync)\s+(\d+)/gm)].reduce((sum, found) => sum + Number(found[1]), 0);
}

/** How often the server asked the kernel to write to the disk for each append of one client: durable means at least 1. */
export async function syncsPerAppend(place: Place, server: Server): Promise<number | undefined> {
  const pids = family(server.pids).flatMap((pid) => ["-p", String(pid)]);
  const strace = spawn("strace", [...SYNCS, ...pids], { stdio: ["ignore", "ignore", "pipe"] });
  let text = "";
  strace.stderr.setEncoding("utf8").on("data", (part: string) => (text += part));
  const ended = new Promise<number | null>((resolve) => {
    strace.once("error", () => resolve(127));
    strace.once("exit", resolve);
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  if (strace.exitCode !== null) return undefined;
  const row = await load(place, "write", server, { clients: 1, fanout: 2, entries: 200, warm: 0, window: 20 });
  strace.kill("SIGINT");
  await ended;
  return syncsOf(text) / Number(row.appends);
}
