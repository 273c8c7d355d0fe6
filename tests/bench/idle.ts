// idle -- what a connection costs whose client says nothing: memory of the server, and its processor.
import { attempt, load } from "./load.ts";
import type { Place } from "./place.ts";
import { printTable, type Column, type Report, type Row } from "./report.ts";
import { startServer } from "./servers.ts";

const columns: Column[] = [
  { key: "server", title: "server" },
  { key: "connected", title: "connections" },
  { key: "pss_kb_per_connection", title: "PSS kB/connection", digits: 1 },
  { key: "pss_kb", title: "PSS kB" },
  { key: "rss_kb", title: "RSS kB" },
  { key: "alone_pss_kb", title: "PSS kB alone" },
  { key: "connect_cpu_us", title: "CPU us/connect" },
  { key: "gather_s", title: "all there after s", digits: 1 },
  { key: "idle_cpu_percent", title: "CPU % idle", digits: 1 },
  { key: "version", title: "version" },
];

export interface Extent {
  connections: number[];
  servers: string[];
  seconds: number;
}

/** Each count in a server that has just started: memory that an earlier crowd left behind would count. */
export async function idle(place: Place, report: Report, extent: Extent): Promise<void> {
  const rows: Row[] = [];
  for (const name of extent.servers) {
    for (const seats of extent.connections) {
      const server = await startServer[name]!(place);
      try {
        const settings = { clients: 0, seats, fanout: 3, seconds: extent.seconds };
        const row = await attempt({ server: name, connected: seats }, () => load(place, "idle", server, settings),
          (done) => `${Number(done.pss_kb_per_connection).toFixed(1)} kB each`);
        rows.push(report.add("idle", { ...row, version: server.version }));
      } finally {
        await server.stop();
      }
    }
  }
  printTable("idle: TLS connections, each a client in a room of three, that say nothing", columns, rows);
}
