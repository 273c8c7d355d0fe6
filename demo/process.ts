// process -- one program of the installation: started, watched until it is ready, stopped by its own id.
import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream, type WriteStream } from "node:fs";

export interface ProgramOptions {
  name: string;
  command: string[];
  /** Everything that it prints goes here. */
  log: string;
  /** A line that matches means that it is ready. */
  ready: RegExp;
  env?: Record<string, string>;
  /** ms */
  patience?: number;
}

export interface Outcome {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export class Program {
  readonly name: string;
  readonly pid: number;
  readonly readyLine: string;
  readonly ended: Promise<Outcome>;
  #child: ChildProcess;

  private constructor(name: string, child: ChildProcess, ended: Promise<Outcome>, line: string) {
    this.name = name;
    this.pid = child.pid ?? 0;
    this.#child = child;
    this.ended = ended;
    this.readyLine = line;
  }

  /** Resolves when the ready line has come; rejects, with the last lines, when the program ends or says nothing. */
  static async start(options: ProgramOptions): Promise<Program> {
    const [file, ...args] = options.command;
    const child = spawn(file!, args, {
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const log = createWriteStream(options.log, { flags: "a" });
    const ended = new Promise<Outcome>((resolve) => {
      child.once("error", () => resolve({ code: 127, signal: null }));
      child.once("exit", (code, signal) => resolve({ code, signal }));
    });
    const line = await firstReadyLine(child, ended, log, options);
    return new Program(options.name, child, ended, line);
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async stop(signal: NodeJS.Signals = "SIGTERM", patience = 20_000): Promise<Outcome> {
    if (this.isRunning) {
      this.#child.kill(signal);
    }
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), patience);
    const outcome = await this.ended;
    clearTimeout(timer);
    return outcome;
  }
}

function firstReadyLine(
  child: ChildProcess,
  ended: Promise<Outcome>,
  log: WriteStream,
  options: ProgramOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const last: string[] = [];
    const fail = (why: string) =>
      reject(new Error(`${options.name} ${why}; its last lines:\n  ${last.join("\n  ")}`));
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      fail("was not ready in time");
    }, options.patience ?? 30_000);
    for (const stream of [child.stdout!, child.stderr!]) {
      let rest = "";
      stream.setEncoding("utf8");
      stream.on("data", (text: string) => {
        log.write(text);
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) {
          last.push(line);
          last.splice(0, last.length - 15);
          if (options.ready.test(line)) {
            clearTimeout(timer);
            resolve(line);
          }
        }
      });
    }
    void ended.then(({ code, signal }) => {
      clearTimeout(timer);
      fail(`ended (${signal ?? code})`);
    });
  });
}

/** Runs a program to its end. Output is collected as text; a run that takes longer than `patience` ms is ended. */
export function run(
  command: string[],
  options: {
    input?: string;
    env?: Record<string, string>;
    patience?: number;
    /** Called with every line of standard output as it comes. */
    onLine?: (line: string) => void;
  } = {},
): Promise<{ code: number; out: string; err: string }> {
  const [file, ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(file!, args, { env: { ...process.env, ...options.env } });
    const patience = options.patience ?? 60_000;
    let out = "";
    let err = "";
    const timer = setTimeout(() => {
      err += `not done in ${patience / 1000} s\n`;
      child.kill("SIGKILL");
    }, patience);
    let rest = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach((line) => options.onLine?.(line));
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? (signal === "SIGKILL" ? 137 : 1), out, err });
    });
  });
}
