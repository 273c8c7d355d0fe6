// The browser's database goes from version to version whole or not at all, and a page that is older than it leaves it alone.
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import { Browser } from "./browser.ts";

/** Their number, by table. */
type Rows = Record<string, number>;

interface Probe {
  make(): Promise<void>;
  look(how: string): Promise<string>;
  version(): Promise<number | undefined>;
  odd(): Promise<string[]>;
  borrow(): Promise<{ before: Rows; after: Rows; rows: Rows; blobs: (number | undefined)[]; entries: number; cleared: string; kept: Rows }>;
}

let server: Server;
let browser: Browser;
let page: Page;

const make = () => page.evaluate(() => (globalThis as unknown as { probe: Probe }).probe.make());
const look = (how: string) => page.evaluate((name) => (globalThis as unknown as { probe: Probe }).probe.look(name), how);
const version = () => page.evaluate(() => (globalThis as unknown as { probe: Probe }).probe.version());

before(async () => {
  const entry = new URL("databaseprobe.ts", import.meta.url).pathname;
  const { outputFiles: [script] } = await build({ bundle: true, write: false, format: "esm", target: "es2022", entryPoints: [entry] });
  server = createServer((request, response) => {
    const isScript = request.url === "/probe.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? script!.contents : "<!doctype html><title>probe</title><link rel=icon href=data:,><script type=module src=/probe.js></script>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  browser = await Browser.open({ phone: true });
  page = await browser.tab(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.waitForFunction(() => "probe" in globalThis);
});

after(async () => {
  await browser?.close();
  server?.close();
});

beforeEach(async () => {
  await browser.forget(page);
  await make();
  assert.equal(await version(), 3);
});

test("the steps make the tables that the rows are of", async () => {
  assert.deepEqual(await page.evaluate(() => (globalThis as unknown as { probe: Probe }).probe.odd()), []);
});

test("an older database is taken to the newest version, with all that it holds", async () => {
  assert.equal(await look("third"), "50 entries, 50 counted, 64");
  assert.equal(await version(), 5);
  assert.equal(await look("third"), "50 entries, 50 counted, 64");
});

test("a step that breaks off leaves the version before it, with all that it holds", async () => {
  assert.match(await look("broken"), /FILE_FAILED/);
  assert.equal(await version(), 3);
  assert.equal(await look("first"), "50 entries, 0 counted, 64");
});

test("a newer database is refused, and stays as it is", async () => {
  await look("third");
  assert.equal(await look("first"), "EnrumError: FILE_FAILED: the database was made by a newer page");
  assert.equal(await version(), 5);
  assert.equal(await look("third"), "50 entries, 50 counted, 64");
});

test("on a borrowed computer every table's rows are served from memory, a file's blobs too, and none is on the disk", async () => {
  const { before: written, after: left, rows, blobs, entries, cleared, kept } = await page.evaluate(() => (globalThis as unknown as { probe: Probe }).probe.borrow());
  assert.ok("blobs" in rows);
  for (const table of Object.keys(rows)) assert.deepEqual([table, written[table], left[table], rows[table]], [table, 1, 0, 2]);
  assert.deepEqual(blobs, [7, 7, undefined]);
  assert.equal(entries, 1);
  assert.equal(cleared, "done", "there was nothing on the disk that could stay");
  assert.deepEqual(kept, written, "what the next person does is the device's own again, and nothing else is there");
});
