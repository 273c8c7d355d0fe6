// appends -- durable, acknowledged appends, delivered to all of a room: Enrum beside its floor and its peers.
import { attempt, load, measure, syncsPerAppend, words } from "./load.ts";
import type { Place } from "./place.ts";
import { printTable, type Column, type Report, type Row } from "./report.ts";
import { startServer, type Server } from "./servers.ts";

export interface Extent {
  clients: number[];
  fanouts: number[];
  servers: string[];
  window: number;
}

export const columns: Column[] = [
  { key: "server", title: "server" },
  { key: "clients", title: "clients" },
  { key: "fanout", title: "fan-out" },
  { key: "appends_per_s", title: "appends/s" },
  { key: "ack_p50_us", title: "ack p50 us" },
  { key: "ack_p99_us", title: "p99 us" },
  { key: "deliveries_per_s", title: "deliveries/s" },
  { key: "delivery_p50_us", title: "p50 us" },
  { key: "delivery_p99_us", title: "p99 us" },
  { key: "cpu_us_per_append", title: "CPU us/append", digits: 1 },
  { key: "cpu_us_per_delivery", title: "CPU us/delivery", digits: 2 },
  { key: "pss_kb", title: "PSS kB" },
  { key: "delivered_of_owed", title: "arrived", digits: 4 },
  { key: "syncs_per_append", title: "syncs/append", digits: 2 },
  { key: "durability", title: "an acknowledgement means" },
  { key: "version", title: "version" },
];

/** Enough entries for the window at any rate that was ever seen; one client alone is bound by its round trip. */
const entriesFor = (clients: number, fanout: number) => (clients === 1 ? 40_000 : fanout >= 100 ? 20_000 : 60_000);

async function floorRows(place: Place, extent: Extent, report: Report): Promise<Row[]> {
  const rows: Row[] = [];
  for (const clients of extent.clients) {
    const settings = words({ batch: clients, entries: entriesFor(clients, 1), window: extent.window });
    const row = await measure([place.program("bench-floor"), place.make("floor"), ...settings]);
    rows.push(report.add("appends", { ...row, durability: "SQLite WAL, synchronous=FULL; no server, no network" }));
  }
  return rows;
}

async function serverRows(place: Place, server: Server, extent: Extent, report: Report): Promise<Row[]> {
  const rows: Row[] = [];
  const stated = { version: server.version, durability: server.durability, syncs_per_append: await syncsPerAppend(place, server) };
  for (const fanout of extent.fanouts) {
    for (const clients of extent.clients) {
      const settings = { clients, fanout, entries: entriesFor(clients, fanout), window: extent.window };
      const shape = { server: server.name, clients, fanout };
      const row = await attempt(shape, () => load(place, "write", server, settings), (done) => `${Number(done.appends_per_s).toFixed(0)} appends/s`);
      rows.push(report.add("appends", { ...row, ...stated }));
    }
  }
  return rows;
}

export async function appends(place: Place, report: Report, extent: Extent): Promise<void> {
  const rows = await floorRows(place, extent, report);
  for (const name of extent.servers) {
    const server = await startServer[name]!(place);
    try {
      rows.push(...(await serverRows(place, server, extent, report)));
    } finally {
      await server.stop();
    }
  }
  printTable("appends: durable, acknowledged, 512-byte body, TLS; each client one append at a time", columns, rows);
}
