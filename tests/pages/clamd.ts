// clamd -- ClamAV's own daemon, with one signature of the tests': that of the EICAR test file. Debian's packages are taken apart
// into build/tools, not installed: they would start a service, and fetch signatures. Nothing of it needs the network afterwards.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Program } from "../../demo/process.ts";

const TOOLS = new URL("../../build/tools/clamav/", import.meta.url).pathname;
const PACKAGES = ["clamav-daemon", "libclamav12", "libmspack0"];
/** What ClamAV calls a signature that its makers have not signed. */
export const FOUND = "Eicar-Test-Signature.UNOFFICIAL";

/** The test file that every scanner knows, in two halves: whoever scans this repository is not to find it. */
export const EICAR = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-", "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].join("");

/** The folder of the programs, once they are there. */
function installed(): string {
  const root = join(TOOLS, "root");
  if (existsSync(join(root, "usr/sbin/clamd"))) return root;
  mkdirSync(TOOLS, { recursive: true });
  execFileSync("apt-get", ["-qq", "download", ...PACKAGES], { cwd: TOOLS, stdio: "pipe" });
  for (const file of readdirSync(TOOLS).filter((name) => name.endsWith(".deb"))) execFileSync("dpkg-deb", ["-x", file, root], { cwd: TOOLS, stdio: "pipe" });
  return root;
}

export class Clamd {
  readonly socket: string;
  readonly #folder: string;
  readonly #root: string;
  #program: Program | undefined;

  private constructor(folder: string, root: string) {
    this.#folder = folder;
    this.#root = root;
    this.socket = join(folder, "clamd.sock");
  }

  /** Not started yet. */
  static make(): Clamd {
    const folder = mkdtempSync(join(tmpdir(), "enrum-clamd-"));
    const root = installed();
    mkdirSync(join(folder, "db"));
    writeFileSync(join(folder, "db/test.ndb"), `Eicar-Test-Signature:0:*:${Buffer.from(EICAR).toString("hex")}\n`);
    const log = join(folder, "clamd.log");
    const settings = ["Foreground yes", `DatabaseDirectory ${join(folder, "db")}`, `LocalSocket ${join(folder, "clamd.sock")}`, `TemporaryDirectory ${folder}`, `LogFile ${log}`, "StreamMaxLength 2M"];
    writeFileSync(join(folder, "clamd.conf"), `${settings.join("\n")}\n`);
    return new Clamd(folder, root);
  }

  async start(): Promise<void> {
    this.#program = await Program.start({
      name: "clamd",
      command: [join(this.#root, "usr/sbin/clamd"), "-c", join(this.#folder, "clamd.conf")],
      env: { LD_LIBRARY_PATH: join(this.#root, "usr/lib/x86_64-linux-gnu") },
      log: join(this.#folder, "out.log"),
      ready: /Self checking every/,
    });
  }

  async stop(): Promise<void> {
    await this.#program?.stop();
    this.#program = undefined;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
