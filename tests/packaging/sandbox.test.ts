// The filters of enrumd and of the keeper, in a real run: what they never need is refused to their very process, while they do
// all of their work.
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

interface Service {
  pid(installation: Installation): number;
  log: string;
  /** What the other one may ask, and it may not. */
  unknown: string[];
}

const services: Record<string, Service> = {
  enrumd: { pid: ({ hostPid }) => hostPid, log: "logs/enrumd.log", unknown: ["socket(2,1,0)"] },
  "enrum-keeper": { pid: (installation) => installation.keeperPid("bjuv"), log: "logs/keeper-bjuv.log",
    // A raw packet, the kernel's own family; and an open port.
    unknown: ["socket(17,3,0)", "socket(16,3,0)", "listen(0,1)", "bind(0,0,0)"] },
};

const unknownToAll = ["syscall(435,0,0)", "mprotect(0,4096,4)", "syscall(83,\"/tmp/enrum-made\",448)"];

for (const [name, service] of Object.entries(services)) {
  test(`with the filter of ${name} a conversation goes on, and calls that it does not list are unknown`, async () => {
    await within(async (installation) => {
      const pid = service.pid(installation);
      assert.equal(status(pid, "Seccomp"), "2");
      assert.equal(status(pid, "NoNewPrivs"), "1");
      const citizen = new Device(installation, "citizen", "bjuv", "test.testsson", "citizen");
      await citizen.login();
      const room = await citizen.newRoom("Prov", "Hej");
      for (const call of [...service.unknown, ...unknownToAll]) assert.match(ask(pid, call), /= -1\n\$2 = 38\b/, call);
      await citizen.must(["send", room, "Den går vidare"]);
      /* What another device of theirs reads, the keeper has granted. */
      const other = new Device(installation, "other", "bjuv", "test.testsson", "citizen");
      await other.login();
      await eventually("the words on another device", async () => (await other.read(room)).some(({ text }) => text === "Den går vidare"));
      assert.match(readFileSync(join(installation.folder, service.log), "utf8"), /event=sandbox /);
    });
  });

  for (const call of ["execve(\"/bin/true\",0,0)", "ptrace(0,0,0,0)", "syscall(310,1,0,0,0,0,0)"]) {
    test(`${call} ends ${name}`, async () => {
      await within(async (installation) => {
        const pid = service.pid(installation);
        ask(pid, call);
        await eventually("the end of the process", async () => !existsSync(`/proc/${pid}`));
        if (name === "enrumd") assert.equal(await installation.stopHost(), null, "it was ended by a signal");
      });
    });
  }
}

test("the keeper still finds addresses by their names, and begins threads for that", async () => {
  await within(async (installation) => {
    const pid = installation.keeperPid("bjuv");
    assert.match(ask(pid, "((int(*)(const char*,const char*,void*,void**))getaddrinfo)(\"localhost\",\"443\",(void*)0,(void**)malloc(8))"), /^\$1 = 0$/m);
    assert.match(ask(pid, "((int(*)(void*,void*,void*,void*))pthread_create)(malloc(8),(void*)0,(void*)&getpid,(void*)0)"), /^\$1 = 0$/m);
  });
});
