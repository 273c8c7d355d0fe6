// hostile -- what honest clients notice while others attack from as near as it gets: the same machine, the same processors.
import { columns } from "./appends.ts";
import { measure, load, words } from "./load.ts";
import type { Place } from "./place.ts";
import { printTable, type Report, type Row } from "./report.ts";
import { startEnrum, type Server } from "./servers.ts";

const KINDS = ["nobody", "handshakes", "garbage", "forged", "deaf"];
const ATTACKERS = 32;

const attackColumns = [
  { key: "attack", title: "attack" },
  { key: "attackers", title: "attackers" },
  { key: "strikes_per_s", title: "strikes/s" },
  { key: "connections_per_s", title: "connections/s" },
  { key: "refusals_per_s", title: "refusals/s" },
];

async function under(place: Place, server: Server, kind: string, window: number): Promise<Row> {
  const honest = { clients: 50, fanout: 5, entries: 40_000, window };
  if (kind === "nobody") return load(place, "write", server, honest);
  // The attack begins before the honest ones come, and outlasts them: connecting, too, must work under it. It yields to
  // both, so that what is measured is the server's work and not the want of a third processor.
  const seconds = window + 6;
  const settings = words({ port: server.port, kind, clients: ATTACKERS, window: seconds });
  const attack = measure(["nice", "-n", "19", place.program("bench-load"), "attack", "enrum", ...settings]);
  const row = await load(place, "write", server, honest);
  return { ...(await attack), ...row };
}

export async function hostile(place: Place, report: Report, window: number): Promise<void> {
  const rows: Row[] = [];
  for (const kind of KINDS) {
    // With the host's own limits, which are what defends it: none of the honest clients here comes near them.
    const server = await startEnrum(place, { ownLimits: true });
    try {
      const row = await under(place, server, kind, window);
      rows.push(report.add("hostile", { ...row, scenario: "hostile", attack: kind, version: server.version }));
    } finally {
      await server.stop();
    }
  }
  const shown = columns.filter(({ key }) => !["syncs_per_append", "durability", "server", "fanout"].includes(key));
  printTable("hostile: 50 honest clients in rooms of five, while others attack", [...attackColumns, ...shown], rows);
}
