// diagnosis -- what is printed of a test that failed: the last lines of every program's log.
import { readdirSync, readFileSync } from "node:fs";
import type { SuiteContext, TestContext } from "node:test";
import type { Installation } from "../../demo/installation.ts";

const LINES = 12;

/** For afterEach. Says nothing of a test that passed. */
export function lastLines(test: TestContext | SuiteContext, installation: Installation | undefined): void {
  if (installation === undefined || !("passed" in test) || test.passed) return;
  const folder = installation.path("logs");
  for (const name of readdirSync(folder)) {
    const lines = readFileSync(`${folder}/${name}`, "utf8").trimEnd().split("\n").slice(-LINES);
    console.log(`-- ${name}\n   ${lines.join("\n   ")}`);
  }
}
