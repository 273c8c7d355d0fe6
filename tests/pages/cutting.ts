// cutting -- an act on a page whose network breaks at one step of it, and what must hold afterwards.
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { messageAck, messageAppend, messageEntries } from "../../client-sdk/web/protocol/messages.ts";
import { entry, isRecorded } from "./stage.ts";
import type { Wire } from "./wire.ts";

/** What breaks: its name, the message, whether the page sends it, and whether the network stays away until the page has been loaded anew. */
export type Step = [string, number, boolean, boolean?];

/** The steps of an entry. */
export const SAID: readonly Step[] = [
  ["posten", messageAppend.number, true], ["kvittot", messageAck.number, false], ["journalföringen", messageEntries.number, false],
  ["posten, och omladdat", messageAppend.number, true, true], ["kvittot, och omladdat", messageAck.number, false, true],
];

/** Does it on a page, whose network breaks at this step, and which comes back. */
export async function cutWhile(wire: Wire, [, type, isOut, stays = false]: Step, page: Page, act: () => Promise<void>): Promise<void> {
  const isCut = wire.cutAt(type, isOut, 1, stays);
  // Whoever waits in vain for the act is told that, and not this.
  isCut.catch(() => undefined);
  await act();
  await isCut;
  if (stays) {
    // What was sent is on the device when the page says so; nobody leaves a page that has not taken it yet.
    await page.locator(".draft").first().waitFor();
    await page.reload();
  }
  wire.mend();
}

export async function standsOnce(text: string, ...pages: Page[]): Promise<void> {
  for (const page of pages) await isRecorded(page, text);
  for (const page of pages) {
    await page.locator(".draft").first().waitFor({ state: "detached" });
    assert.equal(await entry(page, text).count(), 1, `${text} stands once`);
  }
}
