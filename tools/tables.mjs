// tables -- reads protocol/*.def and tables.h, and writes what is made from them: the TypeScript tables and the tables
// inside protocol/README.md, between `<!-- table: NAME -->` and `<!-- end -->`. A line that is not understood stops it.
//     node tools/tables.mjs                 writes the files that differ
//     node tools/tables.mjs --check         writes nothing; shows what differs, and then ends with 1
//     ... --root DIR                        another tree than this one
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const FIELD_TYPES = ["UINT", "BYTES", "TEXT", "ID", "SIG", "OPT", "IDS", "SEQ", "LATE"];
const LIMITLESS_TYPES = ["ID", "SIG", "OPT"];
const ERROR_CLASSES = ["PEER", "LIMIT", "OURS", "GONE", "TRUST"];
const SENDERS = ["CLIENT", "KEEPER", "SERVER"];
const STATES = ["CONNECTED", "GREETED", "READY"];
const SEAL_PARTS = ["CONTENT", "NONE"];
const CLOCK_UNITS = ["DAY", "MONTH"];
const LETTER_SENDERS = ["ANYBODY", "DEVICE", "STAFF", "KEEPER"];

class Unreadable extends Error {}

const rootAt = process.argv.indexOf("--root");
const root = resolve(rootAt > 0 ? process.argv[rootAt + 1] : join(dirname(fileURLToPath(import.meta.url)), ".."));
const isCheck = process.argv.includes("--check");

function read(path) {
  return readFileSync(join(root, path), "utf8");
}

// -- Reading the tables ---------------------------------------------------------------------------------------------

/** Rows of a .def file: {macro, args, where}. Strings are {text}, everything else is its source. */
function readRows(name, macros) {
  const source = read(`protocol/${name}.def`).replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ""));
  return source.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const where = `protocol/${name}.def:${index + 1}`;
    const found = /^([A-Z_]+)\((.*)\)$/.exec(line);
    if (found === null || macros[found[1]] === undefined) throw new Unreadable(`${where}: not a row: ${line}`);
    const args = splitArgs(found[2], where);
    if (args.length !== macros[found[1]]) {
      throw new Unreadable(`${where}: ${args.length} cells, not ${macros[found[1]]}: ${line}`);
    }
    return [{ macro: found[1], args, where }];
  });
}

function splitArgs(source, where) {
  const args = [];
  let rest = source;
  for (;;) {
    const found = /^\s*(?:"([^"\\]*)"|([A-Za-z0-9_|() ]*[A-Za-z0-9_)]))\s*(,|$)/.exec(rest);
    if (found === null) throw new Unreadable(`${where}: not a cell: ${rest}`);
    args.push(found[1] !== undefined ? { text: found[1] } : found[2].trim());
    rest = rest.slice(found[0].length);
    if (found[3] === "") return args;
  }
}

function textOf(row, index) {
  const text = row.args[index].text;
  if (text === undefined || text === "") throw new Unreadable(`${row.where}: cell ${index + 1} is not a text`);
  return text;
}

function nameOf(row, index, pattern = /^[A-Z][A-Z0-9_]*$/) {
  const name = row.args[index];
  if (typeof name !== "string" || !pattern.test(name)) throw new Unreadable(`${row.where}: not a name: ${name?.text ?? name}`);
  return name;
}

function numberOf(row, index) {
  if (!/^(0|[1-9][0-9]*)$/.test(row.args[index])) throw new Unreadable(`${row.where}: not a number: ${row.args[index]}`);
  return Number(row.args[index]);
}

function oneOf(row, index, allowed) {
  if (!allowed.includes(row.args[index])) throw new Unreadable(`${row.where}: ${row.args[index]} is none of ${allowed.join(", ")}`);
  return row.args[index];
}

/** Cells such as ROLE_BIT(KEEPER) | ROLE_BIT(STAFF). */
function bitsOf(row, index, macro, allowed) {
  return String(row.args[index]).split("|").map((part) => {
    const found = new RegExp(`^${macro}\\(([A-Z_]+)\\)$`).exec(part.trim());
    if (found === null || !allowed.includes(found[1])) throw new Unreadable(`${row.where}: not ${macro}(…): ${part.trim()}`);
    return found[1];
  });
}

function unique(rows, ...keys) {
  for (const key of keys) {
    const seen = new Set();
    for (const row of rows) {
      if (seen.has(row[key])) throw new Unreadable(`${row.where}: ${row[key]} stands twice`);
      seen.add(row[key]);
    }
  }
  return rows;
}

/** Tables of NAME, number, what. */
function readNumbers(file, macro) {
  const rows = readRows(file, { [macro]: 3 });
  return unique(rows.map((row) => ({ where: row.where, name: nameOf(row, 0), number: numberOf(row, 1), what: textOf(row, 2) })),
    "name", "number");
}

/** A few small tables in one: TABLE, NAME, number, what. */
function readSmall(file, macro) {
  const rows = readRows(file, { [macro]: 4 }).map((row) => ({
    where: row.where, table: nameOf(row, 0), name: nameOf(row, 1), number: numberOf(row, 2), what: textOf(row, 3) }));
  for (const table of tablesOf(rows)) unique(rows.filter((row) => row.table === table), "name", "number");
  return rows;
}

/** The names of the small tables of a file, in their order. */
function tablesOf(rows) {
  return [...new Set(rows.map(({ table }) => table))];
}

/** journey.def: what a case is, the stages it passes, the ways of being in touch, the clocks. */
function readJourney() {
  const rows = readRows("journey", { MATTER: 3, STAGE: 4, CHANNEL: 3, CLOCK: 10 });
  const of = (macro, more) => unique(rows.filter((row) => row.macro === macro).map((row) => (
    { where: row.where, name: nameOf(row, 0), number: numberOf(row, 1), ...more(row) })), "name", "number");
  const what = (index) => (row) => ({ what: textOf(row, index) });
  const matters = of("MATTER", what(2));
  const matterNames = matters.map(({ name }) => name);
  const stages = of("STAGE", (row) => ({ matters: bitsOf(row, 2, "MATTER_BIT", matterNames), what: textOf(row, 3) }));
  const stageNames = stages.map(({ name }) => name);
  const clocks = of("CLOCK", (row) => ({
    matters: bitsOf(row, 2, "MATTER_BIT", matterNames), from: oneOf(row, 3, stageNames), length: numberOf(row, 4),
    unit: oneOf(row, 5, CLOCK_UNITS), until: oneOf(row, 6, ["TASK", ...stageNames]), isExtendable: oneOf(row, 7, ["0", "1"]) === "1",
    source: textOf(row, 8), what: textOf(row, 9),
  }));
  return { matters, stages, channels: of("CHANNEL", what(2)), clocks };
}

/** The few names that C defines outside the tables. */
function readHeader() {
  const source = read("protocol/tables.h");
  const constants = /enum \{ (PROTOCOL_VERSION = [^}]*?) \};/.exec(source);
  const any = /#define UINT_ANY UINT64_C\((\d+)\)/.exec(source);
  if (constants === null || any === null) throw new Unreadable("protocol/tables.h: PROTOCOL_VERSION or UINT_ANY is not where it was");
  const pairs = (list) => list.split(",").map((pair) => {
    const found = /^([A-Z0-9_]+) = (\d+)$/.exec(pair.trim());
    if (found === null) throw new Unreadable(`protocol/tables.h: not NAME = number: ${pair.trim()}`);
    return { name: found[1], number: Number(found[2]) };
  });
  const enumOf = (name, prefix) => {
    const found = new RegExp(`enum ${name} \\{ ([^}]*?) \\};`).exec(source);
    if (found === null) throw new Unreadable(`protocol/tables.h: enum ${name} is not where it was`);
    return pairs(found[1]).map((pair) => ({ ...pair, name: pair.name.slice(prefix.length) }));
  };
  return {
    constants: [...pairs(constants[1]), { name: "UINT_ANY", number: Number(any[1]) }],
    operations: enumOf("member_operation", "MEMBER_"),
    subjects: enumOf("subject_type", "SUBJECT_"),
  };
}

/** layouts.def and messages.def: rows of one layout stand between its opening and its end. */
function readLayouts(file, opening, end, cells, limits, begin) {
  const rows = readRows(file, { [opening]: cells, FIELD: 6, [end]: 1 });
  const layouts = [];
  let open = null;
  for (const row of rows) {
    if ((row.macro === opening) !== (open === null)) throw new Unreadable(`${row.where}: ${row.macro} does not stand here`);
    if (row.macro === opening) {
      open = { where: row.where, ...begin(row), fields: [] };
    } else if (row.args[0] !== open.name) {
      throw new Unreadable(`${row.where}: ${row.args[0]} stands within ${open.name}`);
    } else if (row.macro === end) {
      unique(open.fields, "name");
      layouts.push(open);
      open = null;
    } else {
      const field = fieldOf(row, limits);
      if (open.fields.at(-1)?.type === "LATE" && field.type !== "LATE") throw new Unreadable(`${row.where}: ${field.name} stands behind a LATE`);
      open.fields.push(field);
    }
  }
  if (open !== null) throw new Unreadable(`${open.where}: ${open.name} has no ${end}`);
  return unique(layouts, "name");
}

function fieldOf(row, limits) {
  const type = oneOf(row, 2, FIELD_TYPES);
  const bound = (index) => {
    const source = row.args[index];
    const number = limits.get(source) ?? (/^(0|[1-9][0-9]*)$/.test(source) ? Number(source) : undefined);
    if (number === undefined) throw new Unreadable(`${row.where}: neither a number nor a limit: ${source}`);
    return { number, source };
  };
  const [min, max] = [bound(3), bound(4)];
  const isGood = LIMITLESS_TYPES.includes(type) ? min.number === 0 && max.number === 0 : min.number <= max.number && max.number > 0;
  if (!isGood || (type === "LATE" && min.number !== 0)) throw new Unreadable(`${row.where}: limits ${min.source}..${max.source} of a ${type}`);
  return { where: row.where, name: nameOf(row, 1, /^[a-z][a-z0-9_]*$/), type, min, max, what: textOf(row, 5) };
}

function readTables() {
  const header = readHeader();
  const limits = unique(readRows("limits", { LIMIT: 4 }).map((row) => (
    { where: row.where, name: nameOf(row, 0), number: numberOf(row, 1), unit: textOf(row, 2), what: textOf(row, 3) })), "name");
  const bounds = new Map([...limits, ...header.constants].map(({ name, number }) => [name, number]));
  const lower = /^[a-z][a-z0-9_]*$/;
  const layouts = readLayouts("layouts", "LAYOUT", "LAYOUT_END", 2, bounds,
    (row) => ({ name: nameOf(row, 0, lower), what: textOf(row, 1) }));
  const messages = unique(readLayouts("messages", "MESSAGE", "MESSAGE_END", 6, bounds, (row) => ({
    name: nameOf(row, 0, lower), wire: nameOf(row, 1), number: numberOf(row, 2), from: oneOf(row, 3, SENDERS),
    states: bitsOf(row, 4, "IN", STATES), what: textOf(row, 5),
  })), "wire", "number");
  const layoutNames = layouts.map(({ name }) => name);
  const roles = readNumbers("roles", "ROLE");
  const roleNames = roles.map(({ name }) => name);
  const rooms = unique(readRows("rooms", { ROOM_TYPE: 4 }).map((row) => ({
    where: row.where, name: nameOf(row, 0), number: numberOf(row, 1), openers: bitsOf(row, 2, "ROLE_BIT", roleNames), what: textOf(row, 3),
  })), "name", "number");
  const labels = unique(readRows("labels", { LABEL: 3 }).map((row) => (
    { where: row.where, name: nameOf(row, 0), text: textOf(row, 1), what: textOf(row, 2) })), "name", "text");
  const errors = unique(readRows("errors", { ERROR: 5 }).map((row) => ({
    where: row.where, name: nameOf(row, 0), number: numberOf(row, 1), class: oneOf(row, 2, ERROR_CLASSES),
    sentence: textOf(row, 3), mening: textOf(row, 4),
  })), "name", "number");
  const classes = unique(readRows("classes", { CLASS: 6 }).map((row) => ({
    where: row.where, name: nameOf(row, 0), number: numberOf(row, 1), open: oneOf(row, 2, layoutNames),
    sealed: oneOf(row, 3, SEAL_PARTS), writers: bitsOf(row, 4, "ROLE_BIT", roleNames), what: textOf(row, 5),
  })), "name", "number");
  const kinds = unique(readRows("kinds", { KIND: 6 }).map((row) => ({
    where: row.where, name: nameOf(row, 0), number: numberOf(row, 1), body: oneOf(row, 2, layoutNames),
    rooms: bitsOf(row, 3, "ROOM_BIT", rooms.map(({ name }) => name)), writers: bitsOf(row, 4, "ROLE_BIT", roleNames),
    what: textOf(row, 5),
  })), "name", "number");
  const letters = unique(readRows("letters", { LETTER: 5 }).map((row) => ({
    where: row.where, name: nameOf(row, 0), number: numberOf(row, 1), body: oneOf(row, 2, layoutNames),
    from: oneOf(row, 3, LETTER_SENDERS), what: textOf(row, 4),
  })), "name", "number");
  const grounds = readNumbers("grounds", "GROUND");
  const capacities = readNumbers("capacities", "CAPACITY");
  const calls = readSmall("calls", "CALL_NUMBER");
  const devices = readSmall("devices", "DEVICE_NUMBER");
  const journey = readJourney();
  const tables = { limits, labels, errors, classes, kinds, roles, rooms, letters, grounds, capacities, calls, devices, journey, layouts, messages };
  const known = readdirSync(join(root, "protocol")).filter((file) => file.endsWith(".def")).map((file) => file.slice(0, -4));
  for (const name of known) {
    if (tables[name] === undefined) throw new Unreadable(`protocol/${name}.def: a table that is not known here`);
  }
  return { ...tables, header };
}

// -- TypeScript -----------------------------------------------------------------------------------------------------

const HEADER = "// Made by tools/tables.mjs from protocol/*.def and tables.h. Do not edit: change those, and run it again.\n";

function camel(name) {
  return name.replace(/(^|_)([a-z0-9])/g, (_all, _start, letter) => letter.toUpperCase());
}

function quoted(names) {
  return `[${names.map((name) => JSON.stringify(name)).join(", ")}]`;
}

function fieldSource(field) {
  const limits = LIMITLESS_TYPES.includes(field.type) ? "" : `${field.min.number}, ${field.max.number}`;
  return `  /** ${field.what} */ ${field.name}: ${field.type.toLowerCase()}(${limits}),\n`;
}

/** The field makers that these layouts use, for the import. */
function makersOf(layouts) {
  const types = new Set(layouts.flatMap(({ fields }) => fields.map(({ type }) => type.toLowerCase())));
  return [...types].sort().join(", ");
}

function layoutsSource({ layouts }) {
  const parts = layouts.map((layout) => `
/** ${layout.what} */
export const layout${camel(layout.name)} = layout("${layout.name}", {
${layout.fields.map(fieldSource).join("")}});
/** ${layout.what} */
export interface Wire${camel(layout.name)} extends ValueOf<typeof layout${camel(layout.name)}> {}
`);
  const list = layouts.map((layout) => `  ${layout.name}: layout${camel(layout.name)},\n`).join("");
  return `${HEADER}import { ${makersOf(layouts)}, layout, type ValueOf } from "./field.ts";
${parts.join("")}
/** Every layout by its name in layouts.def. */
export const LAYOUTS = {
${list}};
`;
}

function messagesSource({ messages }) {
  const parts = messages.map((message) => `
/** ${message.what} */
export const message${camel(message.name)} = message("${message.wire}", ${message.number}, "${message.from}", ${quoted(message.states)}, {
${message.fields.map(fieldSource).join("")}});
/** ${message.what} */
export interface Msg${camel(message.name)} extends ValueOf<typeof message${camel(message.name)}> {}
`);
  const list = messages.map((message) => `  ${message.wire}: message${camel(message.name)},\n`).join("");
  return `${HEADER}import { ${makersOf(messages)}, message, type ValueOf } from "./field.ts";
${parts.join("")}
/** Every message by its name in messages.def. */
export const MESSAGES = {
${list}};
`;
}

function objectSource(name, what, rows, valueOf) {
  const lines = rows.map((row) => `${row.what === undefined ? "" : `  /** ${row.what} */\n`}  ${row.name}: ${valueOf(row)},\n`);
  return `
/** ${what} */
export const ${name} = {
${lines.join("")}} as const;
`;
}

/** A file of its own: only what folds or writes a case's way has use for it. */
function journeySource({ journey: { matters, stages, channels, clocks } }) {
  return `${HEADER}${objectSource("MATTERS", "What a case is.", matters, (row) => row.number)}export type MatterName = keyof typeof MATTERS;
${objectSource("STAGES", "Where a case stands, in the order in which it passes them, and for which matters.", stages,
    (row) => `{ number: ${row.number}, matters: ${quoted(row.matters)} }`)}export type StageName = keyof typeof STAGES;
${objectSource("CHANNELS", "How people were in touch.", channels, (row) => row.number)}export type ChannelName = keyof typeof CHANNELS;
${objectSource("CLOCKS", "What must be done in time. To be confirmed by the municipality's lawyer.", clocks,
    (row) => `{ number: ${row.number}, matters: ${quoted(row.matters)}, from: "${row.from}", length: ${row.length}, unit: "${row.unit}", `
      + `until: "${row.until}", isExtendable: ${row.isExtendable}, source: ${JSON.stringify(row.source)} }`)
  }export type ClockName = keyof typeof CLOCKS;
`;
}

function smallSource(file, prefix, rows) {
  return tablesOf(rows).map((table) => objectSource(`${prefix}_${table}S`, `${table} of ${file}.def.`,
    rows.filter((row) => row.table === table), (row) => row.number)).join("");
}

/** A file of its own: only a login, and who lists devices, have use for it. */
function devicesSource({ devices }) {
  return `${HEADER}${smallSource("devices", "DEVICE", devices)}`;
}

/** Files of their own: only pages speak to people, and in one language at a time. */
function sentencesSource({ errors }) {
  return `${HEADER}${objectSource("SENTENCES", "What people are told of everything that can go wrong, in English.", errors,
    (row) => JSON.stringify(row.sentence))}`;
}

function meningarSource({ errors }) {
  return `${HEADER}${objectSource("MENINGAR", "What people are told of everything that can go wrong, in Swedish.", errors,
    (row) => JSON.stringify(row.mening))}`;
}

function tablesSource(tables) {
  const { header } = tables;
  const number = (row) => row.number;
  return `${HEADER}import * as wire from "./layouts.ts";

${header.constants.map((row) => `export const ${row.name} = ${row.number};\n`).join("")}${
  objectSource("LIMITS", "Every limit of the protocol, with its reason.", tables.limits, number)}${
  objectSource("LABELS", "One label for each kind of signature, hash and derived key; fed with one zero byte behind it.",
    tables.labels, (row) => JSON.stringify(row.text))}export type LabelName = keyof typeof LABELS;
${objectSource("ERRORS", "Everything that can go wrong: number on the wire, and class. The sentences for people are in sentences.ts and meningar.ts.", tables.errors,
    (row) => `{ number: ${row.number}, class: "${row.class}" }`)
  }export type ErrorName = keyof typeof ERRORS;
export type ErrorClass = ${ERROR_CLASSES.map((name) => `"${name}"`).join(" | ")};
${objectSource("ROLES", "What a certificate says its holder is.", tables.roles, number)}export type RoleName = keyof typeof ROLES;
${objectSource("ROOM_TYPES", "Types of room.", tables.rooms, number)}export type RoomTypeName = keyof typeof ROOM_TYPES;
${objectSource("ROOM_OPENERS", "Who opens a room of each type.", tables.rooms.map(({ what: _what, ...row }) => row), (row) => quoted(row.openers))
  }${objectSource("CLASSES", "What the host must see of an entry, and who may append it.", tables.classes,
    (row) => `{ number: ${row.number}, open: wire.layout${camel(row.open)}, hasContent: ${row.sealed === "CONTENT"}, writers: ${quoted(row.writers)} }`)
  }export type ClassName = keyof typeof CLASSES;
${objectSource("KINDS", "What a sealed content is about, who may write it, and where.", tables.kinds,
    (row) => `{ number: ${row.number}, body: wire.layout${camel(row.body)}, rooms: ${quoted(row.rooms)}, writers: ${quoted(row.writers)} }`)
  }export type KindName = keyof typeof KINDS;
${objectSource("LETTERS", "What a letter to or from a keeper asks or answers.", tables.letters,
    (row) => `{ number: ${row.number}, body: wire.layout${camel(row.body)}, from: "${row.from}" }`)
  }export type LetterName = keyof typeof LETTERS;
${objectSource("GROUNDS", "Why something was erased, removed, revoked or refused.", tables.grounds, number)
  }${objectSource("CAPACITIES", "In which capacity somebody was let into a conversation.", tables.capacities, number)}export type CapacityName = keyof typeof CAPACITIES;
${smallSource("calls", "CALL", tables.calls)
  }${objectSource("MEMBER_OPERATIONS", "open_member.operation.", header.operations, number)
  }${objectSource("SUBJECT_TYPES", "open_member.subject_type and letter_remove.subject_type.", header.subjects, number)}`;
}

// -- The specification's tables -------------------------------------------------------------------------------------

function markdown(columns, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |\n`;
  return line(columns) + `|${columns.map(() => "---|").join("")}\n` + rows.map(line).join("");
}

function limitsOf({ type, min, max }) {
  const bound = ({ source }) => (/^[A-Z]/.test(source) ? `\`${source}\`` : source);
  return LIMITLESS_TYPES.includes(type) ? type : `${type} ${bound(min)}..${bound(max)}`;
}

function fieldsMarkdown({ fields }) {
  return markdown(["#", "field", "type", "is"], fields.map((field, index) => [index, `\`${field.name}\``, limitsOf(field), field.what]));
}

const roleList = (names) => names.map((name) => name.toLowerCase()).join(", ");

const smallMarkdown = (rows) => markdown(["table", "number", "name", "is"], rows.map((row) => [row.table, row.number, row.name, row.what]));

const README_TABLES = {
  limits: ({ limits }) => markdown(["limit", "value", "unit", "why"],
    limits.map((row) => [`\`${row.name}\``, row.number, row.unit, row.what])),
  labels: ({ labels }) => markdown(["label", "text", "for"], labels.map((row) => [row.name, `\`${row.text}\``, row.what])),
  errors: ({ errors }) => markdown(["number", "error", "class", "sentence", "mening"],
    errors.map((row) => [row.number, row.name, row.class, row.sentence, row.mening])),
  roles: ({ roles }) => markdown(["number", "role", "is"], roles.map((row) => [row.number, row.name, row.what])),
  rooms: ({ rooms }) => markdown(["number", "type of room", "opened by", "is"], rooms.map((row) => [row.number, row.name, roleList(row.openers), row.what])),
  grounds: ({ grounds }) => markdown(["number", "ground", "is"], grounds.map((row) => [row.number, row.name, row.what])),
  capacities: ({ capacities }) => markdown(["number", "capacity", "is"], capacities.map((row) => [row.number, row.name, row.what])),
  calls: ({ calls }) => smallMarkdown(calls),
  devices: ({ devices }) => smallMarkdown(devices),
  journey: ({ journey }) => markdown(["table", "number", "name", "for", "is"], ["matters", "stages", "channels"].flatMap((table) =>
    journey[table].map((row) => [table.slice(0, -1).toUpperCase(), row.number, row.name, roleList(row.matters ?? []), row.what]))),
  clocks: ({ journey }) => markdown(["number", "clock", "for", "from", "length", "until", "extended", "source", "is"],
    journey.clocks.map((row) => [row.number, row.name, roleList(row.matters), row.from, row.length === 0 ? "the same day" : `${row.length} ${row.unit.toLowerCase()}s`,
      row.until, row.isExtendable ? "may be" : "no", row.source, row.what])),
  classes: ({ classes }) => markdown(["number", "class", "open part", "sealed part", "writers", "is"],
    classes.map((row) => [row.number, row.name, `\`${row.open}\``, row.sealed === "CONTENT" ? "content" : "none",
      roleList(row.writers), row.what])),
  kinds: ({ kinds }) => markdown(["number", "kind", "body", "rooms", "writers", "is"],
    kinds.map((row) => [row.number, row.name, `\`${row.body}\``, roleList(row.rooms), roleList(row.writers), row.what])),
  letters: ({ letters }) => markdown(["number", "letter", "body", "from", "is"],
    letters.map((row) => [row.number, row.name, `\`${row.body}\``, roleList([row.from]), row.what])),
  layouts: ({ layouts }) => layouts.map((row) => `\n**\`${row.name}\`**: ${row.what}\n\n${fieldsMarkdown(row)}`).join("").slice(1),
  messages: ({ messages }) => markdown(["number", "message", "from", "legal when", "is"],
    messages.map((row) => [row.number, row.wire, row.from, row.states.join(", "), row.what]))
    + "\nEach begins with its number and the request number (UINT 0..`UINT_ANY`). Then:\n"
    + messages.filter(({ fields }) => fields.length > 0)
      .map((row) => `\n**${row.wire}**\n\n${fieldsMarkdown({ fields: row.fields }).replace(/^\| (\d+) /gm, (_all, index) => `| ${Number(index) + 2} `)}`)
      .join(""),
};

function readmeSource(tables) {
  const left = new Set(Object.keys(README_TABLES));
  const source = read("protocol/README.md").replace(/(<!-- table: (.*?) -->\n)([\s\S]*?)(<!-- end -->)/g,
    (_all, start, name, old, end) => {
      if (old.includes("<!--")) throw new Unreadable(`protocol/README.md: table ${name} has no end`);
      if (!left.delete(name)) throw new Unreadable(`protocol/README.md: table ${name} is unknown, or stands twice`);
      return `${start}${README_TABLES[name](tables)}${end}`;
    });
  if (left.size > 0) throw new Unreadable(`protocol/README.md: no marker for ${[...left].join(", ")}`);
  return source;
}

// -- Writing, or showing what differs -------------------------------------------------------------------------------

function present(path) {
  try {
    return read(path);
  } catch (error) {
    if (error.code === "ENOENT") return "";
    throw error;
  }
}

function showDifference(path, made) {
  const shown = spawnSync("diff", ["-u", "--label", path, "--label", `${path} (made anew)`, join(root, path), "-"],
    { input: made, encoding: "utf8" });
  process.stdout.write(shown.stdout || `${path}: differs\n`);
}

function run() {
  const tables = readTables();
  const outputs = {
    "client-sdk/web/protocol/tables.ts": tablesSource(tables),
    "client-sdk/web/protocol/sentences.ts": sentencesSource(tables),
    "client-sdk/web/protocol/meningar.ts": meningarSource(tables),
    "client-sdk/web/protocol/journey.ts": journeySource(tables),
    "client-sdk/web/protocol/devices.ts": devicesSource(tables),
    "client-sdk/web/protocol/layouts.ts": layoutsSource(tables),
    "client-sdk/web/protocol/messages.ts": messagesSource(tables),
    "protocol/README.md": readmeSource(tables),
  };
  for (const [path, made] of Object.entries(outputs)) {
    if (present(path) === made) continue;
    if (isCheck) {
      showDifference(path, made);
      process.exitCode = 1;
    } else {
      writeFileSync(join(root, path), made);
      console.log(`wrote ${path}`);
    }
  }
}

try {
  run();
} catch (error) {
  if (!(error instanceof Unreadable)) throw error;
  console.error(`tables: ${error.message}`);
  process.exitCode = 2;
}
