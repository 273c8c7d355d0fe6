// table -- the attacks as docs/SECURITY.md shows them, made from the rows that are tried.
//     node tests/adversary/table.ts    writes them into the page
import { readFileSync, writeFileSync } from "node:fs";
import { words as en } from "../../client-sdk/web/pages/words/en.ts";
import { SENTENCES } from "../../client-sdk/web/protocol/sentences.ts";
import type { ErrorName } from "../../client-sdk/web/protocol/tables.ts";
import { ATTACKS, keepersOf, type Attack } from "./attacks.ts";
import { CHEATS, UNEQUALS, type Cheat } from "./cheats.ts";
import { STAFF_ROOM_ATTACKS } from "./staffrooms.ts";

const PAGE = new URL("../../docs/SECURITY.md", import.meta.url);
const BLOCK = /(<!-- table: attacks -->\n)[\s\S]*?(<!-- end -->)/;

const TELLERS = {
  away: "was away", memory: "had read it", fresh: "without memory", writer: "writes",
  keeper: "keeper", "keeper without its database": "keeper without its database",
};

/** Rows that change one field of the same part stand as one. */
function shown(): { name: string; attack: Attack }[] {
  const rows = new Map<string, { fields: string[]; attack: Attack }>();
  for (const attack of ATTACKS) {
    const [, field, part] = /^changes (\w+) in (.*)$/.exec(attack.name) ?? [];
    const key = part === undefined || attack.noticed.includes("SUITE_UNSUPPORTED") ? attack.name : part;
    const row = rows.get(key) ?? { fields: [], attack };
    if (field !== undefined && key === part) row.fields.push(field);
    rows.set(key, row);
  }
  return [...rows].map(([key, { fields, attack }]) => ({
    name: fields.length === 0 ? key : `changes any one field of ${key}: ${fields.map((name) => `\`${name}\``).join(", ")}`,
    attack,
  }));
}

function attackTable(): string {
  const lines = shown().map(({ name, attack }) => {
    const tellers = [...attack.by, ...keepersOf(attack)].map((teller) => TELLERS[teller]).join(", ");
    return `| ${name} | ${tellers} | ${attack.noticed.map((error) => `\`${error}\``).join(", ")} |`;
  });
  return ["| the host … | told by a device that … or by the … | as one of |", "|---|---|---|", ...lines].join("\n");
}

function staffRoomTable(): string {
  const lines = STAFF_ROOM_ATTACKS.map(({ name, noticed }) => `| ${name} | ${noticed.map((error) => `\`${error}\``).join(", ")} |`);
  return ["| of a case's room for its employees, the host … | told by each device of an employee as one of |", "|---|---|", ...lines].join("\n");
}

/** Rows that write one kind or another, and are shown alike, stand as one. */
function cheatTable(): string {
  const rows = new Map<string, { kinds: string[]; cheat: Cheat }>();
  for (const cheat of CHEATS) {
    const [, who, kind] = /^(.* writes) ([A-Z_]+)$/.exec(cheat.name) ?? [];
    const row = rows.get(who ?? cheat.name) ?? { kinds: [], cheat };
    if (kind !== undefined) row.kinds.push(kind);
    rows.set(who ?? cheat.name, row);
  }
  const lines = [...rows].map(([name, { kinds, cheat: { shown, ground } }]) => {
    const by = "refused" in shown ? `refused: ${en.grounds[shown.refused] ?? shown.refused}` : en.lineUnreadable;
    return `| ${name}${kinds.length === 0 ? "" : ` any of ${kinds.map((kind) => `\`${kind}\``).join(", ")}`} | ${by} | \`${ground}\` |`;
  });
  return ["| a member of a party room … | every reader shows it as | the keeper's checkpoint refuses it as |", "|---|---|---|", ...lines].join("\n");
}

function unequalTable(): string {
  const lines = UNEQUALS.map(({ name, toldByDevices, toldByKeeper }) => {
    const [device, keeper] = [toldByDevices, toldByKeeper].map((error) => error === undefined ? undefined : `\`${error}\``);
    return `| ${name} | ${device ?? "nothing: it reads, with a key from the keeper where need be"} | ${keeper === undefined ? "nothing: it records" : `${keeper}: it records nothing there`} |`;
  });
  return ["| a citizen who opens a conversation … | another device of theirs tells | the keeper tells |", "|---|---|---|", ...lines].join("\n");
}

function wordsTable(): string {
  const told = [...[...ATTACKS, ...STAFF_ROOM_ATTACKS].flatMap(({ noticed }) => noticed), ...UNEQUALS.flatMap(({ toldByDevices }) => toldByDevices ?? [])];
  const errors = [...new Set(told)].sort();
  const words: Partial<Record<ErrorName, string>> = { ...en.errors, ...en.alarms };
  const lines = errors.map((error) => `| \`${error}\` | ${error === "ROOM_UNKNOWN" ? en.deniedDevice : words[error] ?? SENTENCES[error]} |`);
  return ["| error | what the person reads |", "|---|---|", ...lines].join("\n");
}

export function page(): string {
  return readFileSync(PAGE, "utf8");
}

export function pageMade(): string {
  return page().replace(BLOCK, (_all, start: string, end: string) => `${start}${attackTable()}\n\n${staffRoomTable()}\n\n${cheatTable()}\n\n${unequalTable()}\n\n${wordsTable()}\n${end}`);
}

if (process.argv[1] === new URL(import.meta.url).pathname) writeFileSync(PAGE, pageMade());
