// enrumd's own filter, in a real run: what it never needs is refused to its very process, while it does all of its work.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Device, eventually } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import { programs } from "../e2e/programs.ts";

// A process that the filter ends would leave its memory in this tree; those started from here inherit the limit.
assert.equal(spawnSync("prlimit", ["--core=0", "--pid", String(process.pid)]).status, 0);

async function within(story: (installation: Installation) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "enrum-sandbox-"));
  const installation = await Installation.start({ folder, programs: programs(), tls: true, boards: ["bjuv"] });
  try {
    await story(installation);
  } finally {
    await installation.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the running process gets when it asks the kernel itself: its answer and errno, or the signal that ended it. */
function ask(pid: number, call: string): string {
  const commands = ["-ex", "set confirm off", "-ex", `print (long)${call}`, "-ex", "print *(int *)__errno_location()"];
  const told = spawnSync("gdb", ["-p", String(pid), "-batch", "-nx", ...commands], { encoding: "utf8", timeout: 60_000 });
  return told.stdout + told.stderr;
}

const status = (pid: number, key: string) => new RegExp(`^${key}:\\s+(\\S+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];

test("with the filter a conversation goes on, and calls that it does not list are unknown", async () => {
  await within(async (installation) => {
    const pid = installation.hostPid;
    assert.equal(status(pid, "Seccomp"), "2");
    assert.equal(status(pid, "NoNewPrivs"), "1");
    const citizen = new Device(installation, "citizen", "bjuv", "test.testsson", "citizen");
    await citizen.login();
    const room = await citizen.newRoom("Prov", "Hej");
    for (const call of ["socket(2,1,0)", "syscall(435,0,0)", "mprotect(0,4096,4)", "syscall(83,\"/tmp/enrum-made\",448)"]) {
      assert.match(ask(pid, call), /= -1\n\$2 = 38\b/, call);
    }
    await citizen.must(["send", room, "Den går vidare"]);
    assert.match(readFileSync(join(installation.folder, "logs/enrumd.log"), "utf8"), /event=sandbox /);
  });
});

for (const call of ["execve(\"/bin/true\",0,0)", "ptrace(0,0,0,0)", "syscall(310,1,0,0,0,0,0)"]) {
  test(`${call} ends the process`, async () => {
    await within(async (installation) => {
      const pid = installation.hostPid;
      ask(pid, call);
      await eventually("the end of the process", async () => !existsSync(`/proc/${pid}`));
      assert.equal(await installation.stopHost(), null, "it was ended by a signal");
    });
  });
}
