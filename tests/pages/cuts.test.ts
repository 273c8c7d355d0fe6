// The network breaks at each step of a conversation that is begun, of a message and of an objection, asked and answered, also for good in
// the middle with a reload: nothing is lost, and everything stands once.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { messageAck, messageDone, messageEntries, messageFollow, messageRoomCreate } from "../../client-sdk/web/protocol/messages.ts";
import { loginDone } from "./browser.ts";
import { cutWhile, SAID, standsOnce, type Step } from "./cutting.ts";
import { conversationNew, entry, isRecorded, Stage, take, write } from "./stage.ts";
import { Wire } from "./wire.ts";

let stage: Stage;
let wire: Wire;
let citizen: Page;
let worker: Page;
/** A caseworker whose pages go through the same network. */
let wired: Page;
const ANSWERED = "Jag läser det i dag";
const TITLE = "Samtal på dålig lina";

before(async () => {
  stage = await Stage.set();
  wire = await Wire.lay(stage.installation, "bjuv");
  citizen = await stage.phone.tab(wire.address);
  await loginDone(citizen, "test.testsson");
  worker = await stage.staffIn("bjuv.handlaggare");
});

after(async () => {
  await wire?.strike();
  await stage?.strike();
});

test("a conversation is begun once, whatever breaks", async () => {
  const steps: Step[] = [
    ["rummet", messageRoomCreate.number, true], ["kvittot", messageAck.number, false], ["att följa det", messageFollow.number, true],
    ["svaret på det", messageDone.number, false], ["posterna", messageEntries.number, false],
  ];
  const titles = steps.map(([name]) => `Nytt: ${name}`);
  for (const [at, step] of steps.entries()) {
    const title = titles[at] as string;
    await cutWhile(wire, step, citizen, () => conversationNew(citizen, title, `Börjar med ${step[0]}`));
    await isRecorded(citizen, `Börjar med ${step[0]}`);
    await citizen.locator("a.back").click();
  }
  for (const title of titles) {
    await worker.getByRole("button", { name: `Ta samtalet: ${title}` }).waitFor();
    assert.equal(await worker.getByRole("button", { name: `Ta samtalet: ${title}` }).count(), 1, title);
    await citizen.getByRole("link", { name: title }).first().waitFor();
    assert.equal(await citizen.getByRole("link", { name: title }).count(), 1, title);
  }
});

test("a citizen's message arrives once, whatever breaks", async () => {
  await conversationNew(citizen, TITLE, "Vi börjar här");
  await take(worker, TITLE);
  await isRecorded(worker, "Vi börjar här");
  await write(worker, ANSWERED);
  await isRecorded(citizen, ANSWERED);
  for (const step of SAID) {
    const text = `Från barnets mamma: ${step[0]}`;
    await cutWhile(wire, step, citizen, () => write(citizen, text));
    await standsOnce(text, citizen, worker);
  }
});

test("an objection stands once beside its entry, whatever breaks", async () => {
  for (const step of SAID) {
    const text = `Det stämmer inte: ${step[0]}`;
    await cutWhile(wire, step, citizen, async () => {
      const more = entry(citizen, ANSWERED).getByRole("button", { name: /^Mer om nr/ });
      if (await more.getAttribute("aria-expanded") !== "true") await more.click();
      await entry(citizen, ANSWERED).getByRole("button", { name: "Jag håller inte med" }).click();
      await citizen.getByLabel("Vad stämmer inte?").fill(text);
      await citizen.getByRole("button", { name: "Spara det jag har skrivit" }).click();
    });
    await standsOnce(text, citizen, worker);
  }
});

test("a caseworker's message arrives once, whatever breaks", async () => {
  await worker.close();
  wired = await stage.desk.tab(`${wire.address}personal/`);
  await loginDone(wired, "bjuv.handlaggare");
  await wired.getByRole("link", { name: new RegExp(TITLE) }).first().click();
  for (const step of SAID) {
    const text = `Från socialsekreteraren: ${step[0]}`;
    await cutWhile(wire, step, wired, () => write(wired, text));
    await standsOnce(text, wired, citizen);
  }
});
