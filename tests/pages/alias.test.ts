// An employee who is known under an alias: the citizen's, the colleague's and an interpreter's pages say it wherever they name them, also
// in a call, and nothing that comes to their browsers has the real name, which the e-ID gives the board at each login.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { login } from "../../demo/browse.ts";
import { personas } from "../../demo/installation.ts";
import { Browser, languageChoose, loginDone, look } from "./browser.ts";
import { conversationTaken, entry, isRecorded, Stage, write } from "./stage.ts";
import { stored } from "./stored.ts";

const ALIAS = "Handläggare Sju";
const REAL = personas.find(({ id }) => id === "bjuv.handlaggare")!.name;
const TITLE = "Skolan";

let stage: Stage;
let other: Browser;
let citizen: Page;
let worker: Page;
let colleague: Page;
let guest: Page;
/** By browser page: all that came over its sockets, and all that it has shown. */
const came = new Map<Page, string[]>();

function keep(page: Page): void {
  const all: string[] = [];
  came.set(page, all);
  page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => all.push(typeof payload === "string" ? payload : payload.toString("utf8"))));
}

/** What the page says at this moment, in words, names for screen readers and fields. */
async function shown(page: Page): Promise<string> {
  const text = await page.content();
  came.get(page)!.push(text);
  return text;
}

async function says(page: Page, name: string): Promise<boolean> {
  return (await shown(page)).includes(name);
}

before(async () => {
  stage = await Stage.set({ aliases: { "bjuv.handlaggare": ALIAS } });
  other = await Browser.open({ phone: false });
  citizen = await stage.citizen();
  worker = await stage.staff();
  colleague = await other.tab(stage.installation.pagesUrl("bjuv", "staff"));
  for (const page of [citizen, worker, colleague]) keep(page);
  await loginDone(citizen, "test.foralder");
  await loginDone(worker, "bjuv.handlaggare");
  await loginDone(colleague, "bjuv.handlaggare2");
  await conversationTaken(citizen, worker, TITLE, "Kan vi talas vid?");
  await write(worker, "Ja, det kan vi.");
  await isRecorded(citizen, "Ja, det kan vi.");
});

after(async () => {
  await other?.close();
  await stage?.strike();
});

test("in the conversation, among its people and in the colleague's queue stands the alias", async () => {
  await entry(citizen, "Ja, det kan vi.").getByText(ALIAS).first().waitFor();
  await citizen.getByText(`Läses av: ${ALIAS} (handläggare)`).waitFor();
  await look(citizen, "alias-room-phone");
  await shown(citizen);
  await citizen.getByRole("link", { name: "Personer" }).click();
  await citizen.locator(".card", { hasText: ALIAS }).getByText(/^Socialsekreterare/).waitFor();
  assert.ok(await says(citizen, ALIAS));
  await look(citizen, "alias-people-phone");
  await languageChoose(citizen, "العربية");
  await citizen.locator(".card", { hasText: ALIAS }).waitFor();
  await look(citizen, "alias-people-ar-phone");
  await shown(citizen);
  await languageChoose(citizen, "Svenska");
  await citizen.getByRole("link", { name: "Till samtalet" }).click();
  await colleague.getByText("Tagna nyligen").click();
  await colleague.getByText(`Taget av ${ALIAS}`).waitFor();
  await look(colleague, "alias-queue-desk");
  assert.ok(await says(colleague, ALIAS));
});

test("in a call they are the alias to the citizen and to an interpreter who shares no room with them", async () => {
  await worker.getByRole("link", { name: "Videosamtal" }).click();
  await worker.getByRole("button", { name: /^Ring / }).click();
  await citizen.getByText(`${ALIAS} ringer`).waitFor();
  await citizen.getByRole("button", { name: "Svara" }).click();
  await citizen.getByRole("button", { name: "Svara" }).click();
  await citizen.getByRole("button", { name: "Lägg på" }).waitFor();
  await worker.getByText(/^Deltagare/).click();
  const link = await worker.locator(".invite code").innerText();
  await worker.getByText(/^Deltagare/).click();
  guest = await other.tab(link);
  keep(guest);
  await login(guest, "test.testdotter");
  await guest.getByRole("button", { name: "Gå till väntrummet" }).click();
  await worker.getByRole("button", { name: "Släpp in", exact: true }).click();
  await guest.getByText(ALIAS).first().waitFor();
  await citizen.getByText(ALIAS).first().waitFor();
  await look(guest, "alias-call-guest");
  assert.ok(await says(guest, ALIAS));
  await shown(citizen);
  await worker.getByRole("button", { name: "Avsluta för alla" }).click();
  await citizen.getByText("Handläggaren avslutade samtalet.").waitFor();
});

test("the journal, and who has opened it, know the alias", async () => {
  await citizen.goto(stage.installation.pagesUrl("bjuv", "citizen"));
  await citizen.getByRole("link", { name: "Vem har öppnat min journal" }).click();
  await citizen.locator(".card", { hasText: ALIAS }).getByText(/^Socialsekreterare/).waitFor();
  await look(citizen, "alias-readers-phone");
  assert.ok(await says(citizen, ALIAS));
  await citizen.goto(stage.installation.pagesUrl("bjuv", "citizen"));
  await citizen.getByRole("link", { name: new RegExp(TITLE) }).click();
  await citizen.getByText(new RegExp(`^Videosamtal .*${ALIAS}`)).first().waitFor();
  await citizen.getByRole("link", { name: "Journal" }).click();
  await citizen.getByLabel("Sök i samtalet").fill("det kan vi");
  await citizen.locator("li", { hasText: "Ja, det kan vi." }).getByText(ALIAS).filter({ visible: true }).first().waitFor();
  assert.ok(await says(citizen, ALIAS));
});

test("nothing that the browsers of others received, showed or keep has the name", async () => {
  for (const [page, all] of came) {
    const kept = await page.evaluate(stored);
    const everything = [...all, JSON.stringify(kept)].join("\n");
    assert.ok(all.length > 3 && everything.length > 10_000, "it was listened to");
    assert.ok(!everything.includes(REAL));
    assert.ok(!everything.includes(REAL.split(" ")[1]!));
  }
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
