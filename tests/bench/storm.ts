// storm -- thousands of clients are cut off at once, and come back at once for what was written meanwhile.
import { load } from "./load.ts";
import type { Place } from "./place.ts";
import { printTable, type Column, type Report, type Row } from "./report.ts";
import { startEnrum } from "./servers.ts";

const columns: Column[] = [
  { key: "server", title: "server" },
  { key: "cut", title: "clients" },
  { key: "unread_each", title: "unread each" },
  { key: "last_s", title: "last has all after s", digits: 2 },
  { key: "p50_s", title: "p50 s", digits: 2 },
  { key: "p99_s", title: "p99 s", digits: 2 },
  { key: "cpu_us_per_client", title: "CPU us/client" },
  { key: "lost_again", title: "lost again" },
  { key: "lost_why", title: "because" },
  { key: "pss_kb", title: "PSS kB after" },
  { key: "version", title: "version" },
];

export async function storm(place: Place, report: Report, clients: number): Promise<void> {
  const rows: Row[] = [];
  const server = await startEnrum(place);
  try {
    // Rooms of six: one writer stays in each, five others are cut.
    const rooms = Math.ceil(clients / 5);
    const row = await load(place, "storm", server, { clients: rooms, seats: rooms * 6, fanout: 6, unread: 10 });
    rows.push(report.add("storm", { ...row, version: server.version }));
  } finally {
    await server.stop();
  }
  printTable("storm: all cut at once, and back at once", columns, rows);
}
