// run -- the whole installation on this machine, until Ctrl-C: what `./run` starts.
import { parseArgs } from "node:util";
import { Installation, personas } from "./installation.ts";

const { values } = parseArgs({
  options: { programs: { type: "string" }, folder: { type: "string" } },
});
if (!values.programs || !values.folder) throw new Error("--programs and --folder are needed");

const installation = await Installation.start({
  folder: values.folder,
  programs: values.programs,
  tls: false,
  say: (line) => console.log(line),
});

const command = (home: string, args: string) => `  ${installation.device(home, "bjuv").join(" ")} ${args}`;
const citizen = personas.find((p) => !p.board)!;
const worker = personas.find((p) => p.board === "bjuv")!;

console.log(`
Enrum runs on this machine: ${installation.hostUrl}, with a keeper for each of
${installation.boards.map((b) => `  ${b.name}`).join("\n")}
The demonstration e-ID is ${installation.issuer} (made-up persons only).

Try it with two shells. In the first one, be ${citizen.name} (${citizen.id}), a citizen:
${command("citizen", "login")}
${command("citizen", 'new "Jag behöver prata" "Hej, är det någon där?"')}
${command("citizen", "rooms")}

In the second one, be ${worker.name} (${worker.id}), ${worker.title ?? "staff"} in Bjuv:
${command("worker", "login --role staff")}
${command("worker", "rooms")}
${command("worker", "take ROOM")}
${command("worker", 'send ROOM "Hej! Jag heter ..."')}
${command("worker", "read ROOM --follow")}

And then, as either: read ROOM, verify ROOM, send ROOM - (a line at a time).
login prints an address: open it in a browser on this machine and choose the person.

Everything is kept in ${values.folder}. Stop with Ctrl-C.
`);

await new Promise<void>((resolve) => {
  process.once("SIGINT", () => resolve());
  process.once("SIGTERM", () => resolve());
});
console.log("stopping");
await installation.stop();
