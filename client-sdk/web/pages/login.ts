// login -- what this is, in three sentences, and the way in.
import { html, nothing, type TemplateResult } from "lit";
import type { ErrorName } from "../protocol/tables.ts";
import { EnrumError } from "../protocol/error.ts";
import { bring } from "../link/bring.ts";
import type { DeviceWord, EnrumClient } from "../sdk/view.ts";
import { problem, telephoneLink } from "./alarm.ts";
import { Base } from "./base.ts";
import { leaveIsUnderWay } from "./leave.ts";
import { hrefOf, loginWindowIsShared } from "./route.ts";
import { errorWords, languageBorrow, words } from "./words/words.ts";

/** Who logs in on a slow line does not wait longer for what this device is. */
const WORD_WITHIN_MS = 2_000;
/** Within which a page is gone that goes to the provider. */
const GOING_MS = 10_000;

/** What this device says that it is. Nobody is kept out for want of it. */
function deviceWord(): Promise<DeviceWord | undefined> {
  const word = bring(() => import("./deviceword.ts")).then(({ deviceWordOf }) => deviceWordOf(navigator), () => undefined);
  return Promise.race([word, new Promise<undefined>((resolve) => setTimeout(resolve, WORD_WITHIN_MS))]);
}

/** Leaves for the e-ID provider, which sends the browser back here. */
export async function loginHere(client: EnrumClient, provider: string, isShared: boolean): Promise<void> {
  const url = await client.loginBegin(provider, `${location.origin}${location.pathname}`, isShared, await deviceWord());
  // Whoever has left meanwhile stays away.
  if (!leaveIsUnderWay()) location.assign(url);
}

/** gone: to the provider. beside: in another window, and this page waits. Else what stands here instead: nobody can log in here. */
export type LoginWay = (client: EnrumClient, provider: string, isShared: boolean) => Promise<"gone" | "beside" | (() => TemplateResult)>;

let way: LoginWay = async (...words) => {
  await loginHere(...words);
  return "gone";
};

/** A frame cannot go to the provider by itself. */
export function loginWaySet(other: LoginWay): void {
  way = other;
}

/** The ways in: for who comes, and for who is known here and is to show again who they are. */
export abstract class Ways extends Base {
  static override properties = { ...Base.properties, isGone: { state: true }, instead: { state: true }, failed: { state: true }, isByCode: { state: true } };
  declare isGone: boolean;
  declare instead: (() => TemplateResult) | undefined;
  declare failed: ErrorName | undefined;
  /** Somebody without an e-ID, who types a printed code. */
  declare isByCode: boolean;
  #isRedeeming = false;
  /** A code is long, and one wrong character is mended. */
  #code = "";

  protected abstract get isShared(): boolean;

  protected toProvider(provider: string): ReturnType<LoginWay> {
    return way(this.client, provider, this.isShared);
  }

  async #go(provider: string): Promise<void> {
    if (this.isGone) return;
    this.isGone = true;
    this.failed = undefined;
    try {
      if (this.isShared) languageBorrow();
      const way = await this.toProvider(provider);
      this.isGone = way === "gone";
      // Whoever answers the browser that they stay has not gone.
      setTimeout(() => this.isGone = false, GOING_MS);
      this.instead = typeof way === "string" ? undefined : way;
    } catch (error) {
      this.isGone = false;
      this.failed = error instanceof EnrumError ? error.code : "MEMORY";
    }
  }

  #redeem = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.#isRedeeming || this.session?.login === "busy") return;
    this.#isRedeeming = true;
    this.failed = undefined;
    try {
      if (this.isShared) languageBorrow();
      await this.client.redeem(this.#code, this.isShared, await deviceWord());
    } catch (error) {
      this.failed = error instanceof EnrumError ? error.code : "MEMORY";
    } finally {
      this.#isRedeeming = false;
    }
  };

  protected failure(error: ErrorName): TemplateResult {
    const w = words();
    return problem(`${w.loginFailed}. ${errorWords(error)}`, html`<p class="small">${w.alarmName(error)}</p>`);
  }

  protected providers(): TemplateResult | TemplateResult[] {
    const w = words();
    if (this.instead !== undefined) return this.instead();
    const providers = this.session?.board.providers ?? [];
    if (providers.length === 0) return html`<p class="problem">${w.noProvider}</p>`;
    // One that is disabled would lose the focus.
    return providers.map(({ id, name }) =>
      html`<button class="primary wide" aria-disabled=${this.isGone} @click=${() => void this.#go(id)}>${this.isGone ? w.loginAway : w.login(name)}</button>`);
  }

  protected codeForm(): TemplateResult {
    const w = words().people;
    const isOpen = this.isByCode || this.session?.loginError === "CODE_WRONG" || this.session?.loginError === "CODE_ENDED";
    return html`<details ?open=${isOpen} @toggle=${(event: Event) => this.isByCode = (event.target as HTMLDetailsElement).open}><summary>${w.haveCode}</summary>
      <form class="form" @submit=${this.#redeem}><label for="code">${w.code}</label><p class="small" id="code-hint">${w.codeHint}</p>
      <input id="code" .value=${this.#code} @input=${(typed: Event) => this.#code = (typed.target as HTMLInputElement).value} dir="ltr" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="60" aria-describedby="code-hint">
      <button class="primary">${w.codeSend}</button></form></details>`;
  }
}

class Login extends Ways {
  static override properties = { ...Ways.properties, aborted: { attribute: false } };
  declare aborted: ErrorName | null | undefined;
  readonly #isBorrowed = loginWindowIsShared();

  protected override get isShared(): boolean {
    return this.querySelector<HTMLInputElement>("#shared")?.checked ?? false;
  }

  #intro(): TemplateResult {
    const w = words();
    const intros = { citizen: [w.introTitle, w.intro], staff: [w.introStaffTitle, w.introStaff], guest: [w.introGuestTitle, w.introGuest] } as const;
    const [title, sentences] = intros[this.session?.role ?? "citizen"];
    return html`<h1 tabindex="-1">${title}</h1>${sentences.map((sentence) => html`<p class="lead">${sentence}</p>`)}`;
  }

  #failure(): TemplateResult | typeof nothing {
    const w = words();
    const error = this.failed ?? this.session?.loginError ?? this.aborted;
    if (error === undefined) return nothing;
    if (error === "CERTIFICATE_REVOKED") return html`<p class="problem" role="alert">${w.people.putOut}</p>`;
    if (error === null) return html`<p class="problem" role="status">${w.loginAborted}</p>`;
    return this.failure(error);
  }

  #ways(): TemplateResult {
    const w = words();
    if (this.instead !== undefined || this.session?.role !== "citizen") return html`${this.providers()}`;
    return html`<label class="check"><input type="checkbox" id="shared" ?checked=${this.session.isShared || this.#isBorrowed} aria-describedby="shared-about"> ${w.shared}</label><p class="small" id="shared-about">${w.sharedAbout}</p>
      ${this.providers()}${this.codeForm()}`;
  }

  #advice(): TemplateResult | typeof nothing {
    if (this.session?.role !== "citizen" || !this.session.board.offers.advice) return nothing;
    return html`<a class="button wide" href=${hrefOf({ page: "advice" })}>${words().advice.begin}</a>`;
  }

  protected override render(): TemplateResult {
    const w = words();
    if (this.session?.login === "busy") {
      return html`<div class="starting" role="status"><h1 tabindex="-1">${w.loginBusy}</h1><p>${w.loginBusyLong}</p></div>`;
    }
    return html`<section class="intro">${this.#failure()}${this.#intro()}${this.#ways()}${this.#advice()}</section>
      <footer class="foot">${this.session?.role === "citizen" ? html`<p>${w.acute}</p>` : nothing}
      ${telephoneLink(this.session?.board.telephone ?? "")}
      <p><a href=${hrefOf({ page: "statement" })}>${w.statement}</a></p></footer>`;
  }
}

customElements.define("enrum-login", Login);
