// A call between the real pages: a caseworker's desk and a citizen's phone, through the real relay.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { login } from "../../demo/browse.ts";
import { Browser, loginDone, look, screenshot } from "./browser.ts";
import { connectionsKeep, connectionsTell } from "./connections.ts";
import { heardAll, listen } from "./hearing.ts";
import { conversationNew, conversationTaken, entry, Stage, take } from "./stage.ts";

let stage: Stage;
let citizen: Page;
let worker: Page;
let interpreter: Page;
let guests: Browser;
const TITLE = "Vi behöver ses";
/** That the cameras make in a second: enough to be seen to move, and few for three browsers on a small machine. */
const PICTURES = 5;

before(async () => {
  stage = await Stage.set({ pictures: PICTURES });
  guests = await Browser.open({ phone: false, dark: true, pictures: PICTURES });
  for (const browser of [stage.phone, stage.desk, guests]) await connectionsKeep(browser);
  citizen = await stage.citizenIn("test.foralder");
  worker = await stage.staffIn("bjuv.handlaggare");
  await conversationTaken(citizen, worker, TITLE, "Kan vi talas vid?");
});

after(async () => {
  await guests?.close();
  await stage?.strike();
});

const knock = (name: string) => worker.locator(".knock").filter({ hasText: `${name} väntar på att bli insläppt` });

/** Pictures of others that go on just now. */
const moving = (page: Page) => page.evaluate(async () => {
  const times = () => [...document.querySelectorAll<HTMLVideoElement>(".tile:not(.own) video")].map((video) => video.videoWidth > 2 ? video.getVideoPlaybackQuality().totalVideoFrames : 0);
  const before = times();
  // Three browsers share two processors with everything else: a picture may stand still for a while.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  return times().filter((frames, at) => frames > (before[at] ?? 0)).length;
});

async function untilMoving(page: Page, count: number, patience = 60_000): Promise<void> {
  const end = Date.now() + patience;
  for (let last = -1; (last = await moving(page)) !== count;) {
    if (Date.now() < end) continue;
    const people = [["citizen", citizen], ["caseworker", worker], ["interpreter", interpreter]] as const;
    const lines = await Promise.all(people.map(async ([who, one]) => [`${who}${one === page ? ", who waits" : ""}:`, ...one === undefined ? [] : await connectionsTell(one)]));
    assert.fail([`${last} moving pictures, not ${count}`, ...lines.flat()].join("\n"));
  }
}

test("devices are tried, it rings, is answered, and both see each other", async () => {
  await worker.getByRole("link", { name: "Videosamtal" }).click();
  await worker.getByRole("button", { name: "Prova mikrofonen" }).click();
  await worker.getByText("Mikrofonen hör dig.").waitFor();
  await worker.getByRole("button", { name: "Visa min kamera" }).click();
  await look(worker, "call-prepare-desk");
  await worker.getByRole("button", { name: /^Ring / }).click();
  await citizen.getByText(/ ringer$/).waitFor();
  await look(citizen, "call-rings-phone");
  await citizen.getByRole("button", { name: "Svara" }).click();
  await look(citizen, "call-prepare-phone");
  await citizen.getByRole("button", { name: "Svara" }).click();
  await citizen.getByRole("button", { name: "Lägg på" }).waitFor();
  assert.equal(await moving(citizen), 0, "cameras are off at first");
  await citizen.getByRole("button", { name: "Kamera av" }).click();
  await worker.getByRole("button", { name: "Kamera av" }).click();
  await untilMoving(worker, 1);
  await untilMoving(citizen, 1);
  await look(citizen, "call-in-phone");
  await look(worker, "call-in-desk");
});

test("what is off is seen to be off; text goes beside; a screen is shown", async () => {
  await citizen.getByRole("button", { name: "Mikrofon på" }).click();
  await worker.getByText("Mikrofonen av").waitFor();
  await citizen.getByRole("button", { name: "Mikrofon av" }).click();
  await worker.getByRole("button", { name: "Text", exact: true }).click();
  await worker.getByLabel("Skriv en rad").pressSequentially("Hör du mig", { delay: 60 });
  await citizen.getByText("skriver …").waitFor();
  await worker.getByLabel("Skriv en rad").press("Enter");
  await citizen.locator(".calltext li", { hasText: "Hör du mig" }).filter({ hasNotText: "skriver" }).waitFor();
  await worker.getByText("Enheter", { exact: true }).click();
  const microphones = worker.locator("enrum-device-choice select").first();
  await microphones.selectOption({ index: await microphones.locator("option").count() - 1 });
  await worker.getByText("Enheter", { exact: true }).click();
  await worker.getByRole("button", { name: "Dela skärm" }).click();
  await citizen.getByText("Testina Bjuvsdotter visar sin skärm").waitFor();
  await untilMoving(citizen, 2);
  await look(citizen, "call-screen-phone");
  await worker.getByRole("button", { name: "Delar skärm" }).click();
  await untilMoving(citizen, 1);
});

test("a call in another room is not begun over this one, which goes on meanwhile", async () => {
  await citizen.getByRole("link", { name: "Tillbaka" }).click();
  await citizen.getByLabel("Skriv ett meddelande").waitFor();
  await citizen.getByRole("link", { name: "Tillbaka" }).click();
  await conversationNew(citizen, "Något annat", "En sak till");
  await citizen.getByText("Du är med i ett videosamtal").waitFor();
  await take(worker, "Något annat");
  await worker.getByRole("link", { name: "Videosamtal" }).click();
  await worker.getByText("Du är redan med i ett annat videosamtal.").waitFor();
  assert.ok(await worker.getByRole("button", { name: /^Ring / }).isDisabled());
  await look(worker, "call-other-desk");
  await worker.locator(".callbody").getByRole("link", { name: "Till samtalet" }).click();
  await citizen.getByRole("link", { name: "Till samtalet" }).click();
  await untilMoving(worker, 1);
  await untilMoving(citizen, 1);
});

test("an interpreter comes by a link, is seen by name, let in, and sees both", async () => {
  await worker.getByText(/^Deltagare/).click();
  const link = await worker.locator(".invite code").innerText();
  await worker.getByText(/^Deltagare/).click();
  const third = await guests.tab(link);
  interpreter = third;
  await look(third, "call-guest-login");
  await login(third, "test.testdotter");
  await third.getByRole("button", { name: "Gå till väntrummet" }).waitFor();
  await look(third, "call-guest-prepare");
  await third.getByLabel("Språk som jag vill tala").selectOption("ar");
  await third.getByLabel("Börja med kameran på").check();
  await listen(worker);
  await third.getByRole("button", { name: "Gå till väntrummet" }).click();
  await third.getByText("Du är i väntrummet").waitFor();
  await look(third, "call-guest-waits");
  await knock("Testina Testdotter (tolk)").waitFor();
  // Whoever comes is said, and as who when that is known; neither the buttons nor what they write says it anew.
  const said = async () => (await heardAll(worker)).filter((text) => text.includes("väntar på att bli insläppt"));
  const before = await said();
  assert.match(before[0] ?? "", /^[^,]* väntar på att bli insläppt, tillitsnivå 4/);
  assert.match(before.at(-1) ?? "", /^Testina Testdotter \(tolk\) /);
  assert.deepEqual(before.filter((text) => text.includes("Släpp in")), []);
  await third.getByLabel("Skriv en rad").fill("Hej, jag är tolken");
  await third.getByLabel("Skriv en rad").press("Enter");
  await knock("Testina Testdotter (tolk)").getByRole("log").getByText("Hej, jag är tolken").waitFor();
  assert.deepEqual(await said(), before);
  await look(worker, "call-knock-desk");
  await worker.getByRole("button", { name: "Skriv till den som väntar" }).click();
  await worker.getByLabel("Skriv till Testina Testdotter (tolk)").fill("Välkommen, strax");
  await worker.getByLabel("Skriv till Testina Testdotter (tolk)").press("Enter");
  await third.getByText("Välkommen, strax").waitFor();
  assert.equal(await moving(third), 0);
  await worker.getByRole("button", { name: "Släpp in", exact: true }).click();
  await untilMoving(third, 2);
  await untilMoving(citizen, 2);
  await citizen.getByText("Testina Testdotter (tolk)").first().waitFor();
  await citizen.getByLabel("Volym för Testina Testdotter (tolk)").fill("0.4");
  await look(citizen, "call-three-phone");
  await look(worker, "call-three-desk");
});

test("the host dies and comes back: so does everybody, without knocking", async () => {
  await stage.installation.killHost();
  for (const page of [citizen, worker, interpreter]) await page.getByText("Ingen kontakt med servern. Samtalet fortsätter").waitFor();
  await screenshot(citizen, "call-lost-phone");
  await stage.installation.startHost();
  // The longer it was away, the longer the pauses before the next try.
  for (const page of [citizen, worker, interpreter]) await untilMoving(page, 2, 150_000);
  await worker.locator(".knock").waitFor({ state: "hidden" });
});

test("somebody is put out after a question, and only then", async () => {
  await worker.getByText(/^Deltagare/).click();
  const row = worker.locator(".people li", { hasText: "Testina Testdotter" });
  await row.getByRole("button", { name: "Ta bort ur samtalet" }).click();
  await look(worker, "call-put-out-desk");
  await row.getByRole("button", { name: "Avbryt" }).click();
  await untilMoving(interpreter, 2);
  await row.getByRole("button", { name: "Ta bort ur samtalet" }).click();
  await row.getByRole("group").getByRole("button", { name: "Ta bort ur samtalet" }).click();
  await interpreter.getByText("Du är inte längre med i samtalet.").waitFor();
  await untilMoving(citizen, 1);
  await worker.getByText(/^Deltagare/).click();
});

test("it is over for all, a note is written, and the citizen reads entry and note", async () => {
  await worker.getByRole("button", { name: "Avsluta för alla" }).click();
  await citizen.getByText("Handläggaren avslutade samtalet.").waitFor();
  await look(citizen, "call-over-phone");
  await worker.getByLabel("Anteckning om samtalet").fill("Vi gick igenom hur skolan fungerar. Ny tid på torsdag.");
  await look(worker, "call-note-desk");
  // Not saved yet, it is there for whoever has looked at the conversation meanwhile.
  await worker.goBack();
  await worker.goForward();
  assert.equal(await worker.getByLabel("Anteckning om samtalet").inputValue(), "Vi gick igenom hur skolan fungerar. Ny tid på torsdag.");
  await worker.getByRole("button", { name: "Spara anteckningen" }).click();
  await worker.getByText("Anteckningen är sparad.").waitFor();
  await citizen.getByRole("link", { name: "Till konversationen" }).click();
  await citizen.getByText("Vi gick igenom hur skolan fungerar. Ny tid på torsdag.").waitFor();
  await citizen.getByText(/^Videosamtal .*: .*Testina Testdotter \(tolk\)/).first().waitFor();
  await look(citizen, "call-entry-phone");
});

test("who comes when nobody is there is not left alone, and staff see who waits", async () => {
  await citizen.getByRole("link", { name: "Videosamtal" }).click();
  await citizen.getByRole("button", { name: "Gå till väntrummet" }).click();
  await citizen.getByText("Ingen från kommunen är i samtalet just nu.").waitFor();
  await look(citizen, "call-wait-alone-phone");
  await citizen.getByRole("button", { name: "Be att bli uppringd" }).click();
  await citizen.getByText("Du har bett att bli uppringd.").waitFor();
  await worker.getByRole("link", { name: "Till konversationen" }).click();
  await entry(worker, "Jag väntade i videosamtalet och ber att bli uppringd.").waitFor();
  await worker.getByText("Testa Förälder väntar i ett videosamtal").waitFor();
  await citizen.getByRole("button", { name: "Ring handläggaren" }).click();
  await citizen.getByText("Det ringer hos handläggaren.").waitFor();
  await worker.getByText("Testa Förälder ringer").waitFor();
  assert.equal(await worker.title(), "Någon söker dig");
  await worker.getByRole("button", { name: "Avböj" }).click();
  await worker.getByText("Testa Förälder väntar i ett videosamtal").waitFor();
  await worker.getByRole("link", { name: "Gå med" }).click();
  await worker.getByRole("button", { name: "Gå med" }).click();
  await knock("Testa Förälder").waitFor();
  await citizen.getByText("Testina Bjuvsdotter ser att du väntar").waitFor();
  await look(citizen, "call-wait-phone");
  await worker.getByRole("button", { name: "Släpp in", exact: true }).click();
  await citizen.getByRole("button", { name: "Lägg på" }).waitFor();
});

test("the tab that calls keeps the call when another is closed, and no second tab calls", async () => {
  await citizen.getByRole("button", { name: "Lägg på" }).click();
  await citizen.getByText("Du har lagt på.").waitFor();
  // The first tab runs the engine; the second one calls.
  const second = await stage.phone.tab(citizen.url());
  await second.getByRole("button", { name: "Gå till väntrummet" }).click();
  await second.getByText("Du är i väntrummet").waitFor();
  await citizen.getByText("Samtalet är öppet i en annan flik").waitFor();
  await citizen.close();
  await worker.getByRole("button", { name: "Släpp in", exact: true }).click();
  await second.getByRole("button", { name: "Kamera av" }).click();
  await untilMoving(worker, 1);
  await second.close();
  await worker.getByText("Tappade kontakten.").waitFor();
});

test("who logs out in the middle of a call gives camera and microphone back, and may call again", async () => {
  const page = await stage.citizen();
  await page.getByRole("link", { name: TITLE }).click();
  await page.getByRole("link", { name: "Videosamtal" }).click();
  await page.getByLabel("Börja med kameran på").check();
  await page.getByRole("button", { name: "Gå till väntrummet" }).click();
  await worker.getByRole("button", { name: "Släpp in", exact: true }).click();
  await untilMoving(worker, 1);
  const camera = await page.evaluateHandle(() => (document.querySelector("enrum-ringing") as unknown as { calls: { media: import("../../client-sdk/web/call/media.ts").CallMedia } }).calls.media.preview("camera")!.getTracks()[0]!);
  await page.getByText("Meny", { exact: true }).click();
  await page.getByRole("button", { name: "Logga ut" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Logga ut" }).click();
  await page.getByRole("heading", { name: /^Prata privat/ }).waitFor();
  await page.waitForFunction((track) => track.readyState === "ended", camera);
  await untilMoving(worker, 0);
  await loginDone(page, "test.foralder");
  await page.getByRole("link", { name: TITLE }).click();
  await page.getByRole("link", { name: "Videosamtal" }).click();
  await page.getByRole("button", { name: "Gå till väntrummet" }).click();
  await page.getByRole("button", { name: "Lämna väntrummet" }).click();
  await page.getByText("Du har lagt på.").waitFor();
  await page.close();
});

test("what the browser does not allow is said in words, and one takes part without", async () => {
  const denied = await Browser.open({ phone: true, isMediaDenied: true });
  try {
    const page = await denied.tab(stage.installation.pagesUrl("bjuv", "citizen"));
    await loginDone(page, "test.foralder");
    await page.getByRole("link", { name: TITLE }).click();
    await page.getByRole("link", { name: "Videosamtal" }).click();
    await page.getByRole("button", { name: "Prova mikrofonen" }).click();
    await page.getByText("Webbläsaren får inte använda mikrofonen. Tryck på symbolen").waitFor();
    await look(page, "call-denied-phone");
    await page.getByRole("button", { name: "Gå till väntrummet" }).click();
    await worker.getByRole("button", { name: "Släpp in", exact: true }).click();
    await page.getByText("Webbläsaren får inte använda mikrofonen. Tryck på symbolen").waitFor();
    await page.getByRole("button", { name: "Text", exact: true }).click();
    await page.getByLabel("Skriv en rad").fill("Jag kan bara skriva");
    await page.getByLabel("Skriv en rad").press("Enter");
    await worker.locator(".calltext li", { hasText: "Jag kan bara skriva" }).waitFor();
    await look(page, "call-denied-in-phone");
  } finally {
    await denied.close();
  }
});

test("no page has complained, or spoken to anybody else", () => stage.assertClean());
