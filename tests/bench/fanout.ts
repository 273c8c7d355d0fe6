// fanout -- the two shapes that rooms have: one that many follow, and many of three.
import { columns } from "./appends.ts";
import { load } from "./load.ts";
import type { Place } from "./place.ts";
import { printTable, type Report, type Row } from "./report.ts";
import { startEnrum } from "./servers.ts";

export interface Extent {
  rooms: number;
  window: number;
}

export async function fanout(place: Place, report: Report, { rooms, window }: Extent): Promise<void> {
  const shapes = [
    { clients: 1, fanout: 200, seats: 200, entries: 20_000 },
    { clients: 20, fanout: 200, seats: 200, entries: 20_000 },
    { clients: rooms, fanout: 3, seats: 3 * rooms, entries: 60_000 },
  ];
  const rows: Row[] = [];
  for (const shape of shapes) {
    const server = await startEnrum(place);
    try {
      const row = await load(place, "write", server, { ...shape, window });
      rows.push(report.add("fanout", { ...row, version: server.version, durability: server.durability }));
    } finally {
      await server.stop();
    }
  }
  const shown = columns.filter(({ key }) => key !== "syncs_per_append" && key !== "durability");
  printTable("fanout: one room of 200 live devices; many rooms of three", [{ key: "rooms", title: "rooms" }, ...shown], rows);
}
