// installation -- the whole thing on one machine: demonstration e-ID, enrumd, a keeper and the pages of each board.
// Its folder keeps everything, so that a second start goes on where the first one stopped.
import { randomBytes, randomInt } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createSocket } from "node:dgram";
import { createServer, Server } from "node:net";
import { join } from "node:path";
import { Program, run } from "./process.ts";

export interface BoardInfo {
  id: string;
  name: string;
  unit: string;
  telephone: string;
  /** So many people a minute may ask without logging in; none when it is left out. */
  advice?: number;
  primary: string;
  on_primary: string;
}

export interface Persona {
  id: string;
  name: string;
  board?: string;
  title?: string;
  personalIdentityNumber?: string;
}

export interface InstallationOptions {
  folder: string;
  /** Folder of the built programs. */
  programs: string;
  /** TLS on every connection, with a development authority. Without it: plain on loopback. */
  tls: boolean;
  boards?: string[];
  /** Further units of every board, and who of its employees is in them; the others are in its first one. */
  units?: Record<string, string[]>;
  /** Under which name employees are known to everybody but the board, by identity. */
  aliases?: Record<string, string>;
  /** Further e-ID providers of every board, beside the demonstration's. `level`: whatever they say of a login counts as that, and is enough. */
  providers?: { id: string; name?: string; issuer?: string; level?: number }[];
  /** Every board's mail server, as OPERATING says: then people may have notices by e-mail. */
  notices?: object;
  /** Every keeper's virus scanner: the socket of clamd. */
  clamd?: string;
  /** Serves each board's pages at an address of its own. Needs the bundle: tools/pages makes it. */
  pages?: boolean;
  /** The pages are at samtal.BOARD.localhost, a name that browsers look for on this machine; else at 127.0.0.1. */
  hasNames?: boolean;
  /** Beside the environment of this process, for enrumd alone. */
  hostEnv?: Record<string, string>;
  /** Of this machine, where other machines reach the host and its relay. Without it only this machine does. */
  address?: string;
  /** Folder of the bundle; build/web unless told. */
  bundle?: string;
  /** A page on which somebody chooses a board, at a port of its own. With `pages`. */
  hasChooser?: boolean;
  /** Where "Lämna sidan" leads; the site's own choice unless told. */
  leave?: string;
  /** Origins of sites that may show the citizen's pages in a frame. */
  embedFrom?: string[];
  say?: (line: string) => void;
}

interface Ports {
  eid: number;
  host: number;
  /** UDP. */
  relay: number;
  /** By board. */
  pages: Record<string, number>;
  chooser?: number;
}

const root = new URL("..", import.meta.url).pathname;
const LOOPBACK = "127.0.0.1";

/** Where programs on the person's own device are answered: any port (RFC 8252 section 7.3). */
const LISTENER = "http://127.0.0.1/callback";

export const allBoards: BoardInfo[] = JSON.parse(
  readFileSync(new URL("boards.json", import.meta.url), "utf8"),
);
export const personas: Persona[] = JSON.parse(
  readFileSync(new URL("eid/personas.json", import.meta.url), "utf8"),
).personas;

/**
 * Below those that the system gives to whoever connects: a port that is chosen here stays free until its program listens, and
 * while that program is restarted, also when other installations are at work.
 */
const PORT_FIRST = 20_000;
const PORTS = 12_000;
const ATTEMPTS = 50;

type Transport = "tcp" | "udp";

function isFree(port: number, transport: Transport): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = transport === "tcp" ? createServer() : createSocket("udp4");
    const free = () => socket.close(() => resolve(true));
    socket.once("error", () => resolve(false));
    if (socket instanceof Server) socket.listen(port, "127.0.0.1", free);
    else socket.bind(port, "127.0.0.1", free);
  });
}

/** The port that is wanted, or else any. */
export async function freePort(wanted?: number, transport: Transport = "tcp"): Promise<number> {
  if (wanted !== undefined && await isFree(wanted, transport)) return wanted;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = PORT_FIRST + randomInt(PORTS);
    if (await isFree(port, transport)) return port;
  }
  throw new Error(`no port from ${PORT_FIRST} on is free`);
}

function secretFile(path: string): string {
  if (!existsSync(path)) {
    writeFileSync(path, randomBytes(24).toString("base64url"), { mode: 0o600 });
  }
  return readFileSync(path, "utf8");
}

/** Ends when all of them have, also when one fails: nothing is still on its way then. */
export async function together<Parts extends readonly unknown[]>(...parts: Parts): Promise<{ -readonly [Part in keyof Parts]: Awaited<Parts[Part]> }> {
  await Promise.allSettled(parts);
  return Promise.all(parts);
}

export class Installation {
  readonly folder: string;
  readonly boards: BoardInfo[];
  readonly ca: string | undefined;
  #options: InstallationOptions;
  #ports: Ports = { eid: 0, host: 0, relay: 0, pages: {} };
  #eid: Program | undefined;
  #pages: Program | undefined;
  #host: Program | undefined;
  #keepers = new Map<string, Program>();

  private constructor(options: InstallationOptions) {
    this.#options = options;
    this.folder = options.folder;
    this.boards = allBoards.filter((b) => options.boards?.includes(b.id) ?? true);
    this.ca = options.tls ? this.path("tls", "ca.pem") : undefined;
  }

  static async start(options: InstallationOptions): Promise<Installation> {
    const installation = new Installation(options);
    try {
      await installation.#start();
      return installation;
    } catch (error) {
      await installation.stop();
      throw error;
    }
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  program(name: string): string {
    return join(this.#options.programs, name);
  }

  boardJson(board: string): string {
    return this.path("boards", board, "board.json");
  }

  /** The folder of the board's site, as site.mjs makes it. */
  site(board: string): string {
    return this.path("boards", board, "site");
  }

  get issuer(): string {
    return this.#webUrl(this.#ports.eid);
  }

  pagesUrl(board: string, role: "citizen" | "staff" | "guest"): string {
    const port = this.#ports.pages[board];
    if (!this.#options.pages || port === undefined) throw new Error(`${board} has no pages here`);
    const name = this.#options.hasNames ? `samtal.${board}.localhost` : LOOPBACK;
    return `${this.#webUrl(port, name)}/${{ citizen: "", staff: "personal/", guest: "tolk/" }[role]}`;
  }

  /** Of the page on which somebody chooses a board. */
  get chooserUrl(): string {
    const { chooser } = this.#ports;
    if (chooser === undefined) throw new Error("there is no page to choose a board here");
    return `${this.#webUrl(chooser)}/`;
  }

  #webUrl(port: number, name = LOOPBACK): string {
    return `${this.#options.tls ? "https" : "http"}://${name}:${port}`;
  }

  get hostUrl(): string {
    return `${this.#options.tls ? "wss" : "ws"}://127.0.0.1:${this.#ports.host}`;
  }

  get healthUrl(): string {
    return `${this.hostUrl.replace(/^ws/, "http")}/healthz`;
  }

  get hostPid(): number {
    return this.#host?.pid ?? 0;
  }

  keeperPid(board: string): number {
    return this.#keepers.get(board)?.pid ?? 0;
  }

  /** The command of one device: its folder, its board, and what it is asked. */
  device(home: string, board: string, ...args: string[]): string[] {
    return [
      this.program("enrum"),
      "--home",
      this.path("homes", home),
      "--board",
      this.boardJson(board),
      ...(this.ca ? ["--ca", this.ca] : []),
      ...args,
    ];
  }

  #say(line: string): void {
    this.#options.say?.(line);
  }

  async #start(): Promise<void> {
    mkdirSync(this.path("logs"), { recursive: true, mode: 0o700 });
    mkdirSync(this.path("homes"), { recursive: true, mode: 0o700 });
    mkdirSync(this.path("host", "data"), { recursive: true, mode: 0o700 });
    if (this.#options.tls) {
      const made = await run([join(root, "certs/make"), this.path("tls")]);
      if (made.code !== 0) throw new Error(`certs/make: ${made.err}`);
    }
    await this.#choosePorts();
    this.#say("starting the demonstration e-ID");
    await this.startEid();
    const hostKey = await this.#hostKey();
    for (const board of this.boards) {
      await this.#initBoard(board, hostKey);
      this.#configure(board.id);
    }
    if (this.#options.pages) this.#say("starting the boards' pages");
    await together(this.#options.pages ? this.startPages() : undefined, this.#startBoards());
  }

  /** One keeper after the other: each needs much memory while it opens its keys. */
  async #startBoards(): Promise<void> {
    this.#say("starting enrumd");
    await this.startHost();
    for (const board of this.boards) {
      this.#say(`starting the keeper of ${board.name}`);
      await this.startKeeper(board.id);
    }
    await this.#hireStaff();
  }

  /** Ports stay the same over restarts, since board.json names them. A board without pages so far gets a port. */
  async #choosePorts(): Promise<void> {
    const file = this.path("ports.json");
    const kept: Partial<Ports> = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
    const isFixed = this.folder.startsWith(root);
    const choose = (wanted: number) => freePort(isFixed ? wanted : undefined);
    this.#ports = {
      eid: kept.eid ?? (await choose(7100)),
      host: kept.host ?? (await choose(7000)),
      relay: kept.relay ?? (await freePort(isFixed ? 7010 : undefined, "udp")),
      pages: { ...kept.pages },
    };
    if (this.#options.pages) {
      for (const { id } of this.boards) {
        this.#ports.pages[id] ??= await choose(7001 + allBoards.findIndex((board) => board.id === id));
      }
    }
    if (this.#options.hasChooser) this.#ports.chooser = kept.chooser ?? (await choose(7005));
    writeFileSync(file, JSON.stringify(this.#ports));
  }

  async startEid(): Promise<void> {
    const clients = this.boards.map((board) => ({
      client_id: `enrum-${board.id}`,
      client_secret: this.#clientSecret(board.id),
      redirect_uris: this.#redirects(board.id),
    }));
    const file = this.path("clients.json");
    writeFileSync(file, JSON.stringify(clients, null, 2), { mode: 0o600 });
    mkdirSync(this.path("eid"), { recursive: true, mode: 0o700 });
    this.#eid = await Program.start({
      name: "e-ID",
      command: [
        process.execPath,
        join(root, "demo/eid/provider.ts"),
        ...["--port", String(this.#ports.eid), "--state", this.path("eid"), "--clients", file],
        ...(this.#options.tls
          ? ["--tls-cert", this.path("tls/server.pem"), "--tls-key", this.path("tls/server.key")]
          : []),
      ],
      log: this.path("logs", "eid.log"),
      ready: /^ready /,
    });
  }

  #clientSecret(board: string): string {
    mkdirSync(this.path("boards", board), { recursive: true, mode: 0o700 });
    return secretFile(this.path("boards", board, "client-secret"));
  }

  async #hostKey(): Promise<string> {
    const file = this.path("host", "host.key");
    const shown = this.path("host", "host.pub");
    if (!existsSync(shown)) {
      const made = await run([this.program("enrumd"), "init", "--host-key", file]);
      if (made.code !== 0) throw new Error(`enrumd init: ${made.err}`);
      writeFileSync(shown, made.out.trim());
    }
    return readFileSync(shown, "utf8").trim();
  }

  async #initBoard(board: BoardInfo, hostKey: string): Promise<void> {
    const folder = this.path("boards", board.id);
    if (existsSync(this.boardJson(board.id))) return;
    secretFile(join(folder, "passphrase"));
    const providers = [{ id: "demo" }, ...(this.#options.providers ?? [])];
    const files = providers.map(({ id, name = "demo-e-legitimation", issuer = this.issuer, level }: NonNullable<InstallationOptions["providers"]>[number]) => {
      const file = join(folder, `provider-${id}.json`);
      const config = this.#provider(board.id, id, name, issuer, level);
      writeFileSync(file, JSON.stringify(config, null, 2), { mode: 0o600 });
      return file;
    });
    const notices = join(folder, "notices.json");
    if (this.#options.notices !== undefined) writeFileSync(notices, JSON.stringify(this.#options.notices), { mode: 0o600 });
    const made = await run([
      this.program("enrum-keeper"),
      "init",
      ...["--home", join(folder, "keeper"), "--root-file", join(folder, "root.sealed")],
      ...["--passphrase-file", join(folder, "passphrase"), "--name", board.name],
      ...["--host-url", this.hostUrl, "--host-key", hostKey],
      ...files.flatMap((file) => ["--provider", file]),
      ...["--telephone", board.telephone],
      ...[board.unit, ...Object.keys(this.#options.units ?? {})].flatMap((unit) => ["--unit", unit]),
      ...["--colours", `${board.primary},${board.on_primary}`],
      ...["--board-json", this.boardJson(board.id)],
      ...(board.advice === undefined ? [] : ["--advice", String(board.advice)]),
      ...(this.#options.notices === undefined ? [] : ["--notices", notices]),
    ]);
    if (made.code !== 0) throw new Error(`enrum-keeper init for ${board.id}: ${made.err}`);
  }

  #provider(board: string, id: string, name: string, issuer: string, level?: number): object {
    const loa = "http://id.elegnamnden.se/loa/1.0/";
    return {
      id,
      name,
      issuer,
      client_id: `enrum-${board}`,
      client_secret: this.#clientSecret(board),
      redirect_uris: this.#redirects(board),
      scope: "openid profile",
      acr_values: "",
      id_token_signed_response_alg: "ES256",
      identity_claim: {
        citizen: "https://id.oidc.se/claim/personalIdentityNumber",
        staff: "sub",
        guest: "https://id.oidc.se/claim/personalIdentityNumber",
      },
      name_claim: "name",
      number_claim: "https://id.oidc.se/claim/personalIdentityNumber",
      levels: {
        [`${loa}loa2`]: level ?? 2,
        [`${loa}loa3`]: level ?? 3,
        [`${loa}loa4`]: level ?? 4,
        "http://id.swedenconnect.se/loa/1.0/uncertified-loa3": level ?? 3,
      },
      min_level: { citizen: level ?? 3, staff: level ?? 3, guest: level ?? 3 },
      roles: ["citizen", "staff", "guest"],
      ...(this.ca ? { ca_file: this.ca } : {}),
    };
  }

  /** Where a login at this board may end: a program's own listener, and the board's pages. */
  #redirects(board: string): string[] {
    const roles = this.#options.pages ? (["citizen", "staff", "guest"] as const) : [];
    return [LISTENER, ...roles.map((role) => this.pagesUrl(board, role))];
  }

  /** A board that was made before it had pages learns their addresses: its keeper reads this file when it starts. */
  #configure(board: string): void {
    const file = this.path("boards", board, "keeper", "config.json");
    const before = readFileSync(file, "utf8");
    const config: { providers: { redirect_uris: string[] }[]; clamd?: string } = JSON.parse(before);
    if (this.#options.clamd !== undefined) config.clamd = this.#options.clamd;
    for (const provider of config.providers) provider.redirect_uris = this.#redirects(board);
    const after = JSON.stringify(config, null, 2);
    if (after === before) return;
    writeFileSync(`${file}.new`, after, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  async #makeSite(out: string, ...words: string[]): Promise<void> {
    const made = await run([
      process.execPath,
      join(root, "client-sdk/web/site.mjs"),
      ...["--out", out, "--bundle", this.#options.bundle ?? join(root, "build/web")],
      ...(this.#options.leave === undefined ? [] : ["--leave", this.#options.leave]),
      ...words,
    ]);
    if (made.code !== 0) throw new Error(`the pages of ${out}: ${made.err}`);
  }

  async startPages(): Promise<void> {
    const framers = (this.#options.embedFrom ?? []).flatMap((origin) => ["--embed-from", origin]);
    await Promise.all(this.boards.map(({ id }) => this.#makeSite(this.site(id), "--board", this.boardJson(id), ...framers)));
    const sites = this.boards.map(({ id }) => `${this.site(id)}:${this.#ports.pages[id]}`);
    if (this.#options.hasChooser) {
      const choices = this.boards.map(({ id }) => `${this.boardJson(id)}=${this.pagesUrl(id, "citizen")}`);
      await this.#makeSite(this.path("chooser"), ...choices.flatMap((choice) => ["--choose", choice]));
      sites.push(`${this.path("chooser")}:${this.#ports.chooser}`);
    }
    this.#pages = await Program.start({
      name: "pages",
      command: [
        process.execPath,
        join(root, "demo/pages.ts"),
        ...sites.flatMap((site) => ["--site", site]),
        ...(this.#options.tls
          ? ["--tls-cert", this.path("tls/server.pem"), "--tls-key", this.path("tls/server.key")]
          : []),
      ],
      log: this.path("logs", "pages.log"),
      ready: /^ready$/,
    });
  }

  async stopPages(): Promise<void> {
    await this.#pages?.stop();
    this.#pages = undefined;
  }

  async startHost(): Promise<void> {
    const config = this.path("host", "enrumd.json");
    writeFileSync(
      config,
      JSON.stringify(
        {
          listen: `${this.#options.address === undefined ? LOOPBACK : "0.0.0.0"}:${this.#ports.host}`,
          ...(this.#options.tls
            ? { tls: { certificate: this.path("tls/server.pem"), key: this.path("tls/server.key") } }
            : {}),
          data: this.path("host", "data"),
          host_key: this.path("host", "host.key"),
          boards: this.boards.map((b) => this.boardJson(b.id)),
          relay: { listen: `${this.#options.address ?? LOOPBACK}:${this.#ports.relay}` },
        },
        null,
        2,
      ),
    );
    this.#host = await Program.start({
      name: "enrumd",
      command: [this.program("enrumd"), "--config", config],
      ...(this.#options.hostEnv ? { env: this.#options.hostEnv } : {}),
      log: this.path("logs", "enrumd.log"),
      ready: /event=listening/,
    });
  }

  /** As a lost machine would: no warning, nothing flushed. */
  async killHost(): Promise<void> {
    await this.#host?.stop("SIGKILL");
  }

  async stopHost(): Promise<number | null> {
    return (await this.#host?.stop())?.code ?? null;
  }

  async startKeeper(board: string): Promise<void> {
    const folder = this.path("boards", board);
    this.#keepers.set(
      board,
      await Program.start({
        name: `keeper of ${board}`,
        command: [
          this.program("enrum-keeper"),
          "run",
          ...["--home", join(folder, "keeper"), "--passphrase-file", join(folder, "passphrase")],
          ...(this.ca ? ["--ca", this.ca] : []),
        ],
        log: this.path("logs", `keeper-${board}.log`),
        ready: /event=ready/,
      }),
    );
  }

  async stopKeeper(board: string, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    await this.#keepers.get(board)?.stop(signal);
    this.#keepers.delete(board);
  }

  /** What a keeper can rebuild: gone. Keys and configuration stay. */
  forgetKeeperDatabase(board: string): void {
    for (const suffix of ["", "-wal", "-shm"]) {
      rmSync(this.path("boards", board, "keeper", `enrum.db${suffix}`), { force: true });
    }
  }

  async staff(board: string, ...args: string[]): Promise<string> {
    const home = this.path("boards", board, "keeper");
    const [verb, ...rest] = args;
    const done = await run([this.program("enrum-keeper"), "staff", verb!, "--home", home, ...rest]);
    if (done.code !== 0) throw new Error(`staff ${verb}: ${done.err}${done.out}`);
    return done.out;
  }

  #unitOf(persona: string): string | undefined {
    return Object.entries(this.#options.units ?? {}).find(([, people]) => people.includes(persona))?.[0];
  }

  async #hireStaff(): Promise<void> {
    for (const board of this.boards) {
      const listed = await this.staff(board.id, "list");
      for (const persona of personas.filter((p) => p.board === board.id)) {
        if (listed.includes(persona.id)) continue;
        const unit = this.#unitOf(persona.id);
        const alias = this.#options.aliases?.[persona.id];
        await this.staff(
          board.id,
          "add",
          ...["--identity", persona.id, "--name", persona.name, "--title", persona.title ?? ""],
          ...(unit === undefined ? [] : ["--unit", unit]),
          ...(alias === undefined ? [] : ["--alias", alias]),
        );
      }
    }
  }

  async stop(): Promise<void> {
    for (const board of [...this.#keepers.keys()]) await this.stopKeeper(board);
    await this.#host?.stop();
    await this.stopPages();
    await this.#eid?.stop();
  }
}
