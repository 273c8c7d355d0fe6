// toldworkers -- a board's pages once more, with workers that do what a test says: minutes that pass, a disk that breaks, a server that holds
// board.json. Said on a channel of the pages' own, from any driver.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, type Installation } from "../../demo/installation.ts";
import { Program } from "../../demo/process.ts";

/** Minutes that pass; is the disk broken, is board.json held by its server? */
export interface WorkerTold {
  minutes?: number;
  isBroken?: boolean;
  isHeld?: boolean;
}

/** Stands before the worker's script: looks at the clock all the time, and does what a test says. */
const BEFORE_WORKER = `{
  const { now } = Date, later = setTimeout, ask = fetch, { timeout } = AbortSignal, { clear } = IDBObjectStore.prototype;
  let ahead = 0, isBroken = false, isHeld = false;
  AbortSignal.timeout = () => timeout(3_000);
  // What the page has read of board.json is too old to begin with.
  const mono = performance.now.bind(performance);
  performance.now = () => mono() + 60_000;
  self.fetch = (url, how) => !isHeld ? ask(url, how) : new Promise((_, reject) => {
    how.signal?.addEventListener("abort", () => reject(how.signal.reason));
  });
  Date.now = () => now() + ahead;
  self.setTimeout = (call, ms) => later(call, ms === 15_000 ? 50 : ms);
  IDBObjectStore.prototype.clear = function () {
    const asked = clear.call(this);
    if (isBroken && this.name === "writings") this.transaction.abort();
    return asked;
  };
  new BroadcastChannel("test").onmessage = ({ data }) => {
    ahead += (data.minutes ?? 0) * 60_000;
    ({ isBroken, isHeld } = data);
  };
}
`;

export interface ToldPages {
  address: string;
  stop(): Promise<unknown>;
}

/** The pages for citizens of Bjuv. */
export async function toldPages(installation: Installation): Promise<ToldPages> {
  const folder = installation.path("told-site");
  cpSync(installation.site("bjuv"), folder, { recursive: true });
  for (const file of readdirSync(folder).filter((name) => /^worker-.*\.js$/.test(name))) {
    writeFileSync(join(folder, file), BEFORE_WORKER + readFileSync(join(folder, file), "utf8"));
    for (const end of [".gz", ".br"]) rmSync(join(folder, `${file}${end}`));
  }
  const port = await freePort();
  const served = await Program.start({
    name: "pages with told workers", command: [process.execPath, "demo/pages.ts", "--site", `${folder}:${port}`],
    log: installation.path("logs", "told-pages.log"), ready: /^ready/,
  });
  return { address: `http://127.0.0.1:${port}/`, stop: () => served.stop() };
}

/** Within a page of these. */
export function workerTell(told: WorkerTold): void {
  new BroadcastChannel("test").postMessage(told);
}
