// choosing -- what runs in the page on which somebody chooses a board (choose.mjs): that page too is left at once, and stays in no
// history. It works without this; nothing is kept. A script of its own, also for browsers that are too old for everything else.
import { escapeListen } from "./thrice.ts";

/** The same everywhere: blank before all else, and going back does not show it. */
function leave(url: string): void {
  document.body.textContent = "";
  location.replace(url);
}

/** Of a language: its row in the list, which names those of a browser that it serves. */
function languageLink(): HTMLAnchorElement | undefined {
  const links = Array.prototype.slice.call(document.querySelectorAll("a[data-serves]")) as HTMLAnchorElement[];
  const serving = (spoken: string) => links.filter((link) => ` ${link.getAttribute("data-serves")} `.indexOf(` ${spoken} `) >= 0)[0];
  for (const tag of navigator.languages || []) {
    const link = serving(tag.toLowerCase().split("-")[0] as string);
    if (link !== undefined) return link;
  }
  return serving("en");
}

/** The first page, to which nobody has come by the list: in the browser's language. */
function languageBegin(): void {
  const link = location.hash === "" && document.documentElement.hasAttribute("data-first") ? languageLink() : undefined;
  if (link !== undefined && link.getAttribute("aria-current") === null) location.replace(link.href);
}

/** Where a link leads comes in the place of this page. */
function insteadListen(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest("a");
    // In a tab of its own, this one stays.
    if (link === null || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || link.protocol === "tel:") return;
    event.preventDefault();
    if (link.classList.contains("leave")) leave(link.href);
    else location.replace(link.href);
  });
}

languageBegin();
insteadListen();
escapeListen(() => leave((document.querySelector("a.leave") as HTMLAnchorElement).href));
