// client -- sealing, verifying and opening of entries: C, Node, Chromium.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { CHROMIUM, CHROMIUM_FLAGS } from "../../demo/browse.ts";
import { measureEntries, type Figures } from "./client/entries.ts";
import { measure } from "./load.ts";
import type { Place } from "./place.ts";
import { printTable, type Column, type Report, type Row } from "./report.ts";

const columns: Column[] = [
  { key: "where", title: "where" },
  { key: "entries", title: "entries" },
  { key: "seal_us", title: "seal us", digits: 1 },
  { key: "verify_us", title: "verify us", digits: 1 },
  { key: "open_us", title: "open us", digits: 1 },
  { key: "version", title: "version" },
];

async function bundle(): Promise<string> {
  const made = await build({
    stdin: {
      contents: 'import { measureEntries } from "./client/entries.ts"; globalThis.measureEntries = measureEntries;',
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    format: "iife",
    target: "es2022",
    minify: true,
    write: false,
  });
  return made.outputFiles[0]!.text;
}

/** WebCrypto is there only on a page of a trusted origin: one of this machine. */
async function inChromium(count: number): Promise<Row> {
  const page = createServer((_, answer) => answer.setHeader("Content-Type", "text/html").end("<!doctype html><title>-</title>"));
  await new Promise<void>((resolve) => page.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: CHROMIUM_FLAGS });
  try {
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${(page.address() as AddressInfo).port}/`);
    await tab.addScriptTag({ content: await bundle() });
    const figures = await tab.evaluate<Figures, number>(
      (entries) => (globalThis as unknown as { measureEntries(n: number): Promise<Figures> }).measureEntries(entries),
      count,
    );
    return { where: "Chromium", ...figures, version: browser.version() };
  } finally {
    await browser.close();
    page.close();
  }
}

export async function client(place: Place, report: Report, count: number): Promise<void> {
  const rows: Row[] = [
    { where: "C", ...(await measure([place.program("bench-client"), String(count)])), version: "libsodium, OpenSSL" },
    { where: "Node", ...(await measureEntries(count)), version: process.version },
    await inChromium(count),
  ];
  printTable("client: one entry of 512 bytes, one after the other", columns, rows.map((row) => report.add("client", row)));
}
