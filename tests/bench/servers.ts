// servers -- Enrum and its peers, each started with a configuration and data of the run's own and ended by its process id.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Program, run, type ProgramOptions } from "../../demo/process.ts";
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

const running = new Set<Program>();

export async function begin(options: ProgramOptions): Promise<Program> {
  const program = await Program.start(options);
  running.add(program);
  void program.ended.then(() => running.delete(program));
  return program;
}

/** When the benchmarks themselves are ended: nothing of theirs runs on. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map((program) => program.stop("SIGKILL")));
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
  /** The host's own limits; otherwise one fast client, and many from one address, may do what they can. */
  ownLimits?: boolean;
}

export function enrumFolder(place: Place): Promise<string> {
  const folder = place.make("enrum");
  return prepareEnrum(place, folder).then(() => folder);
}

/** A host's key and a board of its own, in this folder. */
export async function prepareEnrum(place: Place, folder: string): Promise<void> {
  const made = await run([place.program("enrumd"), "init", "--host-key", join(folder, "host.key")]);
  const board = join(folder, "board.json");
  const written = await run([place.program("bench-load"), "board", made.out.trim(), board]);
  if (made.code !== 0 || written.code !== 0) throw new Error(`no board: ${made.err}${written.err}`);
}

export function ownVersion(): string {
  try {
    const words = ["describe", "--always", "--dirty"];
    return execFileSync("git", words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "no commit known"; // a tree without its repository
  }
}

const most = 1_000_000;
const benchLimits = {
  frames_per_s: most,
  bytes_per_s: 1 << 30,
  person_sessions: most,
  person_frames_per_s: most,
  person_bytes_per_s: 1 << 30,
  address_unproved: most,
  address_work_per_s: most,
  address_bytes_per_s: 1 << 30,
};

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
      ...(options.ownLimits ? {} : { limits: benchLimits }),
    }),
  );
  const program = await begin({
    name: "enrumd",
    command: [place.program("enrumd"), "--config", join(folder, "enrumd.json")],
    log: join(folder, "enrumd.log"),
    ready: /event=listening/,
    patience: 120_000,
  });
  return {
    name: "enrum",
    version: ownVersion(),
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
  const program = await begin({
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
  const program = await begin({
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

/** An XMPP server keeps its archive in a PostgreSQL of its own, whose work counts as its own. */
async function withArchive(place: Place, start: (archive: Server) => Promise<Server>): Promise<Server> {
  const archive = await startPostgres(place);
  try {
    const server = await start(archive);
    return {
      ...server,
      pids: [...server.pids, ...archive.pids],
      stop: async () => {
        await server.stop();
        await archive.stop();
      },
    };
  } catch (error) {
    await archive.stop();
    throw error;
  }
}

const lua = (settings: Record<string, unknown>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} = ${luaValue(value)}`)
    .join("\n");

function luaValue(value: unknown): string {
  if (Array.isArray(value)) return `{ ${value.map(luaValue).join(", ")} }`;
  if (typeof value === "object" && value !== null) {
    return `{ ${Object.entries(value).map(([name, inner]) => `${name} = ${luaValue(inner)}`).join(", ")} }`;
  }
  return JSON.stringify(value);
}

export const startProsody: Start = (place) => withArchive(place, async (archive) => {
  const user = "prosody";
  const folder = place.make("prosody", user);
  const ssl = keysFor(place, folder, user);
  const port = await freePort();
  const general = {
    data_path: folder,
    modules_enabled: ["saslauth", "websocket"],
    modules_disabled: ["s2s", "offline", "admin_socket"],
    network_backend: "epoll",
    c2s_ports: [],
    http_ports: [],
    https_ports: [port],
    https_interfaces: ["127.0.0.1"],
    https_ssl: ssl,
    ssl,
    log: { info: "*console" },
    storage: { muc_log: "sql" },
    sql: { driver: "PostgreSQL", database: "postgres", host: "127.0.0.1", port: archive.port, username: "postgres" },
  };
  const rooms = { modules_enabled: ["muc_mam"], muc_log_by_default: true, muc_room_default_persistent: true, muc_room_locking: false };
  const file = join(folder, "prosody.cfg.lua");
  writeFileSync(
    file,
    `${lua(general)}\nVirtualHost "localhost"\nauthentication = "anonymous"\n` +
      `Component "conference.localhost" "muc"\n${lua(rooms)}\n`,
  );
  const program = await begin({
    name: "prosody",
    command: [...asUser(user), "prosody", "-F", "--config", file],
    log: join(place.folder, "prosody.log"),
    ready: /Activated service 'https'/,
  });
  return {
    name: "prosody",
    version: packageVersion("prosody"),
    port,
    pids: [program.pid],
    durability: `archive in PostgreSQL: ${archive.durability}`,
    stop: () => program.stop().then(() => {}),
  };
});

const ejabberdConfig = (port: number, archive: Server, pem: string) => `
hosts: [localhost]
loglevel: notice
certfiles: [${pem}]
sql_type: pgsql
sql_server: 127.0.0.1
sql_port: ${archive.port}
sql_database: postgres
sql_username: postgres
auth_method: [anonymous]
anonymous_protocol: sasl_anon
allow_multiple_connections: true
websocket_ping_interval: 60
listen:
  - port: ${port}
    ip: 127.0.0.1
    module: ejabberd_http
    tls: true
    backlog: 1024
    request_handlers: { /xmpp-websocket: ejabberd_http_ws }
modules:
  mod_mam: { db_type: sql, default: always }
  mod_muc:
    history_size: 0
    max_users: 500
    default_room_options: { persistent: true, mam: true, max_users: 500 }
`;

export const startEjabberd: Start = (place) => withArchive(place, async (archive) => {
  const user = "ejabberd";
  const folder = place.make("ejabberd", user);
  const port = await freePort();
  const { certificate, key } = keysFor(place, folder, user);
  const pem = join(folder, "both.pem");
  writeFileSync(pem, readFileSync(certificate, "utf8") + readFileSync(key, "utf8"));
  writeFileSync(join(folder, "ejabberd.yml"), ejabberdConfig(port, archive, pem));
  const where = ["-h", "127.0.0.1", "-p", String(archive.port), "-U", "postgres", "-q", "-v", "ON_ERROR_STOP=1"];
  const made = await run(["psql", ...where, "-f", "/usr/share/ejabberd/sql/pg.sql", "postgres"]);
  if (made.code !== 0) throw new Error(`ejabberd's tables: ${made.err}`);
  // By hand, not by ejabberdctl: without a node name there is no port mapper, which would stay behind.
  const env = {
    HOME: folder,
    ERL_LIBS: "/usr/lib/x86_64-linux-gnu",
    ERL_MAX_PORTS: "32000",
    ERL_CRASH_DUMP: join(folder, "crash.dump"),
    EJABBERD_CONFIG_PATH: join(folder, "ejabberd.yml"),
    EJABBERD_LOG_PATH: join(folder, "ejabberd.log"),
  };
  const program = await begin({
    name: "ejabberd",
    command: [...asUser(user), "env", ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
      "erl", "+K", "true", "+P", "250000", "-noinput", "-noshell", "-mnesia", "dir", `"${folder}"`, "-s", "ejabberd",
      "-eval", 'io:format("all is started~n")'],
    log: join(place.folder, "ejabberd.log"),
    ready: /all is started/,
    patience: 60_000,
  });
  return {
    name: "ejabberd",
    version: packageVersion("ejabberd"),
    port,
    pids: [program.pid],
    durability: `archive in PostgreSQL: ${archive.durability}`,
    stop: () => program.stop().then(() => {}),
  };
});

export const startServer: Record<string, Start> = {
  enrum: (place) => startEnrum(place),
  postgresql: startPostgres,
  redis: startRedis,
  prosody: startProsody,
  ejabberd: startEjabberd,
};
