// pages -- what the citizen's pages weigh and how soon they can be used on a slow line and an old phone; and a conversation of
// many entries: how long it takes to open, and the longest that the page does not answer while somebody reads back through it.
// The floor beside it: a page of the same entries as plain HTML, made by nobody, drawn by the same browser.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type CDPSession, type Page } from "playwright-core";
import { CHROMIUM, CHROMIUM_FLAGS, login } from "../../demo/browse.ts";
import { Device } from "../../demo/device.ts";
import { Installation } from "../../demo/installation.ts";
import type { Place } from "./place.ts";
import { printTable, type Column, type Report, type Row } from "./report.ts";
import { SlowLine, type Speed } from "./slowline.ts";

const BOARD = "bjuv";
const CITIZEN = "test.foralder";
const STAFF = "bjuv.handlaggare";
/** 400 ms there and back: a bad line, and a very bad one. */
const LINES: readonly Speed[] = [{ kilobits: 400, latencyMs: 400 }, { kilobits: 64, latencyMs: 400 }];
/** The processor of a five-year-old phone. */
const SLOWDOWN = 4;
const PHONE = { width: 360, height: 740 };
const PATIENCE_MS = 600_000;
/** So much of the conversation passes by with one turn of the wheel, px. */
const WHEEL = 1500;

/** What a page is asked about itself. */
interface Tasks {
  longest: number;
  over50: number;
}

const loadColumns: Column[] = [
  { key: "what", title: "what" },
  { key: "requests", title: "requests" },
  { key: "kilobytes", title: "kB on the line", digits: 1 },
  { key: "drawn_ms", title: "first drawn ms" },
  { key: "usable_ms", title: "usable ms" },
  { key: "longest_ms", title: "longest task ms" },
];
const longColumns: Column[] = [
  { key: "what", title: "what" },
  { key: "entries", title: "entries" },
  { key: "ms", title: "ms" },
  { key: "longest_ms", title: "longest task ms" },
  { key: "over50", title: "tasks over 50 ms" },
  { key: "nodes", title: "nodes at the end" },
  { key: "heap_mb", title: "heap MB", digits: 1 },
];

// -- A browser that is slow -------------------------------------------------------------------------------------------

/** Every task from the page's beginning; a page that is busy is noted by the browser itself. */
async function tasksWatch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const tasks: number[] = [];
    (globalThis as unknown as { tasks: number[] }).tasks = tasks;
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: "longtask", buffered: true });
  });
}

function tasksForget(page: Page): Promise<void> {
  return page.evaluate(() => void ((globalThis as unknown as { tasks: number[] }).tasks.length = 0));
}

function tasksOf(page: Page): Promise<Tasks> {
  return page.evaluate(() => {
    const { tasks } = globalThis as unknown as { tasks: number[] };
    return { longest: Math.max(0, ...tasks), over50: tasks.length };
  });
}

/** DOM nodes, and bytes of JavaScript objects after a collection. */
async function weigh(session: CDPSession): Promise<{ nodes: number; heap_mb: number }> {
  await session.send("HeapProfiler.collectGarbage");
  const { nodes } = await session.send("Memory.getDOMCounters");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return { nodes, heap_mb: usedSize / 1e6 };
}

async function profile<T>(work: (context: BrowserContext) => Promise<T>, flags: readonly string[] = []): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "enrum-bench-chromium-"));
  const context = await chromium.launchPersistentContext(folder, { executablePath: CHROMIUM, headless: true, args: [...CHROMIUM_FLAGS, ...flags], locale: "sv-SE", viewport: PHONE, hasTouch: true, deviceScaleFactor: 2 });
  try {
    return await work(context);
  } finally {
    await context.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

// -- The first load ---------------------------------------------------------------------------------------------------

async function load(context: BrowserContext, line: SlowLine, url: string, what: string): Promise<Row> {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  let requests = 0;
  context.on("request", () => requests++);
  const before = line.bytesDown;
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
  await tasksWatch(page);
  await page.goto(url, { waitUntil: "commit", timeout: PATIENCE_MS });
  // What a person can press: the button is there, and answers.
  await page.getByRole("button", { name: /^Logga in med/ }).waitFor({ timeout: PATIENCE_MS });
  const usable = await page.evaluate(() => performance.now());
  const kilobytes = (line.bytesDown - before) / 1000;
  const drawn = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0);
  const { longest } = await tasksOf(page);
  await page.close();
  return { what, requests, kilobytes, drawn_ms: drawn, usable_ms: usable, longest_ms: longest };
}

/** Twice, with an empty and with a full cache. */
async function loads(installation: Installation, speed: Speed): Promise<Row[]> {
  const url = installation.pagesUrl(BOARD, "citizen");
  const line = await SlowLine.lay([url, installation.hostUrl].map((address) => Number(new URL(address).port)), speed);
  try {
    return await profile(async (context) => [await load(context, line, url, "first visit"), await load(context, line, url, "second visit")], [line.flag]);
  } finally {
    line.close();
  }
}

// -- A long conversation ----------------------------------------------------------------------------------------------

function wordsOf(first: number, count: number): string {
  return Array.from({ length: count }, (_, i) => `Nummer ${first + i}. ${"Hej, vi hörs på torsdag. ".repeat(1 + (first + i) % 5)}`).join("\n");
}

/** So many words, by two people who take turns of a hundred. */
async function fill(installation: Installation, count: number): Promise<string> {
  const citizen = new Device(installation, "citizen", BOARD, CITIZEN, "citizen");
  const staff = new Device(installation, "staff", BOARD, STAFF, "staff");
  await citizen.login();
  await staff.login();
  const room = await citizen.newRoom("Ett långt samtal", "Det första.");
  for (let tries = 0; (await staff.run(["take", room])).code !== 0; tries++) {
    if (tries > 100) throw new Error("the conversation cannot be taken");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  for (let sent = 0; sent < count; sent += 500) {
    const device = sent / 500 % 2 === 0 ? citizen : staff;
    await device.must(["send", room, "--timeout", "600"], { input: wordsOf(sent + 1, Math.min(500, count - sent)), patience: PATIENCE_MS });
  }
  return room;
}

/** Wheel by wheel to the first entry, as long as it takes; how long that was. */
async function readBack(page: Page, first: string): Promise<number> {
  const began = performance.now();
  await page.mouse.move(PHONE.width / 2, PHONE.height / 2);
  while (await page.evaluate((text) => scrollY > 0 || ![...document.querySelectorAll("li p")].some((p) => p.textContent === text), first)) {
    await page.mouse.wheel(0, -WHEEL);
    await page.evaluate(() => new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
    if (performance.now() - began > PATIENCE_MS) throw new Error("the first entry is not reached");
  }
  return performance.now() - began;
}

async function conversation(context: BrowserContext, url: string, room: string, entries: number): Promise<Row[]> {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const last = `Nummer ${entries}. `;
  await tasksWatch(page);
  await page.goto(url);
  await login(page, CITIZEN);
  await page.getByRole("heading", { name: "Mina samtal" }).waitFor();
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
  const rows: Row[] = [];
  const open = async (what: string) => {
    const began = performance.now();
    await page.goto(`${url}#/samtal/${room}`);
    await page.locator(".entry .text", { hasText: last }).waitFor();
    rows.push({ what, entries, ms: performance.now() - began, longest_ms: (await tasksOf(page)).longest, over50: (await tasksOf(page)).over50 });
  };
  await open("opened for the first time: all of it fetched and checked");
  await page.reload();
  await page.evaluate(() => performance.now());
  await tasksForget(page);
  await open("opened again: all of it on the device");
  await tasksForget(page);
  const ms = await readBack(page, "Det första.");
  rows.push({ what: "read back to the first entry", entries, ms, longest_ms: (await tasksOf(page)).longest, over50: (await tasksOf(page)).over50, ...await weigh(session) });
  await page.close();
  return rows;
}

/** The same words as one plain page: what this browser needs for drawing and scrolling alone. */
async function floor(context: BrowserContext, entries: number): Promise<Row> {
  const items = wordsOf(1, entries).split("\n").map((text) => `<li><p>${text}</p><p><time>12:34</time> · Journalförd</p></li>`).join("");
  const server = createServer((_, answer) => answer.setHeader("Content-Type", "text/html; charset=utf-8").end(`<!doctype html><html lang="sv"><title>-</title><ol><li><p>Det första.</p></li>${items}</ol>`));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
    await tasksWatch(page);
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await tasksForget(page);
    const ms = await readBack(page, "Det första.");
    const row = { what: "floor: the same words as plain HTML, read back", entries, ms, longest_ms: (await tasksOf(page)).longest, over50: (await tasksOf(page)).over50, ...await weigh(session) };
    await page.close();
    return row;
  } finally {
    server.close();
  }
}

export async function pages(place: Place, report: Report, entries: number): Promise<void> {
  const installation = await Installation.start({ folder: place.make("pages"), programs: place.programs, tls: false, boards: [BOARD], pages: true });
  try {
    for (const speed of LINES) {
      const rows = await loads(installation, speed);
      printTable(`pages: the citizen's first page at ${speed.kilobits} kbit/s, ${speed.latencyMs} ms, ${SLOWDOWN} times slower`, loadColumns, rows.map((row) => report.add("pages", { ...speed, ...row })));
    }
    const url = installation.pagesUrl(BOARD, "citizen");
    const room = await fill(installation, entries);
    const long = await profile(async (context) => [...await conversation(context, url, room, entries), await floor(context, entries)]);
    printTable(`pages: a conversation of many entries, ${SLOWDOWN} times slower`, longColumns, long.map((row) => report.add("pages", row)));
  } finally {
    await installation.stop();
  }
}
