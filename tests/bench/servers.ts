// servers -- Enrum and its peers, each started with a configuration and data of the run's own and ended by its process id.
import { execFileSync } from "node:child_process";
import { writeFileSync, copyFileSync, chmodSync } from "node:fs";
import { join } from "node:path";
import { Program, run } from "../../demo/process.ts";
import { asUser, freePort, isRoot, packageVersion, type Place } from "./place.ts";

export interface Server {
  /** As bench-load knows it. */
  name: string;
  version: string;
  port: number;
  /** All that belongs to it: what one does for it counts as its own. */
  pids: number[];
  /** What an acknowledgement means. */
  durability: string;
  stop(): Promise<void>;
}

export type Start = (place: Place) => Promise<Server>;

/** The server's own copy of certificate and key: each insists on another owner. */
function keysFor(place: Place, folder: string, user?: string): { certificate: string; key: string } {
  const own = { certificate: join(folder, "server.pem"), key: join(folder, "server.key") };
  copyFileSync(place.certificate, own.certificate);
  copyFileSync(place.key, own.key);
  chmodSync(own.key, 0o600);
  if (user && isRoot()) execFileSync("chown", [`${user}:`, own.certificate, own.key]);
  return own;
}

export interface EnrumOptions {
  /** Data of an earlier server, to be met again. */
  folder?: string;
  /** As the host has it where nothing is said; benchmarks of one fast client need more. */
  limits?: Record<string, number>;
}

export function enrumFolder(place: Place): Promise<string> {
  const folder = place.make("enrum");
  return prepareEnrum(place, folder).then(() => folder);
}

async function prepareEnrum(place: Place, folder: string): Promise<void> {
  const made = await run([place.program("enrumd"), "init", "--host-key", join(folder, "host.key")]);
  const board = join(folder, "board.json");
  const written = await run([place.program("bench-load"), "board", made.out.trim(), board]);
  if (made.code !== 0 || written.code !== 0) throw new Error(`no board: ${made.err}${written.err}`);
}

const benchLimits = { frames_per_s: 1_000_000, bytes_per_s: 1 << 30, sessions_per_address: 1_000_000 };

export async function startEnrum(place: Place, options: EnrumOptions = {}): Promise<Server> {
  const folder = options.folder ?? (await enrumFolder(place));
  const port = await freePort();
  writeFileSync(
    join(folder, "enrumd.json"),
    JSON.stringify({
      listen: `127.0.0.1:${port}`,
      tls: { certificate: place.certificate, key: place.key },
      data: folder,
      host_key: join(folder, "host.key"),
      boards: [join(folder, "board.json")],
      limits: { ...benchLimits, ...options.limits },
    }),
  );
  const program = await Program.start({
    name: "enrumd",
    command: [place.program("enrumd"), "--config", join(folder, "enrumd.json")],
    log: join(folder, "enrumd.log"),
    ready: /event=listening/,
    patience: 120_000,
  });
  return {
    name: "enrum",
    version: execFileSync("git", ["describe", "--always", "--dirty"], { encoding: "utf8" }).trim(),
    port,
    pids: [program.pid],
    durability: "SQLite WAL, synchronous=FULL, then a signed receipt",
    stop: () => program.stop().then(() => {}),
  };
}

function postgresBinary(name: string): string {
  const major = packageVersion("postgresql").split("+")[0];
  return `/usr/lib/postgresql/${major}/bin/${name}`;
}

export async function startPostgres(place: Place): Promise<Server> {
  const user = "postgres";
  const folder = place.make("postgresql", user);
  const data = join(folder, "data");
  const made = await run([...asUser(user), postgresBinary("initdb"), "-D", data, "-A", "trust", "-U", "postgres"]);
  if (made.code !== 0) throw new Error(`initdb: ${made.err}`);
  const { certificate, key } = keysFor(place, folder, user);
  const port = await freePort();
  const settings = {
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    ssl: "on",
    ssl_cert_file: certificate,
    ssl_key_file: key,
    max_connections: "1200",
    synchronous_commit: "on",
    fsync: "on",
  };
  const words = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const program = await Program.start({
    name: "postgresql",
    command: [...asUser(user), postgresBinary("postgres"), "-D", data, ...words],
    log: join(place.folder, "postgresql.log"),
    ready: /ready to accept connections/,
  });
  return {
    name: "postgresql",
    version: packageVersion("postgresql-15"),
    port,
    pids: [program.pid],
    durability: "WAL, synchronous_commit=on",
    // SIGINT: its fast shutdown, which does not wait for clients.
    stop: () => program.stop("SIGINT").then(() => {}),
  };
}

export async function startRedis(place: Place): Promise<Server> {
  const folder = place.make("redis");
  const port = await freePort();
  const words = ["--port", "0", "--bind", "127.0.0.1", "--protected-mode", "no",
    "--tls-port", String(port), "--tls-auth-clients", "no",
    "--tls-cert-file", place.certificate, "--tls-key-file", place.key, "--tls-ca-cert-file", place.certificate,
    "--dir", folder, "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--maxclients", "19000"];
  const program = await Program.start({
    name: "redis",
    command: ["redis-server", ...words],
    log: join(place.folder, "redis.log"),
    ready: /Ready to accept connections/,
  });
  return {
    name: "redis",
    version: packageVersion("redis-server"),
    port,
    pids: [program.pid],
    durability: "append-only file, appendfsync=always",
    stop: () => program.stop().then(() => {}),
  };
}

export const startServer: Record<string, Start> = {
  enrum: (place) => startEnrum(place),
  postgresql: startPostgres,
  redis: startRedis,
};
