// clockshift -- a host whose wall clock goes wrong by as much as a test says, from one moment to the next (preload/clockshift.c).
import assert from "node:assert/strict";
import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../demo/process.ts";

const SOURCE = new URL("preload/clockshift.c", import.meta.url).pathname;

export class ClockShift {
  /** Of an installation's options. */
  readonly hostEnv: Record<string, string>;
  readonly #file: string;

  private constructor(library: string, file: string) {
    this.hostEnv = { LD_PRELOAD: library, ENRUM_CLOCK_FILE: file };
    this.#file = file;
  }

  /** Right as yet; what it needs is in this folder, as long as the host runs. */
  static async make(folder: string): Promise<ClockShift> {
    const [library, file] = [join(folder, "clockshift.so"), join(folder, "clock")];
    const made = await run(["cc", "-D_GNU_SOURCE", "-O1", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"]);
    assert.equal(made.code, 0, made.err);
    writeFileSync(file, Buffer.alloc(8));
    return new ClockShift(library, file);
  }

  /** So many seconds from the true time. */
  set(seconds: bigint): void {
    // In its place: the program looks at these bytes all the time, and dies of a file that is empty for a moment.
    const file = openSync(this.#file, "r+");
    writeSync(file, Buffer.from(new BigInt64Array([seconds]).buffer));
    closeSync(file);
  }
}
