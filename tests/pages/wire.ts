// wire -- the network between a browser and the host, which breaks at the message that a test names: a proxy of websockets, and a site
// of the board whose pages go through it.
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import { framePeek } from "../../client-sdk/web/protocol/layout.ts";
import { SUBPROTOCOL } from "../../client-sdk/web/sdk/environment.ts";
import { freePort, type Installation } from "../../demo/installation.ts";
import { Program } from "../../demo/process.ts";

const root = new URL("../..", import.meta.url).pathname;

/** Within which what a test cuts at comes by. */
const PATIENCE_MS = 60_000;

type Passes = (type: number, isOut: boolean) => boolean;

export class Wire {
  #server: WebSocketServer;
  #site: Program | undefined;
  #breaksAt: Passes | undefined;
  #sockets = new Set<WebSocket>();
  #isDown = false;
  /** What does not arrive does not, and the connection stays. */
  #isSilent = false;
  /** The number of the host's messages that are held back, and those that were. */
  #holds: number | undefined;
  #held: (() => void)[] = [];
  address = "";

  private constructor(server: WebSocketServer, hostUrl: string) {
    this.#server = server;
    server.on("connection", (client) => this.#join(client, hostUrl));
  }

  /** Serves the board's citizen pages at `address`, with this network to the host. */
  static async lay(installation: Installation, board: string): Promise<Wire> {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    await once(server, "listening");
    const wire = new Wire(server, installation.hostUrl);
    const folder = installation.path("wired-site");
    const text = JSON.parse(readFileSync(installation.boardJson(board), "utf8"));
    const port = await freePort();
    writeFileSync(`${folder}.json`, JSON.stringify({ ...text, host: { ...text.host, url: wire.hostUrl } }));
    execFileSync(process.execPath, ["client-sdk/web/site.mjs", "--board", `${folder}.json`, "--out", folder], { cwd: root });
    wire.#site = await Program.start({
      name: "pages behind a wire", command: [process.execPath, "demo/pages.ts", "--site", `${folder}:${port}`],
      log: installation.path("logs", "wired-pages.log"), ready: /^ready/,
    });
    wire.address = `http://127.0.0.1:${port}/`;
    return wire;
  }

  get hostUrl(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #join(client: WebSocket, hostUrl: string): void {
    if (this.#isDown) return client.terminate();
    const host = new WebSocket(hostUrl, SUBPROTOCOL);
    const early: Buffer[] = [];
    for (const socket of [client, host]) {
      this.#sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        this.#sockets.delete(socket);
        client.terminate();
        host.terminate();
      });
    }
    client.on("message", (frame: Buffer) => {
      if (this.#breaks(frame, true)) return this.#break();
      if (host.readyState === WebSocket.OPEN) host.send(frame);
      else early.push(frame);
    });
    host.on("open", () => early.splice(0).forEach((frame) => host.send(frame)));
    host.on("message", (frame: Buffer) => {
      const arrive = () => {
        if (client.readyState === WebSocket.OPEN) client.send(frame);
      };
      if (this.#breaks(frame, false)) this.#break();
      else if (framePeek(new Uint8Array(frame)).type === this.#holds) this.#held.push(arrive);
      else arrive();
    });
  }

  #breaks(frame: Buffer, isOut: boolean): boolean {
    return this.#breaksAt?.(framePeek(new Uint8Array(frame)).type, isOut) ?? false;
  }

  #break(): void {
    if (!this.#isSilent) this.cut();
  }

  /** Everybody is cut off. */
  cut(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  /** Nobody gets through any more, until `mend`. */
  down(): void {
    this.#isDown = true;
    this.cut();
  }

  mend(): void {
    this.#isDown = this.#isSilent = false;
    this.#breaksAt = undefined;
  }

  /** Cut once at the nth message of this number, which does not arrive. `stays`: and the network does not come back before `mend`. `behind`: those count that come behind one of this number. Resolves when it is cut; rejects when no such message has come by within a minute. */
  cutAt(type: number, isOut: boolean, nth: number, stays = false, behind?: number): Promise<void> {
    let seen = 0;
    let isBehind = behind === undefined;
    return new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error(`no message ${type} ${isOut ? "from" : "to"} a page was cut`)), PATIENCE_MS).unref();
      this.#breaksAt = (got, out) => {
        const isIt = isBehind && got === type && out === isOut && ++seen === nth;
        isBehind ||= got === behind;
        if (isIt && stays) this.#isDown = true;
        if (isIt) resolve();
        return isIt;
      };
    });
  }

  /** As cutAt; the message does not arrive, and nobody is cut off. */
  loseAt(type: number, isOut: boolean, nth: number): Promise<void> {
    this.#isSilent = true;
    return this.cutAt(type, isOut, nth);
  }

  /** The host's messages of this number do not arrive before `release`. */
  hold(type: number): void {
    this.#holds = type;
  }

  release(): void {
    this.#holds = undefined;
    for (const arrive of this.#held.splice(0)) arrive();
  }

  async strike(): Promise<void> {
    this.cut();
    this.#server.close();
    await this.#site?.stop();
  }
}
