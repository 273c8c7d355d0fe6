// widths -- a page on a telephone, on a wide screen, and at 320 pixels, which is 400 % of 1280: screenshots in build/screens for people
// to judge; axe-core, the width and the size of what is pressed judge here.
import type { Page } from "playwright-core";
import { axe, overflow, overflowing, screenshot, screenshotWhole, smallTargets } from "./browser.ts";

export const SIZES = { 360: { width: 360, height: 740 }, 1280: { width: 1280, height: 800 } };
/** 400 % of 1280 by 1024. */
const ZOOMED = { width: 320, height: 256 };
/** Of a window so small, what stays in place while one scrolls may have so much. */
const COVERED_MAX = 0.6;
const SHOWN_MS = 200;

/** What is wrong with the page at these widths: all of it, since whoever mends one page wants to know of the others. */
export async function lookWide(page: Page, name: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const [width, size] of Object.entries(SIZES)) {
    await page.setViewportSize(size);
    await screenshot(page, `gallery-${name}-${width}`);
    wrong.push(...(await axe(page)).map((line) => `${name}, ${width}: ${line}`));
    wrong.push(...(await smallTargets(page)).map((line) => `${name}, ${width}: small: ${line}`));
    if (await overflow(page) > 0) wrong.push(`${name} is wider than ${width}: ${(await overflowing(page)).join("\n")}`);
    await screenshotWhole(page, `gallery-${name}-${width}-whole`);
  }
  await page.setViewportSize(ZOOMED);
  await page.waitForTimeout(SHOWN_MS);
  if (await overflow(page) > 0) wrong.push(`${name} is wider than ${ZOOMED.width}: ${(await overflowing(page)).join("\n")}`);
  const share = await covered(page);
  if (share > COVERED_MAX) wrong.push(`${name}: what stays in place has ${Math.round(share * 100)} % of a window of ${ZOOMED.height}`);
  return wrong;
}

/** The share of the window's height in which, down its middle, something stands that stays in place. */
function covered(page: Page): Promise<number> {
  return page.evaluate(() => {
    // A dialog is all that one does just then.
    if (document.querySelector("dialog[open]") !== null) return 0;
    const stays = (element: Element | null): boolean => element !== null && (/^(sticky|fixed)$/.test(getComputedStyle(element).position) || stays(element.parentElement));
    const rows = Array.from({ length: innerHeight / 4 }, (_none, row) => row * 4);
    return rows.filter((y) => stays(document.elementFromPoint(innerWidth / 2, y))).length / rows.length;
  });
}
