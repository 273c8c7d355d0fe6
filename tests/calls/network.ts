// network -- who takes part in a call has a machine of its own here: a network namespace with one cable to the middle, where the
// servers are. The middle passes on what the others send to each other, so that they could meet without the relay if they tried.
// Everything runs in the namespaces of tests/calls/run, and ends with them.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Program, run } from "../../demo/process.ts";
import { until } from "../relay/host.ts";
import { captureRead, type Capture } from "./capture.ts";

/** Of the middle: on none of the cables, as a server's is on the real network. */
export const SERVER = "10.77.0.1";
/** The port of a browser's remote control, on each machine's loopback. */
export const REMOTE_PORT = 9222;

/** Runs a command that has to succeed; what it printed. */
export async function must(...command: string[]): Promise<string> {
  const { code, out, err } = await run(command);
  assert.equal(code, 0, `${command.join(" ")}: ${err}`);
  return out;
}

/** To be called once, before anything listens. */
export async function middleMake(): Promise<void> {
  assert.equal(process.env["ENRUM_CALLS_ALONE"], "1", "these tests change the network: start them with tests/calls/run");
  await must("ip", "link", "set", "lo", "up");
  await must("ip", "address", "add", `${SERVER}/32`, "dev", "lo");
  writeFileSync("/proc/sys/net/ipv4/ip_forward", "1");
}

/** Ports of the middle's loopback that are asked by its address too. */
export function middleOpen(ports: readonly number[], folder: string): Promise<Program> {
  return doorway([process.execPath], ports.map((port) => `${SERVER}:${port}=127.0.0.1:${port}`), join(folder, "doorway.log"));
}

function doorway(node: string[], ways: string[], log: string): Promise<Program> {
  return Program.start({ name: "doorway", command: [...node, new URL("doorway.ts", import.meta.url).pathname, ...ways], ready: /^ready$/, log });
}

export class Machine {
  readonly name: string;
  readonly folder: string;
  /** Its own, in the middle of the network. */
  readonly address: string;
  /** Everything by which its cable's end can be named: IPv4 and IPv6, and of the link. */
  readonly addresses: readonly string[];
  readonly #doorway: Program;

  private constructor(name: string, folder: string, address: string, addresses: readonly string[], door: Program) {
    this.name = name;
    this.folder = folder;
    this.address = address;
    this.addresses = addresses;
    this.#doorway = door;
  }

  /** `number`: 1 ... 250, each once. `ports`: the servers', which this machine's loopback has. `folder` is empty. */
  static async make(name: string, number: number, ports: readonly number[], folder: string): Promise<Machine> {
    const ways = [...ports.map((port) => `127.0.0.1:${port}=${SERVER}:${port}`), `${join(folder, "remote")}=127.0.0.1:${REMOTE_PORT}`];
    const isolated = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", process.execPath];
    const door = await doorway(isolated, ways, join(folder, "doorway.log"));
    const [near, gateway, address] = [`cable${number}`, `10.77.${number}.1`, `10.77.${number}.2`];
    await must("ip", "link", "add", near, "type", "veth", "peer", "name", "cable", "netns", String(door.pid));
    await must("ip", "address", "add", `${gateway}/24`, "dev", near);
    await must("ip", "link", "set", near, "up");
    const inside = ["nsenter", `--net=/proc/${door.pid}/ns/net`];
    await must(...inside, "ip", "address", "add", `${address}/24`, "dev", "cable");
    await must(...inside, "ip", "link", "set", "cable", "up");
    await must(...inside, "ip", "route", "add", "default", "via", gateway);
    const [link] = JSON.parse(await must(...inside, "ip", "-json", "address", "show", "dev", "cable")) as { address: string; addr_info: { local: string }[] }[];
    return new Machine(name, folder, address, [...(link?.addr_info ?? []).map(({ local }) => local), link?.address ?? ""], door);
  }

  /** This command, on this machine. */
  command(...words: string[]): string[] {
    return ["nsenter", `--net=/proc/${this.#doorway.pid}/ns/net`, ...words];
  }

  /** Notes all that goes over its cable, both ways, until it is ended. */
  async capture(name: string): Promise<() => Promise<Capture>> {
    const [file, log] = [join(this.folder, `${name}.pcap`), join(this.folder, `${name}.log`)];
    const words = ["tcpdump", "-i", "cable", "--immediate-mode", "-U", "-B", "16384", "-Z", "root", "-w", file];
    const program = await Program.start({ name: `capture of ${this.name}`, command: this.command(...words), ready: /listening on cable/, log });
    const last = `the last frame of ${name}`;
    return async () => {
      // What is still on its way from the kernel to the file is waited for, by something that is known to come after it.
      await must("bash", "-c", `echo -n "${last}" >/dev/udp/${this.address}/9`);
      await until(`the end of what ${this.name} received`, () => readFileSync(file).includes(last));
      await program.stop();
      assert.match(readFileSync(log, "utf8"), /^0 packets dropped by kernel$/m);
      return captureRead(file, last);
    };
  }

  /** Where the browser writes the secrets of its TLS connections. */
  get keyLog(): string {
    return join(this.folder, "keys.log");
  }

  /** The browser's remote control, which listens on this machine alone and answers only who asks for it by this name. */
  remote(path: string): { browserWSEndpoint: string; headers: Record<string, string> } {
    return { browserWSEndpoint: `ws+unix:${join(this.folder, "remote")}:${path}`, headers: { Host: `127.0.0.1:${REMOTE_PORT}` } };
  }
}
