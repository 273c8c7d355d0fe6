// entry -- how both pages begin: can the browser do it; did the e-ID provider send somebody back; then the app.
import { html, render } from "lit";
import { EnrumError } from "../protocol/error.ts";
import type { ErrorName } from "../protocol/tables.ts";
import type { Role } from "../sdk/view.ts";
import { bring } from "../link/bring.ts";
import { connectEnrum } from "../link/client.ts";
import type { EnrumClient } from "../sdk/view.ts";
import { telephoneLink } from "./alarm.ts";
import { App } from "./app.ts";
import { featuresMissing } from "./feature.ts";
import { leaveBegin, leaveNow } from "./leave.ts";
import { hrefOf, languageLinkTake, loginWindow, loginWindowIsLeft, unitLinked } from "./route.ts";
import { languageBegin, languageOffer, words } from "./words/words.ts";

/** What came back behind #: taken out of the address at once, so that it stays in no history. */
function answerTake(): { code: string; state: string; error: string } | undefined {
  const answer = new URLSearchParams(location.hash.slice(1));
  const [code, state, error] = ["code", "state", "error"].map((name) => answer.get(name) ?? "") as [string, string, string];
  if (code === "" && error === "") return undefined;
  history.replaceState(null, "", unitLinked() === null ? location.pathname : hrefOf({ page: "new" }));
  return { code, state, error };
}

async function boardTelephone(base: URL): Promise<string> {
  try {
    const board = await (await fetch(new URL("board.json", base))).json() as { telephone?: string };
    return board.telephone ?? "";
  } catch {
    return "";
  }
}

async function tellTooOld(missing: string[], base: URL): Promise<void> {
  const w = words();
  const telephone = await boardTelephone(base);
  const old = document.getElementById("old");
  if (old === null) return;
  old.replaceChildren();
  render(html`<h1>${w.oldTitle}</h1><p>${w.oldText}</p>${telephoneLink(telephone)}<p class="small">${w.oldMissing(missing.join(", "))}</p>`, old);
}

/** The page that these are embedded in, from within (embedding.ts). */
export interface Outer {
  language: string;
  begin(client: EnrumClient): void;
}

/** `base`: where board.json and the workers are. */
export async function begin(role: Role, base: URL, outer?: Outer): Promise<void> {
  const answer = answerTake();
  if (outer === undefined && leaveBegin(answer !== undefined)) return;
  const linked = languageLinkTake();
  if (linked !== undefined) languageOffer(linked);
  const [missing] = await Promise.all([featuresMissing(), languageBegin(role, outer?.language)]);
  if (missing.length > 0) return tellTooOld(missing, base);
  const window = outer === undefined ? loginWindow() : undefined;
  // Its page was left while it was at the provider's: nobody is logged in, and nothing comes to the front.
  if (window !== undefined && loginWindowIsLeft(window)) {
    close();
    return leaveNow();
  }
  document.getElementById("old")?.remove();
  const client = connectEnrum({ role, base });
  const app = document.querySelector("enrum-app") as App;
  app.begin(client, role, base, outer !== undefined);
  outer?.begin(client);
  if (window !== undefined) void bring(() => import("./loginwindow.ts")).then(({ loginWindowRun }) => loginWindowRun(client, window, answer === undefined));
  if (answer === undefined) return;
  if (answer.error !== "") return app.loginAborted(answer.error === "access_denied" ? undefined : "CODE_REFUSED");
  try {
    await client.loginFinish(answer.code, answer.state);
  } catch (error) {
    app.loginAborted((error instanceof EnrumError ? error.code : "CODE_REFUSED") satisfies ErrorName);
  }
}
