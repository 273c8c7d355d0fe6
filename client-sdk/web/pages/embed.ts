// embed -- the citizen's pages within a frame on another site's page (client-sdk/web/embed has the element that makes it).
import { render } from "lit";
import { begin } from "./entry.ts";
import { Embedding } from "./embedding.ts";
import { leaveAgain, leaveBegin } from "./leave.ts";
import { apartNotice } from "./loginbeside.ts";
import { languageBegin } from "./words/words.ts";

const base = new URL(".", import.meta.url);

/** Some browsers refuse a frame of another domain its storage (Chromium) or its locks (Firefox). */
async function hasStorage(): Promise<boolean> {
  try {
    await navigator.locks.query();
    return sessionStorage !== null;
  } catch {
    return false;
  }
}

async function tellApart(): Promise<void> {
  await languageBegin("citizen");
  const old = document.getElementById("old");
  old?.replaceChildren();
  if (old !== null) render(apartNotice(), old);
}

// By itself this page is none: the citizen's own is.
if (parent === self) location.replace(base);
else if (!await hasStorage()) await tellApart();
else {
  leaveBegin();
  const outer = await Embedding.meet();
  if (!leaveAgain(outer.isReturn)) await begin("citizen", base, outer);
}
