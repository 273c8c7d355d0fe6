// operating -- makes the tables of docs/OPERATING.md from the server's own: settings.def, metrics.def, endings.def and the
// relay's counters.def,
// between `<!-- table: NAME -->` and `<!-- end -->`. A row that is not understood stops it.
//     node tools/operating.mjs            writes the page if it differs
//     node tools/operating.mjs --check    writes nothing; ends with 1 if it differs
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readRows } from "./rows.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const page = join(root, "docs/OPERATING.md");

function markdown(columns, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |\n`;
  return line(columns) + `|${columns.map(() => "---|").join("")}\n` + rows.map(line).join("");
}

const TYPES = { COUNT: "counter", COUNTS: "counter", GAUGE: "gauge", GAUGES: "gauge", STEPS: "histogram" };

function metricRow([macro, name, second, third]) {
  const label = macro === "COUNTS" || macro === "GAUGES" ? `{${second}}` : "";
  const total = TYPES[macro] === "counter" ? "_total" : "";
  return [`\`${name}${total}${label}\``, TYPES[macro], macro === "STEPS" ? second : third];
}

const TABLES = {
  settings: () => markdown(["limit", "default", "most", "is"],
    readRows("server/settings.def", { SETTING: 4 }).map(([, name, standard, most, what]) => [`\`${name}\``, standard, most, what])),
  metrics: () => markdown(["metric", "type", "is"],
    readRows("server/metrics.def", { COUNT: 3, GAUGE: 3, COUNTS: 3, GAUGES: 3, STEPS: 2 }).map(metricRow)),
  relay: () => markdown(["what", "is"],
    readRows("server/relay/counters.def", { COUNTER: 3 }).map(([, , label, what]) => [`\`${label}\``, what])),
  endings: () => markdown(["why", "is"],
    readRows("server/gate/endings.def", { ENDING: 3 }).map(([, , label, what]) => [`\`${label}\``, what])),
};

const left = new Set(Object.keys(TABLES));
const before = readFileSync(page, "utf8");
const after = before.replace(/(<!-- table: (.*?) -->\n)[\s\S]*?(<!-- end -->)/g, (_all, start, name, end) => {
  if (!left.delete(name)) throw new Error(`docs/OPERATING.md: table ${name} is unknown, or stands twice`);
  return `${start}${TABLES[name]()}${end}`;
});
if (left.size > 0) throw new Error(`docs/OPERATING.md: no place for ${[...left].join(", ")}`);
if (after !== before && process.argv.includes("--check")) {
  console.log("docs/OPERATING.md differs from the server's tables: node tools/operating.mjs");
  process.exitCode = 1;
} else if (after !== before) {
  writeFileSync(page, after);
  console.log("wrote docs/OPERATING.md");
}
