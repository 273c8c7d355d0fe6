// "Lämna sidan": for whoever may be watched. The page is blank at once, then another one; going back does not show it; and neither
// title, icon nor address says what it is.
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { axe, overflow, screenshot } from "./browser.ts";
import { conversationNew, Stage, take, write } from "./stage.ts";

let neutral: Server;
/** Its server answers nobody. */
let isHeld = false;
let neutralUrl: string;
let stage: Stage;
const TITLE = "Jag är rädd hemma";

before(async () => {
  neutral = createServer((_request, response) => isHeld || response.setHeader("content-type", "text/html; charset=utf-8").end("<title>Vädret</title><h1>Uppehåll</h1>"));
  await new Promise<void>((resolve) => neutral.listen(0, "127.0.0.1", resolve));
  neutralUrl = `http://127.0.0.1:${(neutral.address() as AddressInfo).port}/`;
  stage = await Stage.set({ leave: neutralUrl, pictures: 5 });
});

after(async () => {
  await stage?.strike();
  neutral?.close();
  neutral?.closeAllConnections();
});

async function isAway(page: Page): Promise<void> {
  await page.waitForURL(neutralUrl);
  await page.getByText("Uppehåll").waitFor();
}

/** Away from the second page of a visit or a later one, and the browser's button does not bring the one before back. */
async function isAwayForGood(page: Page): Promise<void> {
  await isAway(page);
  // Asked once for the page before, and once more for the neutral one: then the button has led there and out again.
  const again = page.waitForEvent("framenavigated", { predicate: () => page.url() === neutralUrl });
  await page.evaluate(() => history.back());
  await again;
  await isAway(page);
}

test("from the first page on it stands above all, and works before anybody has logged in", async () => {
  const page = await stage.citizen();
  await page.getByRole("button", { name: /^Logga in med/ }).waitFor();
  await screenshot(page, "leave-login-phone");
  await page.getByRole("link", { name: "Lämna sidan" }).click();
  await isAway(page);
  await page.close();
});

test("it stays in sight while one reads, and what is half written keeps nobody", async () => {
  const page = await stage.citizenIn("test.foralder");
  await conversationNew(page, TITLE, "Kan någon höra av sig?");
  const worker = await stage.staffIn("bjuv.handlaggare");
  await take(worker, TITLE);
  for (let n = 0; n < 12; n++) await write(worker, `Rad ${n}`);
  await page.getByText("Rad 11", { exact: true }).waitFor();
  await page.getByLabel("Skriv ett meddelande").fill("Han kommer hem");
  await page.evaluate(() => scrollTo(0, 0));
  const link = page.getByRole("link", { name: "Lämna sidan" });
  assert.ok(await link.evaluate((element) => document.elementFromPoint(innerWidth / 2, element.getBoundingClientRect().top + 20) === element));
  await screenshot(page, "leave-room-phone");
  assert.deepEqual(await axe(page), []);
  assert.equal(await overflow(page), 0);
  await page.setViewportSize({ width: 1280, height: 800 });
  await screenshot(page, "leave-room-wide");
  assert.deepEqual(await axe(page), []);
  await link.click();
  await isAwayForGood(page);
  // A visit of one's own: still logged in, and what was sent is there.
  await page.goto(stage.installation.pagesUrl("bjuv", "citizen"));
  await page.getByRole("link", { name: new RegExp(TITLE) }).click();
  await page.getByText("Kan någon höra av sig?").waitFor();
});

test("Esc three times does the same; twice, or slowly, does nothing", async () => {
  const page = await stage.citizen();
  await page.getByRole("heading", { name: "Mina samtal" }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.waitForTimeout(3_200);
  await page.keyboard.press("Escape");
  assert.ok(await page.getByRole("heading", { name: "Mina samtal" }).isVisible());
  await page.getByRole("link", { name: "Starta ett samtal" }).click();
  for (let n = 0; n < 3; n++) await page.keyboard.press("Escape");
  await isAwayForGood(page);
  await page.close();
});

test("it can be pressed while a question stands above the page", async () => {
  const page = await stage.citizen();
  await page.getByRole("heading", { name: "Mina samtal" }).waitFor();
  await page.getByText("Meny").click();
  await page.getByRole("button", { name: "Logga ut" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("link", { name: "Lämna sidan" }).waitFor();
  await screenshot(page, "leave-dialog-phone");
  assert.deepEqual(await axe(page), []);
  await dialog.getByRole("link", { name: "Lämna sidan" }).click();
  await isAway(page);
  await page.close();
});

test("an answer of the e-ID in a tab that was left is none of a new visit: it leads out, and the next visit begins anew", async () => {
  const page = await stage.citizen();
  await page.getByRole("heading", { name: "Mina samtal" }).waitFor();
  await page.getByRole("link", { name: "Lämna sidan" }).click();
  await isAway(page);
  const board = stage.installation.pagesUrl("bjuv", "citizen");
  const seen: string[] = [];
  page.on("framenavigated", (frame) => seen.push(frame.url()));
  await page.goto(`${board}#code=abc&state=def`, { waitUntil: "commit" });
  await isAway(page);
  assert.deepEqual(seen, [`${board}#code=abc&state=def`, board, neutralUrl]);
  await page.goto(board);
  await page.getByRole("heading", { name: "Mina samtal" }).waitFor();
  await page.close();
});

test("a page that the browser has kept is blank as soon as it is shown, when a later one of this tab was left", async () => {
  const page = await stage.citizen();
  await page.getByRole("heading", { name: "Mina samtal" }).waitFor();
  let asked = 0;
  await page.route(/./, (route) => {
    if (route.request().isNavigationRequest()) asked++;
    return route.request().url() === neutralUrl ? route.continue() : undefined;
  });
  const left = await page.evaluate(() => {
    sessionStorage.setItem("enrum left", "1");
    dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    return document.body.childElementCount;
  });
  assert.equal(left, 0);
  await isAway(page);
  assert.equal(asked, 1);
  await page.close();
});

test("neither title nor icon says what it is, also with something unread", async () => {
  const page = await stage.citizen();
  await page.getByRole("heading", { name: "Mina samtal" }).waitFor();
  const manifest = await page.evaluate(async () => (await fetch((document.querySelector("link[rel=manifest]") as HTMLLinkElement).href)).json());
  assert.equal(manifest.name, "Mina sidor");
  for (const { src } of manifest.icons) assert.equal((await page.request.get(new URL(src, page.url()).href)).status(), 200);
  assert.match(await page.title(), /^(\(\d+\) )?Mina sidor$/);
  await page.close();
});

test("staff have no such link", async () => {
  const worker = await stage.staff();
  await worker.getByRole("heading", { name: "Nya samtal" }).waitFor();
  assert.equal(await worker.getByRole("link", { name: "Lämna sidan" }).count(), 0);
});

interface Spied {
  voices: HTMLAudioElement[];
  tracks: MediaStreamTrack[];
  /** Its worker of frames begins and ends, and it is joined. */
  steps: string[];
  isHeld: boolean;
  release: () => void;
}

/** What a page's script can see of a call that is in none of its elements; and what it can hold up: microphone, and worker of frames. */
function spy(): void {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const spied: Spied = { voices: [], tracks: [], steps: [], isHeld: false, release };
  const [OwnAudio, OwnWorker, ownFetch, { mediaDevices }] = [Audio, Worker, fetch, navigator];
  const ownMedia = mediaDevices.getUserMedia.bind(mediaDevices);
  Object.assign(globalThis, {
    spied,
    Audio: function() {
      const voice = new OwnAudio();
      spied.voices.push(voice);
      return voice;
    },
    Worker: class extends OwnWorker {
      #name: string | undefined;
      constructor(url: string, options?: WorkerOptions) {
        super(url, options);
        this.#name = options?.name;
        if (this.#name === "enrum frames") spied.steps.push("begun");
      }
      override terminate() {
        if (this.#name === "enrum frames") spied.steps.push("ended");
        super.terminate();
      }
    },
    fetch: async (...asked: Parameters<typeof fetch>) => {
      const found = await ownFetch(...asked);
      if (spied.isHeld && /frames/.test(String(asked[0]))) await released;
      return found;
    },
  });
  const { postMessage } = BroadcastChannel.prototype;
  BroadcastChannel.prototype.postMessage = function(message: { verb?: string }) {
    if (message.verb === "callJoin") spied.steps.push("joined");
    postMessage.call(this, message);
  };
  mediaDevices.getUserMedia = async (asked) => {
    const stream = await ownMedia(asked);
    spied.tracks.push(...stream.getTracks());
    if (spied.isHeld) await released;
    return stream;
  };
}

async function spiedCitizen(): Promise<Page> {
  const page = await stage.phone.context.newPage();
  page.setDefaultTimeout(60_000);
  await page.addInitScript(spy);
  await page.goto(stage.installation.pagesUrl("bjuv", "citizen"));
  await page.getByRole("link", { name: new RegExp(TITLE) }).click();
  await page.getByRole("link", { name: "Videosamtal" }).click();
  return page;
}

test("a call ends with the press, not with the neutral page's answer", async () => {
  const worker = await stage.staff();
  await worker.getByRole("link", { name: new RegExp(TITLE) }).click();
  await worker.getByRole("link", { name: "Videosamtal" }).click();
  await worker.getByRole("button", { name: /^Ring / }).click();
  const page = await spiedCitizen();
  await page.getByLabel("Börja med kameran på").check();
  await page.getByRole("button", { name: "Svara" }).last().click();
  await page.waitForFunction(() => {
    const { voices, tracks } = (globalThis as unknown as { spied: Spied }).spied;
    return voices.some(({ paused, srcObject }) => !paused && srcObject !== null) && tracks.length === 2;
  });
  await worker.locator(".tile:not(.own) video").waitFor();
  isHeld = true;
  // In one go with the press: the driver asks nothing of a page that waits for the next one.
  const left = await page.evaluate(() => {
    document.querySelector<HTMLElement>("a.leave")?.click();
    const { voices, tracks } = (globalThis as unknown as { spied: Spied }).spied;
    return { heard: voices.filter(({ paused, srcObject }) => !paused || srcObject !== null).length, tracks: tracks.map(({ readyState }) => readyState), shown: document.body.childElementCount };
  });
  assert.deepEqual(left, { heard: 0, tracks: ["ended", "ended"], shown: 0 });
  // Left, and not only lost: whoever was talked to does not wait.
  await worker.locator(".tile:not(.own)").waitFor({ state: "detached" });
  assert.notEqual(page.url(), neutralUrl);
  isHeld = false;
  await page.close();
  await worker.close();
});

test("what is on its way to a call when somebody leaves does not come to it", async () => {
  isHeld = true;
  for (const what of ["the microphone", "the call"]) {
    const page = await spiedCitizen();
    await page.evaluate(() => {
      (globalThis as unknown as { spied: Spied }).spied.isHeld = true;
    });
    await page.getByRole("button", { name: what === "the call" ? "Gå till väntrummet" : "Prova mikrofonen" }).click();
    if (what === "the call") await page.getByRole("button", { name: "Ansluter till samtalet" }).waitFor();
    else await page.waitForFunction(() => (globalThis as unknown as { spied: Spied }).spied.tracks.length === 1);
    const left = await page.evaluate(async (isCall) => {
      const { tracks, steps, release } = (globalThis as unknown as { spied: Spied }).spied;
      const isOver = () => isCall ? steps.at(-1) === "ended" : tracks.every(({ readyState }) => readyState === "ended");
      document.querySelector<HTMLElement>("a.leave")?.click();
      release();
      for (let looks = 0; looks < 600 && !isOver(); looks++) await new Promise((resolve) => setTimeout(resolve, 50));
      return { steps, tracks: tracks.map(({ readyState }) => readyState) };
    }, what === "the call");
    assert.deepEqual(left, what === "the call" ? { steps: ["begun", "ended"], tracks: [] } : { steps: [], tracks: ["ended"] });
    await page.close();
  }
  isHeld = false;
});

test("no page has complained", () => assert.deepEqual([...stage.phone.complaints, ...stage.desk.complaints], []));
