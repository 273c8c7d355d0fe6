// A call by the keyboard alone: it is rung and answered, what is on is turned off and on, one hangs up and comes back, ends it for
// all, and leaves the waiting room. Nothing is clicked, and the focus stays where it was or is where one goes on from.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { conversationTaken, Stage } from "./stage.ts";

const TITLE = "Utan mus";
/** More than any page of a call has. */
const STOPS_MAX = 80;

let stage: Stage;
let citizen: Page;
let worker: Page;

before(async () => {
  stage = await Stage.set();
  citizen = await stage.citizenIn("test.foralder");
  worker = await stage.staffIn("bjuv.handlaggare");
  await conversationTaken(citizen, worker, TITLE, "Kan vi talas vid?");
});

after(() => stage?.strike());

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent?.replace(/\s+/g, " ").trim() ?? "");

/** With the tabulator to what has this name, from where the focus is; that it is seen to be there. */
async function tabTo(page: Page, role: "button" | "link", name: string | RegExp): Promise<void> {
  const wanted = page.getByRole(role, { name, exact: true });
  await wanted.first().waitFor();
  for (let stop = 0; stop < STOPS_MAX; stop++) {
    if (await wanted.evaluateAll((found) => found.includes(document.activeElement as HTMLElement))) {
      assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle), "none", `${name}: the focus is not seen`);
      return;
    }
    await page.keyboard.press("Tab");
  }
  assert.fail(`${STOPS_MAX} stops, and none is ${name}; the last is "${await focused(page)}"`);
}

async function press(page: Page, role: "button" | "link", name: string | RegExp, key: "Enter" | "Space" = "Enter"): Promise<void> {
  await tabTo(page, role, name);
  await page.keyboard.press(key);
}

/** Of one's own devices, which are on. */
const isOn = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).waitFor();

test("it is rung and answered", async () => {
  await press(worker, "link", "Videosamtal");
  await press(worker, "button", /^Ring /);
  await press(citizen, "button", "Svara");
  await citizen.getByRole("heading", { level: 1 }).waitFor();
  await citizen.getByText("Prova mikrofonen").waitFor();
  await press(citizen, "button", "Svara");
  for (const page of [citizen, worker]) await page.getByRole("button", { name: "Lägg på" }).waitFor();
});

test("microphone and camera are turned off and on, the other one is told, and the focus stays", async () => {
  await press(citizen, "button", "Mikrofon på", "Space");
  await worker.getByText("Mikrofonen av").waitFor();
  await isOn(citizen, "Mikrofon av");
  assert.equal(await focused(citizen), "Mikrofon av");
  await citizen.keyboard.press("Space");
  await worker.getByText("Mikrofonen av").waitFor({ state: "hidden" });
  await isOn(citizen, "Mikrofon på");
  assert.equal(await focused(citizen), "Mikrofon på");
  await press(citizen, "button", "Kamera av");
  await isOn(citizen, "Kamera på");
  assert.equal(await focused(citizen), "Kamera på");
  await worker.waitForFunction(() => [...document.querySelectorAll<HTMLVideoElement>(".tile:not(.own) video")].some(({ videoWidth }) => videoWidth > 2));
  await citizen.keyboard.press("Enter");
  await isOn(citizen, "Kamera av");
  assert.equal(await focused(citizen), "Kamera av");
});

test("one hangs up, goes on from the heading, and comes back to those who are still there", async () => {
  await press(citizen, "button", "Lägg på");
  await citizen.getByText("Du har lagt på.").waitFor();
  await citizen.locator("h1:focus").waitFor();
  await press(citizen, "button", "Gå med");
  await press(citizen, "button", "Gå till väntrummet");
  // Whom staff have rung, they have let in.
  for (const page of [citizen, worker]) await page.getByText("Deltagare (2)").waitFor();
});

test("it is ended for all", async () => {
  await press(worker, "button", "Avsluta för alla");
  await citizen.getByText("Handläggaren avslutade samtalet.").waitFor();
  for (const page of [citizen, worker]) await page.locator("h1:focus").waitFor();
});

test("who waits leaves the waiting room, and goes on from the heading", async () => {
  await press(citizen, "link", "Till konversationen");
  await press(citizen, "link", "Videosamtal");
  await press(citizen, "button", "Gå till väntrummet");
  await citizen.getByText("Du är i väntrummet").waitFor();
  await press(citizen, "button", "Lämna väntrummet");
  await citizen.getByText("Du har lagt på.").waitFor();
  await citizen.locator("h1:focus").waitFor();
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
