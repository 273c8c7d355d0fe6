// host -- relayhost as a test has it: orders are promises, events are waited for.
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { programs } from "../e2e/programs.ts";

export interface LegAnswer {
  leg: string;
  ufrag: string;
  password: string;
}

export interface StreamWanted {
  kind: "audio" | "video";
  ssrc: number;
  rtxSsrc?: number;
  payloadType: number;
  rtxPayloadType?: number;
  /** Id of the transport-wide number's header extension. */
  extension?: number;
  clockRate?: number;
  outSsrc: number;
}

/** Asks again until it is true, for at most `patience` ms: a bound, and no measurement. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, patience = 60_000): Promise<void> {
  const end = Date.now() + patience;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`it never came: ${what}`);
    await pause(10);
  }
}

export class RelayHost {
  readonly address: string;
  readonly port: number;
  readonly fingerprint: string;
  readonly pid: number;
  /** Lines such as "connected LEG" and "lost LEG REASON". */
  readonly events: string[] = [];
  #child: ChildProcessWithoutNullStreams;
  #answers: ((line: string) => void)[] = [];
  #ended: Promise<number | null>;

  /** What it has said on standard error: a sanitizer's words. */
  #errors: () => string;

  private constructor(child: ChildProcessWithoutNullStreams, address: string, first: string, errors: () => string) {
    const [, port, fingerprint] = first.split(" ");
    this.#child = child;
    this.#errors = errors;
    this.pid = child.pid!;
    this.address = address;
    this.port = parseInt(port!, 16);
    this.fingerprint = fingerprint!;
    this.#ended = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
  }

  /** `before`: the words of a program that runs it. */
  static start(options: { address?: string; args?: string[]; program?: string; before?: string[] } = {}): Promise<RelayHost> {
    const address = options.address ?? "127.0.0.1";
    const program = options.program ?? join(programs(), "relayhost");
    const [file, ...words] = [...(options.before ?? []), program, "--address", address, ...(options.args ?? [])];
    const child = spawn(file!, words, { stdio: ["pipe", "pipe", "pipe"] });
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    return new Promise((resolve, reject) => {
      let host: RelayHost | undefined;
      child.once("exit", (code) => reject(new Error(`relayhost ended with ${code}: ${errors}`)));
      createInterface(child.stdout).on("line", (line) => {
        if (host === undefined) resolve((host = new RelayHost(child, address, line, () => errors)));
        else host.#take(line);
      });
    });
  }

  #take(line: string): void {
    if (line.startsWith("connected ") || line.startsWith("lost ")) this.events.push(line);
    else this.#answers.shift()!(line);
  }

  #ask(line: string): Promise<string[]> {
    return new Promise((resolve) => {
      this.#answers.push((answer) => resolve(answer.split(" ")));
      this.#child.stdin.write(`${line}\n`);
    });
  }

  async #askFor(line: string): Promise<string[]> {
    const words = await this.#ask(line);
    if (words[0] === "refused") throw new Error(`refused: ${line}`);
    return words;
  }

  async call(): Promise<string> {
    return (await this.#askFor("call"))[1]!;
  }

  async leg(call: string, ufrag: string, fingerprint: string): Promise<LegAnswer> {
    const [, leg, local, password] = await this.#askFor(`leg ${call} ${ufrag} ${fingerprint}`);
    return { leg: leg!, ufrag: local!, password: password! };
  }

  async publish(leg: string, wanted: StreamWanted): Promise<string> {
    const numbers = [wanted.ssrc, wanted.rtxSsrc ?? 0, wanted.payloadType, wanted.rtxPayloadType ?? 0,
      wanted.extension ?? 0, wanted.clockRate ?? (wanted.kind === "audio" ? 48000 : 90000), wanted.outSsrc];
    const words = numbers.map((number) => number.toString(16)).join(" ");
    return (await this.#askFor(`publish ${leg} ${wanted.kind} ${words}`))[1]!;
  }

  async order(line: string): Promise<boolean> {
    return (await this.#ask(line))[0] === "done";
  }

  subscribe(leg: string, stream: string): Promise<boolean> {
    return this.order(`subscribe ${leg} ${stream}`);
  }

  async counts(): Promise<Record<string, number>> {
    const [, ...json] = await this.#ask("counts");
    return JSON.parse(json.join(" ")) as Record<string, number>;
  }

  /** An event that begins with these words. */
  async event(words: string, patience?: number): Promise<string> {
    await until(words, () => this.events.some((event) => event.startsWith(words)), patience);
    return this.events.find((event) => event.startsWith(words))!;
  }

  /** Its exit code: a sanitizer that found something makes it another one than 0. */
  async stop(): Promise<number | null> {
    this.#child.stdin.end();
    const code = await this.#ended;
    if (code !== 0) console.error(this.#errors());
    return code;
  }
}
