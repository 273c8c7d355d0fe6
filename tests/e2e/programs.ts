// programs -- where the built programs are: ENRUM_PROGRAMS names the folder of the one under test.
import { existsSync } from "node:fs";
import { join } from "node:path";

const builds = new URL("../../build/", import.meta.url).pathname;

/** The programs of a preset; without one, those that ENRUM_PROGRAMS names, else the release build's. */
export function programs(preset?: string): string {
  const folder = preset ? join(builds, preset, "bin") : (process.env.ENRUM_PROGRAMS ?? join(builds, "release", "bin"));
  if (!existsSync(folder)) throw new Error(`${folder} is not built: ./test builds it`);
  return folder;
}
