// rows -- reads the tables (*.def) that C and documents are both made from.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const CELL = String.raw`\s*(?:"([^"\\]*)"|([^",()]+))\s*`;

/** Rows of a table: [macro, cell, cell, ...]. `macros` says how many cells each macro has. */
export function readRows(path, macros) {
  const source = readFileSync(join(root, path), "utf8").replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ""));
  return source.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const macro = /^[A-Z]+/.exec(line)?.[0];
    const cells = macros[macro] && new RegExp(`^${macro}\\(${Array(macros[macro]).fill(CELL).join(",")}\\)$`).exec(line);
    if (!cells) throw new Error(`${path}:${index + 1}: not a row: ${line}`);
    const values = Array.from({ length: macros[macro] }, (_none, i) => cells[2 * i + 1] ?? cells[2 * i + 2].trim());
    return [[macro, ...values]];
  });
}
