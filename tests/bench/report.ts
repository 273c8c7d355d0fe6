// report -- rows of figures: an aligned table for people, JSON for programs.
import { writeFileSync } from "node:fs";

export type Row = Record<string, string | number | boolean | undefined>;

export interface Column {
  key: string;
  title: string;
  /** Digits behind the point. */
  digits?: number;
}

function cell(row: Row, column: Column): string {
  const value = row[column.key];
  if (value === undefined || value === "") return "-";
  return typeof value === "number" ? value.toFixed(column.digits ?? 0) : String(value);
}

export function printTable(title: string, columns: Column[], rows: Row[]): void {
  const cells = [columns.map(({ title: text }) => text), ...rows.map((row) => columns.map((column) => cell(row, column)))];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]!.length)));
  const isText = columns.map(({ key }) => rows.some((row) => typeof row[key] === "string"));
  const lines = cells.map((line) =>
    line.map((text, i) => (isText[i] ? text.padEnd(widths[i]!) : text.padStart(widths[i]!))).join("  ").trimEnd(),
  );
  const failed = rows.flatMap((row) => (row.failed === undefined ? [] : [`not measured: ${row.failed}`]));
  console.log(`\n${title}\n${[...lines, ...failed].join("\n")}`);
}

/** Collects the rows of all benchmarks; each says where, when and what. */
export class Report {
  readonly machine: string;
  readonly date = new Date().toISOString();
  readonly rows: Row[] = [];
  readonly #path: string | undefined;

  /** With a path, the rows so far stand in that file after each one: a long run that is ended leaves what it has. */
  constructor(machine: string, path: string | undefined) {
    this.machine = machine;
    this.#path = path;
  }

  add(benchmark: string, row: Row): Row {
    const whole = { benchmark, date: this.date, machine: this.machine, ...row };
    this.rows.push(whole);
    if (this.#path) writeFileSync(this.#path, `${JSON.stringify(this.rows, null, 2)}\n`);
    return whole;
  }
}
