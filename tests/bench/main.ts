// main -- the benchmarks by name, one after the other; what `./bench` runs.
import { parseArgs } from "node:util";
import { appends } from "./appends.ts";
import { client } from "./client.ts";
import { fanout } from "./fanout.ts";
import { growth } from "./growth.ts";
import { hostile } from "./hostile.ts";
import { idle } from "./idle.ts";
import { pages } from "./pages.ts";
import { machine, Place } from "./place.ts";
import { relay, startRelay } from "./relay.ts";
import { Report } from "./report.ts";
import { startServer, stopAll } from "./servers.ts";
import { storm } from "./storm.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    programs: { type: "string" },
    json: { type: "string" },
    quick: { type: "boolean", default: false },
    servers: { type: "string" },
    clients: { type: "string" },
    fanouts: { type: "string" },
    large: { type: "boolean", default: false },
    folder: { type: "string" },
  },
});
if (!values.programs) throw new Error("--programs is needed");

const known = new Set([...Object.keys(startServer), ...Object.keys(startRelay)]);
const named = values.servers?.split(",") ?? [...known];
const servers = named.filter((name) => name in startServer);
const { quick } = values;

const numbers = (text: string | undefined, otherwise: number[]) => text?.split(",").map(Number) ?? otherwise;

const benchmarks: Record<string, (place: Place, report: Report) => Promise<void>> = {
  appends: (place, report) =>
    appends(place, report, {
      clients: numbers(values.clients, quick ? [1, 100] : [1, 10, 100, 1000]),
      fanouts: numbers(values.fanouts, quick ? [8] : [2, 8, 100]),
      servers,
      window: quick ? 1 : 3,
    }),
  idle: (place, report) =>
    idle(place, report, {
      connections: quick ? [300] : [1000, 10_000, 19_000],
      // A process for each connection, as PostgreSQL has, or two connections for each client, as here with Redis, is
      // another kind of server.
      servers: servers.filter((name) => ["enrum", "prosody", "ejabberd"].includes(name)),
      seconds: quick ? 1 : 10,
    }),
  storm: (place, report) => storm(place, report, quick ? 500 : 5000),
  fanout: (place, report) => fanout(place, report, { rooms: quick ? 100 : 1000, window: quick ? 1 : 3 }),
  client: (place, report) => client(place, report, quick ? 500 : 10_000),
  growth: (place, report) =>
    growth(place, report, quick ? [1000, 5000] : [10_000, 1_000_000, ...(values.large ? [10_000_000] : [])], values.folder),
  pages: (place, report) => pages(place, report, quick ? 500 : 10_000),
  hostile: (place, report) => hostile(place, report, quick ? 1 : 5),
  relay: (place, report) =>
    relay(place, report, {
      scenarios: quick
        ? [{ pps: 1000, receivers: 8 }]
        : [[2000, 1], [2000, 8], [2000, 20], [4000, 30], [6000, 40]].map(([pps, receivers]) => ({ pps: pps!, receivers: receivers! })),
      seconds: quick ? 2 : 6,
      servers: named.filter((name) => name in startRelay),
    }),
};

const unknown = [
  ...positionals.filter((name) => !(name in benchmarks)),
  ...named.filter((name) => !known.has(name)),
];
if (unknown.length > 0) {
  console.error(`./bench: there is no '${unknown[0]}'; there are ${Object.keys(benchmarks).join(", ")}`);
  process.exit(2);
}

const place = new Place(values.programs);
const report = new Report(machine(place.folder), values.json);
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void stopAll().then(() => {
      place.remove();
      process.exit(1);
    });
  });
}
console.log(`${report.date}\n${report.machine}`);
try {
  for (const name of positionals.length > 0 ? positionals : Object.keys(benchmarks)) {
    // One that fails does not keep the others from being measured.
    await benchmarks[name]!(place, report).catch((error: unknown) => {
      console.error(`./bench: ${name}:`, error);
      process.exitCode = 1;
    });
  }
} finally {
  place.remove();
}
