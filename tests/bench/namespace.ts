// namespace -- a network of a run's own: nobody else's packets are in it, and it has an address that is not a loopback
// interface's, which is what ICE libraries want. It lasts as long as its programs and this one do, however they end.
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { isRoot } from "./place.ts";

const ADDRESS = "10.255.71.1";
// Both ends of the cable stay in it: what goes to the address takes the loopback's way, as it does on 127.0.0.1.
const PREPARE = [
  "ip link set lo up",
  "ip link add bench0 type veth peer name bench1",
  `ip address add ${ADDRESS}/24 dev bench0`,
  "ip link set bench0 up",
  "ip link set bench1 up",
  "echo ready",
  "exec cat",
].join(" && ");

export class Namespace {
  readonly address = ADDRESS;
  #keeper: ChildProcess;

  private constructor(keeper: ChildProcess) {
    this.#keeper = keeper;
  }

  static make(): Promise<Namespace> {
    const own = isRoot() ? [] : ["--user", "--map-root-user"];
    // It waits for the end of its input, which comes when this program ends, too.
    const keeper = spawn("unshare", [...own, "--net", "sh", "-c", PREPARE], { stdio: ["pipe", "pipe", "pipe"] });
    let errors = "";
    keeper.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    return new Promise((resolve, reject) => {
      keeper.once("error", reject);
      keeper.once("close", (code) => reject(new Error(`no network namespace (${code}): ${errors.trim()}`)));
      createInterface(keeper.stdout).once("line", () => resolve(new Namespace(keeper)));
    });
  }

  /** The words that run a command in it, under its own process id. */
  get words(): string[] {
    const of = `/proc/${this.#keeper.pid}/ns`;
    return ["nsenter", ...(isRoot() ? [] : ["--preserve-credentials", `--user=${of}/user`]), `--net=${of}/net`];
  }

  /** What the kernel has counted in it of UDP: OutDatagrams, RcvbufErrors and others. */
  udp(): Record<string, number> {
    const lines = readFileSync(`/proc/${this.#keeper.pid}/net/snmp`, "utf8").split("\n").filter((line) => line.startsWith("Udp:"));
    const [names, values] = lines.map((line) => line.split(" ").slice(1));
    return Object.fromEntries(names!.map((name, at) => [name, Number(values![at])]));
  }

  remove(): void {
    this.#keeper.stdin!.end();
  }
}
