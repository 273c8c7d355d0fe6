// A caseworker with a telephone: takes, writes and lets somebody in at 360 pixels; and is told when somebody else was first, when a text is
// refused, and when nothing is recorded.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { bytesHex, bytesOfHex, framePeek, layoutDecode, messageEncode } from "../../client-sdk/web/protocol/layout.ts";
import { messageAppend, messageError } from "../../client-sdk/web/protocol/messages.ts";
import { ERRORS } from "../../client-sdk/web/protocol/tables.ts";
import { Device } from "../../demo/device.ts";
import { loginDone, look, smallTargets } from "./browser.ts";
import { LiedSite } from "./liedsite.ts";
import { entry, isRecorded, journalBegin, journalSave, Stage, take, write } from "./stage.ts";

const TITLES = ["Boende", "Ekonomi"];
const UNRECORDED_MS = 3 * 60_000;

let stage: Stage;
let site: LiedSite;
let shell: Device;
let worker: Page;
let colleague: Page;
let room: string;

before(async () => {
  stage = await Stage.set();
  site = await LiedSite.serve(stage.installation, "bjuv");
  shell = new Device(stage.installation, "shell", "bjuv", "test.foralder", "citizen");
  await shell.login();
  [room] = [await shell.newRoom(TITLES[0] as string, "Jag behöver någonstans att bo."), await shell.newRoom(TITLES[1] as string, "Pengarna räcker inte.")];
  worker = await stage.phone.tab(`${site.address}personal/`);
  await loginDone(worker, "bjuv.handlaggare");
  colleague = await stage.staffIn("bjuv.handlaggare2");
});

after(async () => {
  await site?.strike();
  await stage?.strike();
});

async function lookNarrow(page: Page, name: string): Promise<void> {
  await look(page, name);
  assert.deepEqual(await smallTargets(page), []);
}

/** Of all that is written in the conversation. */
const refusal: NonNullable<LiedSite["liar"]["lie"]> = {
  answer: (frame, about) => {
    const { type, request } = framePeek(frame);
    const isIt = type === messageAppend.number && bytesHex(layoutDecode(messageAppend, frame).room) === bytesHex(about);
    return isIt ? messageEncode(messageError, { request, code: ERRORS.OVERSIZED.number, detail: "" }) : undefined;
  },
};

test("at 360 pixels a caseworker takes, answers, writes into the journal and lets somebody in", async () => {
  await worker.getByRole("button", { name: `Ta samtalet: ${TITLES[0]}` }).waitFor();
  await lookNarrow(worker, "narrow-queue-360");
  await take(worker, TITLES[0] as string);
  await write(worker, "Hej! Vi hörs i dag.");
  await isRecorded(worker, "Hej! Vi hörs i dag.");
  await lookNarrow(worker, "narrow-room-360");
  await journalBegin(worker, "Journalanteckning");
  await worker.getByLabel("Anteckning", { exact: true }).fill("Ring hyresvärden.");
  await lookNarrow(worker, "narrow-journal-360");
  await journalSave(worker);
  await isRecorded(worker, "Ring hyresvärden.");
  await worker.getByRole("link", { name: "Personer" }).click();
  await worker.getByText("Ta med någon utanför kommunen").click();
  await worker.getByLabel("Namn", { exact: true }).fill("Test Ombudsson");
  await worker.getByRole("radio", { name: "Med en utskriven kod" }).check();
  await lookNarrow(worker, "narrow-invite-360");
  await worker.getByRole("button", { name: "Ta med", exact: true }).last().click();
  await worker.getByRole("dialog").locator("code").waitFor();
  await lookNarrow(worker, "narrow-code-360");
  await worker.getByRole("dialog").getByRole("button", { name: "Klart" }).click();
  await worker.locator(".people-part .card").filter({ hasText: "Test Ombudsson" }).waitFor();
  await worker.getByRole("link", { name: "Till samtalet" }).click();
  const texts = (await shell.read(room)).map(({ text }) => text);
  for (const text of ["Hej! Vi hörs i dag.", "Ring hyresvärden."]) assert.ok(texts.includes(text), text);
});

test("of two who take the same conversation at once one has it, and the other is told who was first", async () => {
  const buttons = [worker, colleague].map((page) => page.getByRole("button", { name: `Ta samtalet: ${TITLES[1]}` }));
  await worker.getByRole("link", { name: "Tillbaka" }).click();
  for (const button of buttons) await button.waitFor();
  // Held before either is pressed: whoever is later presses what may be gone by then.
  const held = await Promise.all(buttons.map((button) => button.elementHandle()));
  await Promise.all(held.map((button) => button?.evaluate((pressed) => (pressed as HTMLButtonElement).click())));
  const heading = (page: Page) => page.getByRole("heading", { name: TITLES[1] as string, level: 1 });
  const told = (page: Page) => page.getByRole("alert").getByText("Någon annan hann före. Samtalet är taget.");
  await Promise.any([worker, colleague].map((page) => heading(page).waitFor()));
  const [winner, loser] = await heading(worker).isVisible() ? [worker, colleague] : [colleague, worker];
  await told(loser).waitFor();
  assert.equal(await told(winner).count() + await heading(loser).count(), 0);
  await look(loser, "narrow-taken");
  await loser.getByText("Tagna nyligen").click();
  await loser.getByText(/^Taget av /).first().waitFor();
});

test("a text that is refused is told with the reason, stays, and is sent again once", async () => {
  await worker.goto(`${site.address}personal/#/samtal/${room}`);
  await isRecorded(worker, "Hej! Vi hörs i dag.");
  site.liar.room = bytesOfHex(room);
  site.liar.lie = refusal;
  await write(worker, "Kan vi ses på torsdag?");
  const refused = worker.locator(".draft").filter({ hasText: "Kan vi ses på torsdag?" });
  await refused.getByText("Kunde inte skickas", { exact: true }).waitFor();
  await refused.getByText("Texten är för lång. Dela upp den.").waitFor();
  await lookNarrow(worker, "narrow-refused-360");
  site.liar.lie = undefined;
  await worker.evaluate(() => {
    const { client } = document.querySelector("enrum-room") as unknown as { client: { discard(id: string): Promise<void> } };
    const { discard } = client;
    client.discard = async (id) => {
      client.discard = discard;
      await new Promise((resolve) => Object.assign(globalThis, { goOn: resolve }));
      return discard(id);
    };
  });
  await refused.getByRole("button", { name: "Skicka igen" }).dblclick();
  assert.equal(await worker.getByLabel("Skriv ett meddelande").inputValue(), "Kan vi ses på torsdag?", "it is there once, before it is gone here");
  await worker.evaluate(() => (globalThis as unknown as { goOn(): void }).goOn());
  await refused.waitFor({ state: "detached" });
  assert.equal(await worker.getByLabel("Skriv ett meddelande").inputValue(), "Kan vi ses på torsdag?");
  await worker.getByRole("button", { name: "Skicka", exact: true }).click();
  await isRecorded(worker, "Kan vi ses på torsdag?");
  assert.equal(await entry(worker, "Kan vi ses på torsdag?").count(), 1);
});

test("a note that was refused comes back above the one that is being written, and neither is lost", async () => {
  site.liar.lie = refusal;
  await journalBegin(worker, "Journalanteckning");
  await worker.locator("#cw-text").fill("Den första anteckningen");
  await worker.getByRole("button", { name: "Spara i journalen" }).click();
  const refused = worker.locator(".draft").filter({ hasText: "Den första anteckningen" });
  await refused.getByText("Kunde inte skickas", { exact: true }).waitFor();
  await journalBegin(worker, "Journalanteckning");
  const field = worker.locator("#cw-text");
  await field.fill("Den andra");
  // Something is typed before the page is drawn anew, too.
  await worker.evaluate(() => {
    const field = document.querySelector<HTMLTextAreaElement>("#cw-text")!;
    document.querySelector<HTMLElement>("enrum-refused button.quiet")?.click();
    field.value += ",";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await refused.waitFor({ state: "detached" });
  assert.equal(await field.inputValue(), "Den första anteckningen\nDen andra,");
  await field.evaluate((area: HTMLTextAreaElement) => area.setSelectionRange(area.value.length, area.value.length));
  await field.pressSequentially(" som blir klar");
  await lookNarrow(worker, "narrow-note-back-360");
  site.liar.lie = undefined;
  await journalSave(worker);
  await isRecorded(worker, "Den första anteckningen\nDen andra, som blir klar");
});

test("what a keeper has not recorded after two minutes is told", async () => {
  await stage.installation.stopKeeper("bjuv");
  await write(worker, "Vi hörs i morgon.");
  await entry(worker, "Vi hörs i morgon.").getByText("Framme", { exact: true }).waitFor();
  await worker.clock.setFixedTime(Date.now() + UNRECORDED_MS);
  await entry(worker, "Vi hörs i morgon.").getByText("Ännu inte journalförd", { exact: true }).waitFor();
  await lookNarrow(worker, "narrow-unrecorded-360");
  await stage.installation.startKeeper("bjuv");
  await isRecorded(worker, "Vi hörs i morgon.");
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean(site.address.replace(/\/$/, ""), site.liar.url));
