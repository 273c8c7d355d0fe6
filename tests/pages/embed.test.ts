// The citizen's pages in a frame on another site's page: log in by a window, write, be answered, read the record, leave; and what that
// page's scripts, other sites and other frames get, which is nothing.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { FrameLocator, Page } from "playwright-core";
import { eventually } from "../../demo/device.ts";
import { embeddingOrigin, embeddingServe, type EmbeddingSite } from "../../demo/embedding.ts";
import { axe, screenshot } from "./browser.ts";
import { freePorts, madeUpServe, type MadeUp } from "./embedding.ts";
import { conversationNew, isRecorded, Stage, take, write } from "./stage.ts";

const TITLE = "Från kommunens sida";
const SECRET = "Ingen annan får läsa detta";
const ANSWER = "Vi hörs i morgon klockan nio";

let stage: Stage;
let example: EmbeddingSite;
let listed: MadeUp;
let unlisted: MadeUp;
let neutral: MadeUp;
let board: string;
let room: string;
let worker: Page;

/** Within the board's own domain, as the example. */
const local = (port: number) => `http://intern.bjuv.localhost:${port}`;
/** The same programs under a name of another site: for a browser, another registrable domain. */
const foreign = (port: number) => `http://kommunen.localhost:${port}`;

/** A page's script that keeps all that it is told, and all that it could find out. */
const SPY = `<script>
  globalThis.heard = [];
  addEventListener("message", ({ data, origin }) => heard.push(JSON.stringify([origin, data])));
  function begin(target, settings, isReturn = false) {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => heard.push(JSON.stringify(["port", data]));
    target.postMessage({ enrum: 1, type: "begin", settings, isReturn }, "*", [port2]);
    return port1;
  }
  const SETTINGS = { page: "conversation", room: "", language: "sv", isFitting: true, style: {} };
</script>`;

before(async () => {
  const [atExample = 0, atListed = 0, atUnlisted = 0, atNeutral = 0] = await freePorts(4);
  neutral = await madeUpServe(atNeutral, () => ({ "/": "<h1>Uppehåll</h1>" }));
  stage = await Stage.set({ hasNames: true, leave: `${local(atNeutral)}/`, embedFrom: [embeddingOrigin("bjuv", atExample), local(atListed), foreign(atListed)] });
  board = stage.installation.pagesUrl("bjuv", "citizen");
  example = await embeddingServe(embeddingOrigin("bjuv", atExample), board);
  listed = await madeUpServe(atListed, () => ({
    "/": `<script type="module" src="/enrum-embed.js"></script><enrum-conversation board="${board}"></enrum-conversation>`,
    "/raw": `${SPY}<iframe src="${board}embed/"></iframe>`,
    "/citizen": `<iframe src="${board}"></iframe>`,
    "/beside": `${SPY}<iframe src="${board}embed/"></iframe><iframe src="${local(atUnlisted)}/forger"></iframe>`,
    "/dark": `<script type="module" src="/enrum-embed.js"></script><style>enrum-conversation { --enrum-primary: #777; --enrum-on-primary: #888; --enrum-ground: url(x); --enrum-radius: 90px }</style>
      <enrum-conversation board="${board}"></enrum-conversation>`,
    "/ar": `<script type="module" src="/enrum-embed.js"></script><enrum-conversation lang="ar" board="${board}"></enrum-conversation>`,
    "/addressed": `<script type="module" src="/enrum-embed.js"></script><enrum-conversation board="${board}" leave="${local(atNeutral)}/"></enrum-conversation>`,
    "/portal": `<iframe src="/"></iframe>`,
    "/odd": `<script type="module" src="/enrum-embed.js"></script><enrum-conversation lang="en_GB" room="3f" board="${board}"></enrum-conversation>`,
    "/same": `<script type="module" src="/enrum-embed.js"></script><enrum-conversation board="${local(atListed)}/"></enrum-conversation>`,
  }));
  unlisted = await madeUpServe(atUnlisted, () => ({
    "/": `${SPY}<iframe src="${board}embed/"></iframe>`,
    // Knocks at the board's frame, which lies beside it, for as long as it is there.
    "/forger": `${SPY}<script>setInterval(() => begin(parent.frames[0], SETTINGS), 20)</script>`,
  }));
});

after(async () => {
  await stage?.strike();
  example?.close();
  for (const site of [listed, unlisted, neutral]) site?.close();
});

function frameOf(page: Page): FrameLocator {
  return page.frameLocator("enrum-conversation iframe, enrum-journal iframe");
}

/** The frame's own view of itself, from its browser's debugger. */
function insideOf(page: Page) {
  const frame = page.frames().find((one) => one.url().startsWith(`${board}embed/`));
  assert.ok(frame !== undefined, page.frames().map((one) => one.url()).join(" "));
  return frame;
}

test("who leaves while a window is at the e-ID finds it closed when it is back, and nobody logged in", async () => {
  const page = await stage.phone.tab(example.url);
  const opened = stage.phone.context.waitForEvent("page");
  await frameOf(page).getByRole("button", { name: /^Logga in med/ }).click();
  const window = await opened;
  await window.locator("input#login").fill("test.foralder");
  await window.getByRole("button", { name: "Legitimera" }).click();
  await window.getByRole("button", { name: "Jag bekräftar" }).waitFor();
  await frameOf(page).getByRole("link", { name: "Lämna sidan" }).click();
  await isAway(page);
  const asked: string[] = [];
  window.on("request", (request) => asked.push(request.url()));
  const closed = window.waitForEvent("close");
  await window.getByRole("button", { name: "Jag bekräftar" }).click();
  await closed;
  await page.goto(example.url);
  await frameOf(page).getByRole("button", { name: /^Logga in med/ }).waitFor();
  assert.deepEqual(await insideOf(page).evaluate(() => Object.keys(localStorage).filter((name) => name.includes("window"))), []);
  await page.close();
});

test("a window that waits for its frame goes when that is left", async () => {
  const name = crypto.randomUUID();
  const window = await stage.phone.tab(`${board}#/inloggning/${name}`);
  const other = await stage.phone.tab(board);
  await other.evaluate((left) => localStorage.setItem(`enrum login window left ${left}`, "1"), name);
  await isAway(window);
  // A visit of its own is one like any other.
  await window.goto(board);
  await window.getByRole("button", { name: /^Logga in med/ }).waitFor();
  await other.close();
  await window.close();
});

test("whoever logs in by the window is logged in within the frame, which was not loaded anew", async () => {
  const page = await stage.phone.tab(example.url);
  await page.getByText("Du är inte inloggad.").waitFor();
  await screenshot(page, "embed-login-phone");
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(await axe(page, insideOf(page)), []);
  assert.equal(await page.locator("iframe").getAttribute("title"), "Dina samtal med nämnden");
  const began = await insideOf(page).evaluate(() => performance.timeOrigin);
  // Where it was at first: it goes on to the e-ID by itself.
  const opened = stage.phone.context.waitForEvent("page").then((one) => [one, one.url()] as const);
  await frameOf(page).getByRole("button", { name: /^Logga in med/ }).click();
  const [window, first] = await opened;
  assert.equal(new URL(first === "about:blank" ? board : first).origin, new URL(board).origin);
  await window.locator("input#login").fill("test.foralder");
  await window.getByRole("button", { name: "Legitimera" }).click();
  // The part that closes the window comes late, when somebody has long been logged in.
  const site = stage.installation.site("bjuv");
  const parts = readdirSync(site).filter((name) => /^part-.*\.js$/.test(name) && readFileSync(join(site, name), "utf8").includes(`type:"here"`));
  assert.equal(parts.length, 1);
  let late = 0;
  await window.route(`**/${parts[0]}`, async (route) => {
    late++;
    await frameOf(page).getByRole("heading", { name: "Mina samtal" }).waitFor();
    await route.continue();
  });
  const closed = window.waitForEvent("close");
  await window.getByRole("button", { name: "Jag bekräftar" }).click();
  await closed;
  assert.notEqual(late, 0);
  await frameOf(page).getByRole("heading", { name: "Mina samtal" }).waitFor();
  await page.getByText("Du är inloggad.").waitFor();
  assert.equal(await insideOf(page).evaluate(() => performance.timeOrigin), began);
});

test("a citizen writes there, a caseworker answers, and the page around it learns how many are unread, and no more", async () => {
  const page = stage.phone.context.pages().at(-1) as Page;
  const frame = frameOf(page);
  await conversationNew(frame as unknown as Page, TITLE, SECRET);
  await isRecorded(frame as unknown as Page, SECRET);
  room = /[0-9a-f]{64}/.exec(insideOf(page).url())?.[0] ?? "";
  assert.equal(room.length, 64);
  await screenshot(page, "embed-room-phone");
  assert.deepEqual(await axe(page, insideOf(page)), []);
  await frame.locator("a.back").click();
  worker = await stage.staffIn("bjuv.handlaggare");
  await take(worker, TITLE);
  await write(worker, ANSWER);
  await page.getByText("Olästa meddelanden: 1").waitFor();
  assert.equal(await page.evaluate(() => document.querySelector("enrum-conversation")?.unread), 1);
  await frame.getByRole("link", { name: new RegExp(TITLE) }).click();
  await frame.getByText(ANSWER, { exact: true }).waitFor();
  await page.getByText("Du är inloggad.", { exact: true }).waitFor();
});

test("the record stands on a page of its own, as tall as it is", async () => {
  const page = await stage.phone.tab(`${example.url}journal.html?room=${room}`);
  await page.setViewportSize({ width: 1280, height: 800 });
  const frame = frameOf(page);
  for (const text of [SECRET, ANSWER]) await frame.getByText(text, { exact: true }).waitFor();
  await frame.getByRole("heading", { name: `Journal: ${TITLE}` }).or(frame.getByRole("heading", { level: 1 })).first().waitFor();
  await page.waitForFunction(() => (document.querySelector("enrum-journal")?.clientHeight ?? 0) > 700);
  const inside = insideOf(page);
  // Nothing of it is hidden.
  await inside.waitForFunction(() => document.documentElement.scrollHeight <= innerHeight + 1);
  await screenshot(page, "embed-journal-wide");
  assert.deepEqual(await axe(page, inside), []);
  await page.close();
});

test("the page's own scripts find no key and no word in the frame, whatever they ask", async () => {
  const page = await stage.phone.tab(`${local(listed.port)}/raw`);
  const found = await page.evaluate(async () => {
    const frame = document.querySelector("iframe") as HTMLIFrameElement;
    const target = frame.contentWindow as Window;
    const tries: Record<string, string> = { document: String(frame.contentDocument) };
    for (const name of ["document", "indexedDB", "localStorage", "caches", "frames"] as const) {
      try {
        tries[name] = `${(target as unknown as Record<string, unknown>)[name] === target ? "itself" : "read"}`;
      } catch (error) {
        tries[name] = (error as DOMException).name;
      }
    }
    return { tries, own: (await indexedDB.databases()).length };
  });
  assert.deepEqual(found, { own: 0, tries: { document: "SecurityError", indexedDB: "SecurityError", localStorage: "SecurityError", caches: "SecurityError", frames: "itself" } });
  await page.waitForFunction(() => (globalThis as unknown as { heard: string[] }).heard.length > 0);
  // As the element would, and then everything that it would not.
  await page.evaluate((asked) => {
    const { begin, heard } = globalThis as unknown as { begin(target: Window, settings: object): MessagePort; heard: string[] };
    const target = document.querySelector("iframe")?.contentWindow as Window;
    void heard;
    const port = begin(target, { page: "conversation", room: asked, language: "sv", isFitting: true, style: {} });
    for (const type of ["content", "entries", "session", "room", "keys", "call", "watch", "items", "state", "text"]) {
      port.postMessage({ type, room: asked, to: "engine", verb: "openFile", args: [asked, 1] });
      target.postMessage({ enrum: 1, type, room: asked }, "*");
      target.postMessage({ to: "engine", type: "watch", tab: "x", rooms: [asked] }, "*");
    }
  }, room);
  await page.frameLocator("iframe").getByText(SECRET, { exact: true }).waitFor();
  const heardAll = () => page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);
  const types = async () => String([...new Set((await heardAll()).map((line) => (JSON.parse(line) as [string, { type: string }])[1].type))].sort());
  const TYPES = "height,hello,neutral,state,unread";
  await eventually("all that is told", async () => await types() === TYPES);
  await page.waitForTimeout(1_000);
  assert.equal(await types(), TYPES);
  const heard = await heardAll();
  for (const line of heard) for (const word of [SECRET, ANSWER, TITLE, "Föräldersson", room]) assert.ok(!line.includes(word), line);
  await page.close();
});

test("a frame of another site beside it cannot speak to it in the page's place", async () => {
  const page = await stage.phone.tab(`${local(listed.port)}/beside`);
  await page.waitForFunction(() => (globalThis as unknown as { heard: string[] }).heard.length > 0);
  const forger = page.frames().find((one) => one.url().endsWith("/forger"));
  await page.waitForTimeout(1_500);
  assert.deepEqual(await forger?.evaluate(() => (globalThis as unknown as { heard: string[] }).heard), []);
  // Nobody has begun with it: it still waits for its page, which now does.
  await page.evaluate(() => {
    const spy = globalThis as unknown as { begin(target: Window, settings: object): void };
    spy.begin(document.querySelector("iframe")?.contentWindow as Window, { page: "conversation", room: "", language: "sv", isFitting: false, style: {} });
  });
  await page.frameLocator("iframe >> nth=0").getByRole("heading", { name: "Mina samtal" }).waitFor();
  assert.deepEqual(await forger?.evaluate(() => (globalThis as unknown as { heard: string[] }).heard), []);
  await page.close();
});

test("a site that is not listed gets no frame, and no site gets the citizen's own page into one", async () => {
  for (const url of [`${local(unlisted.port)}/`, `${local(listed.port)}/citizen`, `${foreign(unlisted.port)}/`]) {
    const page = await stage.phone.context.newPage();
    const refused = page.waitForEvent("console", { predicate: (message) => /frame-ancestors/.test(message.text()) });
    await page.goto(url);
    await refused;
    await eventually(`nothing but the browser's own page in the frame of ${url}`, async () => page.frames()[1]?.url() === "chrome-error://chromewebdata/");
    await page.close();
  }
  stage.phone.complaints.splice(0, Infinity, ...stage.phone.complaints.filter((line) => !/frame-ancestors/.test(line)));
});

test("an address of the page's own origin is refused, since its scripts could read what it shows", async () => {
  const page = await stage.phone.context.newPage();
  const told = page.waitForEvent("console", { predicate: (message) => /of another origin/.test(message.text()) });
  await page.goto(`${local(listed.port)}/same`);
  await told;
  assert.equal(await page.locator("iframe").getAttribute("src"), null);
  await page.close();
  stage.phone.complaints.splice(0, Infinity, ...stage.phone.complaints.filter((line) => !/of another origin/.test(line)));
});

test("colours that would hide words are not taken, those that can be read are", async () => {
  const styleOf = (page: Page) => insideOf(page).evaluate(() => {
    const style = getComputedStyle(document.documentElement);
    return ["--primary", "--on-primary", "--ground", "--radius"].map((name) => style.getPropertyValue(name));
  });
  const plain = await stage.phone.tab(`${local(listed.port)}/dark`);
  await frameOf(plain).getByRole("heading", { name: "Mina samtal" }).waitFor();
  const own = stage.installation.boards[0];
  assert.deepEqual(await styleOf(plain), [own?.primary, own?.on_primary, "#f6f4f1", "14px"]);
  await plain.close();
  const page = await stage.phone.tab(example.url);
  await frameOf(page).getByRole("heading", { name: "Mina samtal" }).waitFor();
  assert.deepEqual(await styleOf(page), ["#5b2333", "#ffffff", "#eef2f5", "6px"]);
  await page.close();
});

async function isAway(page: Page): Promise<void> {
  // The element leaves the page, or the frame does; in the end both may, and whichever is second ends the other's way.
  await page.getByText("Uppehåll").waitFor();
  assert.equal(page.url(), `${local(neutral.port)}/`);
}

test("to leave within the frame is to leave the whole page, by the link, by Esc and by the page's own button; going back shows nothing", async () => {
  const ways: [string, string, (page: Page) => Promise<void>][] = [
    ["the link", example.url, (page) => frameOf(page).getByRole("link", { name: "Lämna sidan" }).click()],
    ["Esc", example.url, async (page) => {
      await frameOf(page).getByRole("link", { name: "Starta ett samtal" }).focus();
      for (let n = 0; n < 3; n++) await page.keyboard.press("Escape");
    }],
    ["the page's button", example.url, (page) => page.getByRole("button", { name: "Lämna sidan" }).click()],
  ];
  for (const [name, url, act] of ways) {
    const page = await stage.phone.tab(`${local(neutral.port)}/before`);
    await page.goto(url);
    await frameOf(page).getByRole("heading", { name: "Mina samtal" }).waitFor();
    await act(page);
    await isAway(page);
    // The page of the frame has given its place in the history up.
    await page.goBack();
    assert.equal(page.url(), `${local(neutral.port)}/before`, name);
    await page.close();
  }
});

test("whoever goes back to an earlier moment of a visit that was left is led out again", async () => {
  const page = await stage.phone.tab(`${local(neutral.port)}/before`);
  await page.goto(example.url);
  await frameOf(page).getByRole("link", { name: "Starta ett samtal" }).click();
  await frameOf(page).getByLabel("Ditt meddelande").fill("Han kommer hem");
  await frameOf(page).getByRole("link", { name: "Lämna sidan" }).click();
  await isAway(page);
  const seen: string[] = [];
  page.on("framenavigated", (frame) => seen.push(frame.url()));
  await page.evaluate(() => history.back());
  // Back leads to the page before it, where nothing of the visit is kept in the history; else there, and out again.
  const before = `${local(neutral.port)}/before`;
  await eventually("the way out again", async () => [`${local(neutral.port)}/`, before].includes(seen.at(-1) ?? ""));
  if (seen.at(-1) !== before) await isAway(page);
  await page.close();
});

function elementLeave(page: Page | ReturnType<typeof insideOf>): Promise<void> {
  return page.evaluate(() => document.querySelector("enrum-conversation")?.leave());
}

test("the element leaves by itself where its frame does not come, or is kept apart", async () => {
  const ways: [string, string, boolean][] = [
    [`${local(listed.port)}/`, "about:blank", true], [`${local(listed.port)}/addressed`, `${local(neutral.port)}/`, true],
    [`${foreign(listed.port)}/addressed`, `${local(neutral.port)}/`, false],
  ];
  for (const [url, wanted, isHeld] of ways) {
    const page = await stage.phone.context.newPage();
    // Never answered.
    if (isHeld) await page.route(`${board}embed/**`, () => undefined);
    await page.goto(url, { waitUntil: "commit" });
    await page.waitForFunction(() => document.querySelector("enrum-conversation")?.shadowRoot !== null && customElements.get("enrum-conversation") !== undefined);
    if (!isHeld) await frameOf(page).getByRole("link", { name: "Öppna i eget fönster" }).waitFor();
    await elementLeave(page);
    await page.waitForURL(wanted);
    await page.close();
  }
});

test("what the page puts back while the neutral one is slow shows nothing, and its frame forgets what was being written", async () => {
  const page = await stage.phone.tab(`${local(listed.port)}/`);
  await frameOf(page).getByRole("link", { name: "Starta ett samtal" }).click();
  await frameOf(page).getByLabel("Ditt meddelande").fill("Han kommer hem");
  await page.route(`${local(neutral.port)}/`, () => undefined);
  const seen = await page.evaluate(async () => {
    const told: string[] = [];
    const again = () => document.body.append(document.createElement("enrum-conversation"));
    addEventListener("enrum-leave", () => {
      told.push(`${getComputedStyle(document.documentElement).display} ${sessionStorage.getItem("enrum left")}`);
      again();
    });
    const element = document.querySelector("enrum-conversation");
    element?.leave();
    await new Promise((resolve) => setTimeout(resolve, 400));
    const isEmpty = document.body.childElementCount === 0;
    again();
    document.body.append(element!);
    return { told, isEmpty, frames: [...document.querySelectorAll("enrum-conversation")].map(({ shadowRoot }) => shadowRoot?.querySelectorAll("iframe").length ?? 0), display: getComputedStyle(document.documentElement).display };
  });
  assert.deepEqual(seen, { told: [`none ${local(neutral.port)}/`], isEmpty: true, frames: [0, 0], display: "none" });
  // A visit of its own: nothing of the one that was left is in it.
  await page.goto(`${local(listed.port)}/`);
  await frameOf(page).getByRole("link", { name: "Starta ett samtal" }).click();
  assert.equal(await frameOf(page).getByLabel("Ditt meddelande").inputValue(), "");
  await page.close();
});

test("a page in the frame of another one is left together with that", async () => {
  const page = await stage.phone.tab(`${local(listed.port)}/portal`);
  const inner = page.frames().find((one) => one.url() === `${local(listed.port)}/`);
  assert.ok(inner !== undefined);
  await inner.locator("enrum-conversation").frameLocator("iframe").getByRole("heading", { name: "Mina samtal" }).waitFor();
  await elementLeave(inner);
  await isAway(page);
  await page.close();
});

test("a page that the browser has kept is led out as soon as it is shown, when a later one of this tab was left", async () => {
  const page = await stage.phone.tab(`${local(listed.port)}/`);
  await frameOf(page).getByRole("heading", { name: "Mina samtal" }).waitFor();
  await page.evaluate((url) => {
    sessionStorage.setItem("enrum left", url);
    dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
  }, `${local(neutral.port)}/`);
  await isAway(page);
  await page.close();
});

test("a link to the login's window that nobody has opened for a frame is the pages as ever", async () => {
  const page = await stage.phone.tab(`${board}#/inloggning/${crypto.randomUUID()}`);
  await page.getByRole("heading", { name: "Mina samtal" }).waitFor();
  await page.waitForFunction(() => location.hash === "");
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  await page.close();
});

test("a language with a country is that language, and a room that is none is left out: the page's console says so, and the frame is not dead", async () => {
  const page = await stage.phone.tab(`${local(listed.port)}/odd`);
  await frameOf(page).getByRole("heading", { level: 1 }).waitFor();
  await frameOf(page).locator("html[lang=en]").waitFor();
  const said = stage.phone.complaints.splice(0);
  assert.equal(said.length, 1);
  assert.match(said[0] ?? "", /^<enrum-conversation>: room="3f" /);
  await page.close();
});

test("in another language and direction; and the frame may use camera, microphone and screen", async () => {
  const page = await stage.phone.tab(`${local(listed.port)}/ar`);
  await frameOf(page).getByRole("heading", { level: 1 }).waitFor();
  await frameOf(page).locator("html[lang=ar][dir=rtl]").waitFor();
  await screenshot(page, "embed-ar-phone");
  assert.deepEqual(await axe(page, insideOf(page)), []);
  const allowed = await insideOf(page).evaluate(() => (document as unknown as { featurePolicy: { allowedFeatures(): string[] } }).featurePolicy.allowedFeatures());
  for (const feature of ["camera", "microphone", "display-capture", "autoplay"]) assert.ok(allowed.includes(feature), feature);
  const tracks = await insideOf(page).evaluate(async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    return stream.getTracks().map((track) => {
      track.stop();
      return track.kind;
    });
  });
  assert.deepEqual(tracks.sort(), ["audio", "video"]);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(example.url);
  await frameOf(page).getByRole("link", { name: new RegExp(TITLE) }).click();
  await frameOf(page).getByText(ANSWER, { exact: true }).waitFor();
  await screenshot(page, "embed-room-wide");
  assert.deepEqual(await axe(page, insideOf(page)), []);
  await page.close();
});

test("a page that does not listen is left all the same, the frame is blank, and knows it when the page is gone back to", async () => {
  const page = await stage.phone.tab(`${local(listed.port)}/raw`);
  const begin = async (isReturn: boolean) => {
    await page.waitForFunction(() => (globalThis as unknown as { heard?: string[] }).heard?.some((line) => line.includes("hello")));
    await page.evaluate((isBack) => {
      const spy = globalThis as unknown as { begin(target: Window, settings: object, isReturn: boolean): void };
      spy.begin(document.querySelector("iframe")?.contentWindow as Window, { page: "conversation", room: "", language: "sv", isFitting: false, style: {} }, isBack);
    }, isReturn);
  };
  await begin(false);
  const frame = page.frameLocator("iframe");
  // One more place in the history, to which it can be gone back.
  await frame.getByRole("link", { name: "Starta ett samtal" }).click();
  await frame.getByLabel("Ditt meddelande").waitFor();
  await frame.getByRole("link", { name: "Lämna sidan" }).click();
  await isAway(page);
  await page.goBack();
  assert.equal(page.url(), `${local(listed.port)}/raw`);
  const drawn: string[] = [];
  page.on("console", (line) => drawn.push(line.text()));
  await page.frame({ url: /\/embed\// })?.evaluate(() => new MutationObserver(() => {
    if (document.querySelector("main h1, main h2, .card") !== null) console.log("drawn");
  }).observe(document, { subtree: true, childList: true }));
  await begin(true);
  await isAway(page);
  assert.deepEqual(drawn, []);
  // A visit of its own begins anew.
  await page.goto(`${local(listed.port)}/raw`);
  await begin(false);
  await frame.getByRole("heading", { name: "Mina samtal" }).waitFor();
  await page.close();
});

/** Presses until a window comes: Chromium lets nothing be pressed in a frame of another site that has only just come, or moved. */
async function opens(press: () => Promise<void>): Promise<Page> {
  for (let tries = 0; tries < 10; tries++) {
    const opened = stage.phone.context.waitForEvent("page", { timeout: 5_000 }).catch(() => undefined);
    await press();
    const window = await opened;
    if (window !== undefined) return window;
  }
  throw new Error("no window has come");
}

test("within another domain, where this browser refuses frames their storage, the person is told, and goes on in a window", async () => {
  const page = await stage.phone.tab(`${foreign(listed.port)}/`);
  const link = frameOf(page).getByRole("link", { name: "Öppna i eget fönster" });
  await link.waitFor();
  await screenshot(page, "embed-apart-phone");
  // By keyboard: where a frame of another site stands is known late to whoever aims at something in it from outside.
  const window = await opens(() => link.press("Enter"));
  // Its storage is the board's own: there somebody is logged in already.
  await window.getByRole("heading", { name: "Mina samtal" }).waitFor();
  await window.close();
  await frameOf(page).getByRole("link", { name: "Lämna sidan" }).click();
  await isAway(page);
  await page.close();
});

test("no page has complained, or spoken to anybody else", () => {
  assert.deepEqual(stage.phone.complaints, []);
  assert.deepEqual(stage.desk.complaints, []);
  const asked = [board, stage.installation.hostUrl, stage.installation.issuer, example.url, ...[listed, unlisted, neutral].map(({ port }) => local(port)), foreign(listed.port), foreign(unlisted.port)];
  const allowed = new Set(asked.map((url) => new URL(url).origin));
  assert.deepEqual([...stage.phone.origins].filter((origin) => !allowed.has(origin)), []);
});

