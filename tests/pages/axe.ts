// axe -- what axe-core finds on a page, asked from within it: given to the evaluate of any driver.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** Makes `axe` within the page. */
export const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const [STILL_MS, MOST_MS] = [60, 1_000];

/** Within the page: what has come has appeared, and nothing more has come for a moment; a page that never rests is taken as it is. */
export const AT_REST = `(async () => {
  const end = performance.now() + ${MOST_MS};
  let changed = performance.now();
  const observer = new MutationObserver(() => void (changed = performance.now()));
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  const isMoving = () => document.getAnimations().some(({ playState, effect }) => playState === "running" && effect?.getComputedTiming().endTime !== Infinity);
  while (performance.now() < end && (performance.now() - changed < ${STILL_MS} || isMoving() || document.fonts.status === "loading")) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  observer.disconnect();
})()`;

/**
 * Within the page: as it stands, then with the other writing direction, in which it must be no wider than its window either. One line for
 * each that is found.
 */
export const IN_BOTH_DIRECTIONS = `(async () => {
  const find = async (where, runOnly) => (await axe.run(where, { iframes: false, elementRef: true, resultTypes: ["violations"], runOnly })).violations;
  // What stands half under a bar that stays in place is as large as it is once it is scrolled to.
  const isSmall = async ({ element }) => {
    const [x, y] = [scrollX, scrollY];
    element.scrollIntoView({ block: "center", behavior: "instant" });
    const found = await find(element, ["target-size"]);
    scrollTo({ left: x, top: y, behavior: "instant" });
    return found.length > 0;
  };
  const run = async () => {
    const violations = await find(document, ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]);
    for (const found of violations.filter(({ id }) => id === "target-size")) {
      const small = [];
      for (const node of found.nodes) if (await isSmall(node)) small.push(node);
      found.nodes = small;
    }
    return violations;
  };
  const root = document.documentElement, isWider = () => root.scrollWidth > innerWidth;
  const violations = await run(), { dir } = root, was = isWider();
  root.dir = dir === "rtl" ? "ltr" : "rtl";
  try {
    const other = root.dir;
    violations.push(...(await run()).map((found) => ({ ...found, id: found.id + " from the other side" })));
    if (!was && isWider()) violations.push({ id: "wider than the window from the other side", nodes: [{ html: other }] });
  } finally {
    root.dir = dir;
  }
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary = "" }) => id + ": " + html.slice(0, 160) + " " + failureSummary));
})()`;
