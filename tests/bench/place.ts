// place -- where a run happens: a temporary folder, a certificate for all servers, free ports, and what the machine is.
import { execFileSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { createServer } from "node:net";
import { cpus, release, tmpdir, totalmem } from "node:os";
import { join } from "node:path";

const TMPFS = 0x01021994;

export class Place {
  readonly folder: string;
  readonly programs: string;
  readonly certificate: string;
  readonly key: string;

  constructor(programs: string) {
    this.programs = programs;
    this.folder = mkdtempSync(join(tmpdir(), "enrum-bench-"));
    // Servers that do not run as root must find their folders in it.
    chmodSync(this.folder, 0o755);
    this.certificate = join(this.folder, "server.pem");
    this.key = join(this.folder, "server.key");
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
    execFileSync(
      "openssl",
      ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", ...subject,
        "-keyout", this.key, "-out", this.certificate],
      { stdio: "ignore" },
    );
  }

  program(name: string): string {
    return join(this.programs, name);
  }

  /** A fresh folder, of this user's if a name is given and we may. */
  make(name: string, user?: string): string {
    const folder = mkdtempSync(join(this.folder, `${name}-`));
    mkdirSync(folder, { recursive: true });
    if (user && isRoot()) execFileSync("chown", ["-R", `${user}:`, folder]);
    return folder;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The words that run a command as this user; nothing where we are not root, and everything is ours. */
export function asUser(user: string): string[] {
  return isRoot() ? ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--init-groups", "--reset-env"] : [];
}

const PORTS = { from: 20_000, count: 12_000 };
const TRIES = 50;

/** A port below those that the kernel gives to clients: none of theirs can take it before the server does. */
export async function freePort(): Promise<number> {
  for (let i = 0; i < TRIES; i++) {
    const port = PORTS.from + randomInt(PORTS.count);
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
  throw new Error("no port is free");
}

/** In one line: processors, memory, kernel, and whether the temporary folder is on a disk at all. */
export function machine(folder: string): string {
  const model = cpus()[0]?.model.replace(/\s+/g, " ") ?? "unknown processor";
  const disk = statfsSync(folder).type === TMPFS ? "MEMORY, not a disk" : "disk";
  const gib = Math.round(totalmem() / 2 ** 30);
  const load = readFileSync("/proc/loadavg", "utf8").split(" ")[0];
  return `${cpus().length} x ${model}, ${gib} GiB, Linux ${release()}, data on ${disk}, load ${load} at the start`;
}

export function packageVersion(name: string): string {
  return execFileSync("dpkg-query", ["-W", "-f", "${Version}", name], { encoding: "utf8" });
}
