// hearing -- what a page's live regions say, as a screen reader is told of it: what is put into one, and text in it that becomes another.

/** A page of either browser's driver. */
interface Page {
  evaluate<T>(work: () => T): Promise<T>;
}

/** From now on all of it is noted. */
export function listen(page: Page): Promise<void> {
  return page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    const isLive = (node: Node): boolean => {
      const live = (node instanceof Element ? node : node.parentElement)?.closest("[aria-live], [role=status], [role=alert]");
      return live !== null && live !== undefined && live.getAttribute("aria-live") !== "off";
    };
    new MutationObserver((changes) => {
      for (const { type, target, addedNodes } of changes) {
        if (!isLive(target)) continue;
        const nodes = type === "characterData" ? [target] : [...addedNodes];
        heard.push(...nodes.map((node) => (node.textContent ?? "").trim()).filter((text) => text !== ""));
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

/** All that was said, in order. */
export function heardAll(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as unknown as { heard: string[] }).heard);
}

/** The words of this one that were said, in order. */
export async function heard(page: Page, name: string): Promise<string[]> {
  const all = await heardAll(page);
  return all.filter((text) => text.startsWith(`${name}: `)).map((text) => text.slice(name.length + 2));
}
