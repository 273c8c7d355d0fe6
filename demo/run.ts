// run -- the whole installation on this machine, until Ctrl-C: what `./run` starts.
import { parseArgs } from "node:util";
import { embeddingOrigin, embeddingServe } from "./embedding.ts";
import { allBoards, freePort, Installation, personas, type BoardInfo, type Persona } from "./installation.ts";

const { values } = parseArgs({
  options: { programs: { type: "string" }, folder: { type: "string" } },
});
if (!values.programs || !values.folder) throw new Error("--programs and --folder are needed");

const FIRST = "bjuv";
/** Of a municipality's own page, which has the conversations in a frame. */
const EMBEDDING_PORT = 7006;

const embeddingAt = embeddingOrigin(FIRST, await freePort(EMBEDDING_PORT));
const installation = await Installation.start({
  folder: values.folder,
  programs: values.programs,
  tls: false,
  pages: true,
  hasNames: true,
  hasChooser: true,
  embedFrom: [embeddingAt],
  // The second caseworker of each board is in a unit of their own, so that a conversation can be handed over to it.
  units: { "Ekonomiskt bistånd": allBoards.map(({ id }) => `${id}.handlaggare2`) },
  say: (line) => console.log(line),
});

const first = installation.boards.find(({ id }) => id === FIRST)!;
const embedding = await embeddingServe(embeddingAt, installation.pagesUrl(FIRST, "citizen"));
const others = installation.boards.filter((board) => board !== first);

const addresses = (board: BoardInfo) => `${board.name}
    citizen      ${installation.pagesUrl(board.id, "citizen")}
    caseworker   ${installation.pagesUrl(board.id, "staff")}`;

const people = (chosen: Persona[]) =>
  chosen.map(({ id, name, title }) => `  ${name.padEnd(22)} ${id.padEnd(26)} ${title ?? ""}`.trimEnd()).join("\n");

const command = (home: string, args: string) => `  ${installation.device(home, FIRST).join(" ")} ${args}`;

console.log(`
Enrum runs on this machine. Open in a browser: ${installation.chooserUrl} to choose a board, or

  ${addresses(first)}

${others.map((board) => `  ${addresses(board)}`).join("\n")}

Try it: log in at the first address as a citizen and write, and at the second one as a caseworker who takes the
room and answers. Use another browser, or a private window, for the second person: the e-ID remembers the first.
The e-ID is a demonstration (${installation.issuer}) of made-up persons. Choose among

Citizens, at every board:
${people(personas.filter(({ board }) => !board))}
  (test.lagniva has an e-ID of too low a level, and is refused.)

Staff, each at the board of their own; those of Bjuv:
${people(personas.filter(({ board }) => board === FIRST))}
  (${FIRST}.handlaggare2 is in the unit Ekonomiskt bistånd, the others in Mottagningen.)

The same on a page of the municipality's own site, in a frame that its scripts cannot look into (examples/embed): ${embedding.url}

The same from a shell (login prints an address to open in a browser on this machine):
${command("citizen", "login")}
${command("citizen", 'new "Jag behöver prata" "Hej, är det någon där?"')}
${command("worker", "login --role staff")}
${command("worker", "rooms")}
  and then take ROOM, send ROOM "Hej!", read ROOM --follow, verify ROOM

The host is ${installation.hostUrl}. Everything is kept in ${values.folder}. Stop with Ctrl-C.
`);

await new Promise<void>((resolve) => {
  process.once("SIGINT", () => resolve());
  process.once("SIGTERM", () => resolve());
});
console.log("stopping");
embedding.close();
await installation.stop();
