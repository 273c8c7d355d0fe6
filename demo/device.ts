// device -- one `enrum` command line with a folder of its own, used as a person would use it.
import { existsSync } from "node:fs";
import { walk } from "./eid/walk.ts";
import type { Installation } from "./installation.ts";
import { run } from "./process.ts";

/** A line of `enrum read --json`, as far as it is used here. */
export interface Entry {
  seq: number;
  hash: string;
  received_at: number;
  /** Of a record, what it is about; else the class, such as "checkpoint". */
  kind: string;
  role: string;
  person: string;
  name?: string;
  text?: string;
  recorded: boolean;
  receipt?: object;
}

export interface Ran {
  code: number;
  out: string;
  err: string;
}

export class Device {
  readonly home: string;
  readonly board: string;
  readonly persona: string;
  readonly role: "citizen" | "staff";
  #installation: Installation;

  constructor(
    installation: Installation,
    home: string,
    board: string,
    persona: string,
    role: "citizen" | "staff",
  ) {
    this.#installation = installation;
    this.home = home;
    this.board = board;
    this.persona = persona;
    this.role = role;
  }

  /** Runs a command; does not judge its outcome. */
  run(args: string[], options: Parameters<typeof run>[1] = {}): Promise<Ran> {
    const language = { LANG: "C.UTF-8", LC_ALL: "", ...options.env };
    return run(this.#installation.device(this.home, this.board, ...args), {
      ...options,
      env: language,
    });
  }

  /** Runs a command that must succeed. */
  async must(args: string[], options: Parameters<typeof run>[1] = {}): Promise<string> {
    const ran = await this.run(args, options);
    if (ran.code !== 0) {
      throw new Error(`enrum ${args[0]} (${this.home}) ended with ${ran.code}: ${ran.err}${ran.out}`);
    }
    return ran.out;
  }

  /** Logs in at the provider's own pages, as a browser would. */
  async tryLogin(options: { provider?: string; hint?: string } = {}): Promise<Ran> {
    let walked: Promise<unknown> | undefined;
    const provider = options.provider ? ["--provider", options.provider] : [];
    const ran = await this.run(["login", "--role", this.role, "--no-browser", ...provider], {
      onLine: (line) => {
        const printed = /^open (\S+)$/.exec(line)?.[1];
        if (printed && !walked) {
          const url = new URL(printed);
          if (options.hint) url.searchParams.set("login_hint", options.hint);
          walked = walk(url.href, this.persona, this.#installation.ca ? { ca: this.#installation.ca } : {});
          walked.catch(() => {});
        }
      },
    });
    await walked;
    return ran;
  }

  async login(): Promise<void> {
    const ran = await this.tryLogin();
    if (ran.code !== 0) {
      throw new Error(`login of ${this.persona} (${this.home}) ended with ${ran.code}: ${ran.err}${ran.out}`);
    }
  }

  get hasHome(): boolean {
    return existsSync(this.#installation.path("homes", this.home));
  }

  async newRoom(title: string, text: string): Promise<string> {
    const out = await this.must(["new", title, text]);
    const room = /[0-9a-f]{64}/.exec(out)?.[0];
    if (!room) throw new Error(`enrum new did not print a room: ${out}`);
    return room;
  }

  /** Takes a conversation, once it stands in the queue. */
  async take(room: string): Promise<void> {
    await eventually("the conversation in the queue", async () => (await this.must(["rooms"])).includes(room.slice(0, 8)));
    await this.must(["take", room]);
  }

  async read(room: string): Promise<Entry[]> {
    const out = await this.must(["read", room, "--json"]);
    return out
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as Entry);
  }
}

/** Tries until it holds; the last failure is told. */
export async function eventually<T>(
  what: string,
  attempt: () => Promise<T | undefined | false>,
  patience = 60_000,
): Promise<T> {
  const until = Date.now() + patience;
  let last: unknown;
  for (;;) {
    try {
      const result = await attempt();
      if (result) return result;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > until) {
      throw new Error(`${what}: not within ${patience / 1000} s${last ? ` (${String(last)})` : ""}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
