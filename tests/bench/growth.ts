// growth -- what a database that has grown costs: appends, fetches and the start of the host, at each size.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "./load.ts";
import type { Place } from "./place.ts";
import { printTable, type Column, type Report, type Row } from "./report.ts";
import { enrumFolder, prepareEnrum, startEnrum, type Server } from "./servers.ts";

const columns: Column[] = [
  { key: "entries", title: "entries" },
  { key: "database_mb", title: "database MB" },
  { key: "start_s", title: "start s", digits: 2 },
  { key: "appends_per_s", title: "appends/s" },
  { key: "ack_p99_us", title: "ack p99 us" },
  { key: "cpu_us_per_append", title: "CPU us/append", digits: 1 },
  { key: "fetches_per_s", title: "fetches/s" },
  { key: "entries_per_s", title: "entries/s" },
  { key: "fetch_p50_us", title: "fetch p50 us" },
  { key: "fetch_p99_us", title: "p99 us" },
  { key: "pss_kb", title: "PSS kB" },
  { key: "version", title: "version" },
];

/** Entries of one run, 1000 in each room: all of them are signed before the first one is sent. */
const FILL = 100_000;
const WRITERS = 100;

async function started(place: Place, folder: string): Promise<{ server: Server; start_s: number }> {
  const began = performance.now();
  const server = await startEnrum(place, { folder });
  return { server, start_s: (performance.now() - began) / 1000 };
}

/** The file that says how many entries a folder was filled with: a run in a folder that stays goes on from there. */
const FILLED = "filled";

/** From so many entries to so many. */
async function fill(place: Place, folder: string, from: number, to: number): Promise<void> {
  const { server } = await started(place, folder);
  try {
    for (let filled = from; filled < to; ) {
      const now = Math.min(to - filled, FILL);
      await load(place, "write", server, { clients: WRITERS, fanout: 1, entries: now, warm: 0, window: 600 });
      filled += now;
      writeFileSync(join(folder, FILLED), String(filled));
    }
  } finally {
    await server.stop();
  }
}

function databaseMb(folder: string): number {
  const files = readdirSync(folder).filter((name) => name.includes(".db"));
  return files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0) / 1e6;
}

async function row(place: Place, folder: string, entries: number): Promise<Row> {
  const database_mb = databaseMb(folder);
  const { server, start_s } = await started(place, folder);
  try {
    const fetched = await load(place, "fetch", server, { fetches: 2000 });
    const written = await load(place, "write", server, { clients: 10, fanout: 2, entries: 20_000 });
    return { ...fetched, ...written, scenario: "growth", entries, database_mb, start_s, version: server.version };
  } finally {
    await server.stop();
  }
}

async function keptFolder(place: Place, folder: string): Promise<number> {
  mkdirSync(folder, { recursive: true });
  if (existsSync(join(folder, FILLED))) return Number(readFileSync(join(folder, FILLED), "utf8"));
  await prepareEnrum(place, folder);
  return 0;
}

/** `kept` is a folder for the database that stays when the run is over; sizes it has outgrown are left out. */
export async function growth(place: Place, report: Report, sizes: number[], kept?: string): Promise<void> {
  const folder = kept ?? (await enrumFolder(place));
  const rows: Row[] = [];
  let filled = kept === undefined ? 0 : await keptFolder(place, kept);
  for (const size of sizes.filter((wanted) => wanted >= filled)) {
    await fill(place, folder, filled, size);
    filled = size;
    rows.push(report.add("growth", await row(place, folder, size)));
    console.error(`  ${size} entries`);
  }
  printTable("growth: a board's database of so many entries (fetches of up to 50 entries of random rooms, 8 at a time)", columns, rows);
}
