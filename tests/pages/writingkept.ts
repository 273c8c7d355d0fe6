// writingkept -- what is being written in a tab is on the device, and outlives a reload: asked of the page, with either browser's driver.
import type { EnrumClient } from "../../client-sdk/web/sdk/view.ts";
import { eventually } from "../../demo/device.ts";

/** A page of either browser's driver. */
interface Page {
  evaluate<T>(work: () => T): Promise<Awaited<T>>;
}

/** The engine has heard all that this page has told it: it does one thing after the other. */
export function engineHas(page: Page): Promise<void> {
  return page.evaluate(() => (document.querySelector("enrum-app") as unknown as { client: EnrumClient }).client.writingKeep("", "", ""));
}

/** What has not been given to the engine yet holds whoever leaves. */
export async function writingKept(page: Page): Promise<void> {
  await eventually("all that is written is given away", () => page.evaluate(() => dispatchEvent(new Event("beforeunload", { cancelable: true }))));
  await engineHas(page);
}
