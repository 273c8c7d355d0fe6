// app -- the root of the pages: header, notices, and the page that the address names. Decides what is shown, not how.
import { html, nothing, type TemplateResult } from "lit";
import type { ErrorName } from "../protocol/tables.ts";
import { CallSession } from "../call/session.ts";
import { bring } from "../link/bring.ts";
import { framesWorker } from "../link/client.ts";
import type { EnrumClient, Role } from "../sdk/view.ts";
import { alarm, problem } from "./alarm.ts";
import { Base } from "./base.ts";
import "./home.ts";
import "./languagechoice.ts";
import "./login.ts";
import "./new.ts";
import "./notice.ts";
import "./room.ts";
import { leaveEnds, leaveIsUnderWay } from "./leave.ts";
import { goInstead, guestCall, hrefOf, loginWindow, routeOf, unitLinkTake, type Route } from "./route.ts";
import { errorWords, words } from "./words/words.ts";
import { visitForget, type LogoutDialog } from "./logout.ts";
import { writingBegin } from "./writing.ts";

/** What is loaded when somebody opens it. */
const PARTS = {
  call: () => import("./call.ts"),
  case: () => import("./casepages.ts"),
  statement: () => import("./statement.ts"),
  notices: () => import("./notices.ts"),
  advice: () => import("./advice.ts"),
};
type Part = keyof typeof PARTS;

/** The first page is drawn by then: what else is read is brought, so that it is there without a network too. */
const AHEAD_AFTER_MS = 1_500;
const LONG_START_MS = 6_000;
/** What rings is among it: it is tried until it is there. */
const AHEAD_AGAIN_MS = 20_000;
/** What a person does, by dictation too; the page itself scrolls and moves the focus when somebody else writes. */
const TOUCHES = ["pointerdown", "keydown", "wheel", "touchmove", "visibilitychange", "input"] as const;

export class App extends Base {
  static override properties = { ...Base.properties, route: { state: true }, isLong: { state: true }, parts: { state: true }, failedPart: { state: true }, aborted: { state: true } };
  declare route: Route;
  declare isLong: boolean;
  /** Those that are loaded; and one that could not be. */
  declare parts: ReadonlySet<Part>;
  declare failedPart: Part | undefined;
  /** The last login did not come back with a code: null when the person broke it off. */
  declare aborted: ErrorName | null | undefined;
  #role: Role = "citizen";
  /** This tab's part in a call: it goes on while other pages are shown. */
  #calls!: CallSession;
  #base!: URL;
  #hasBegun = false;
  #wasIn = false;
  #isAhead = false;
  /** Within another page: that has a header of its own. */
  #isEmbedded = false;
  #loading = new Set<Part>();
  /** The one that the page on the screen waits for. */
  #awaited: Part | undefined;

  constructor() {
    super();
    this.route = { page: "home" };
    this.isLong = false;
    this.parts = new Set();
  }

  override connectedCallback(): void {
    // Nothing to draw before the client is there.
    if (this.#hasBegun) super.connectedCallback();
  }

  /** `base`: where the workers are. */
  begin(client: EnrumClient, role: Role, base: URL, isEmbedded: boolean): void {
    this.client = client;
    writingBegin(client);
    this.#calls = new CallSession(client, base, () => framesWorker(base));
    leaveEnds(() => this.#calls.leave());
    this.#base = base;
    this.#role = role;
    this.#isEmbedded = isEmbedded;
    unitLinkTake();
    this.route = routeOf(location.hash);
    this.#hasBegun = true;
    // Remembered before a login leads away from the link.
    if (role === "guest") guestCall();
    super.connectedCallback();
    addEventListener("hashchange", () => this.#routeChanged());
    setTimeout(() => this.isLong = true, LONG_START_MS);
    const touched = () => {
      if (document.visibilityState === "visible") client.touched();
    };
    for (const touch of TOUCHES) addEventListener(touch, touched, { passive: true });
    // A window that is there to log in holds nothing that is not the other page's, too.
    addEventListener("beforeunload", (event) => {
      if (!leaveIsUnderWay() && loginWindow() === undefined && this.session?.isShared && this.session.rooms.some(({ waiting }) => waiting > 0)) event.preventDefault();
    });
  }

  protected override told(): void {
    // Logged out from here, in another tab or from another device, or too long untouched. A login that fails keeps what led to it.
    if (this.#wasIn && this.session?.login === "out") this.#left();
    if (this.session?.login === "busy") this.aborted = undefined;
    if (this.session?.login === "in" || this.session?.login === "out") this.#wasIn = this.#isIn;
    // On a slow line what is brought ahead would hold up what the first page waits for.
    if (this.session !== undefined && !this.#isAhead && this.#role !== "guest") {
      this.#isAhead = true;
      setTimeout(() => void this.#ahead(), AHEAD_AFTER_MS);
    }
    super.told();
  }

  /** Nor does the address name a conversation. */
  #left(): void {
    visitForget();
    goInstead({ page: "home" });
    void this.#toHeading();
  }

  loginAborted(error: ErrorName | undefined): void {
    this.aborted = error ?? null;
  }

  #routeChanged(): void {
    unitLinkTake();
    this.route = routeOf(location.hash);
    this.failedPart = this.#awaited = undefined;
    void this.#toHeading();
  }

  async #toHeading(): Promise<void> {
    await this.updateComplete;
    // Whoever goes along a caseworker's tabs stays on them.
    if (document.activeElement?.getAttribute("role") !== "tab") this.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
    if (this.route.page !== "room") scrollTo(0, 0);
  }

  get #isIn(): boolean {
    return this.session?.login === "in";
  }

  #unread(): number {
    return (this.session?.rooms ?? []).reduce((sum, { unread }) => sum + unread, 0)
      + (this.#role === "staff" ? (this.session?.queue ?? []).filter(({ takenBy }) => takenBy === undefined).length : 0);
  }

  protected override updated(): void {
    const w = words();
    const unread = this.#unread();
    const ringing = this.session?.rings.find(({ state }) => state === "ringing");
    const isStaff = this.#role === "staff";
    // The tab's title is read by whoever passes by or is shown the screen, and stays in the browser's history: it names nobody.
    if (ringing !== undefined) document.title = w.neutralRings;
    else document.title = `${unread > 0 ? `(${unread}) ` : ""}${isStaff ? this.session?.board.name ?? "Enrum" : w.neutralTitle}`;
  }

  // -- Header -------------------------------------------------------------------------------------------------------

  #menu(): TemplateResult {
    const w = words();
    const languages = html`<enrum-languages .client=${this.client} .isInMenu=${this.#isIn}></enrum-languages>`;
    if (!this.#isIn) return languages;
    const isAdvice = this.session?.me?.level === 0;
    const mayHaveNotices = this.#role === "citizen" && !isAdvice && this.session?.board.offers.notices === true;
    return html`<details class="menu" @click=${this.#menuClose}>
      <summary>${w.menu}</summary>
      <div>
        <p class="who">${isAdvice ? w.advice.name : w.loginOf(this.session?.me?.name ?? "")}</p>
        ${mayHaveNotices ? html`<a href=${hrefOf({ page: "notices" })}>${w.notices.title}</a>` : nothing}
        ${this.#role === "guest" || isAdvice ? nothing : html`<a href=${hrefOf({ page: "devices" })}>${w.devices}</a>`}
        <a href=${hrefOf({ page: "statement" })}>${w.statement}</a>
        ${languages}
        <button class="quiet" @click=${() => this.querySelector<LogoutDialog>("enrum-logout")?.show()}>${isAdvice ? w.advice.logout : w.logout}</button>
      </div>
    </details>`;
  }

  #menuClose = (event: Event): void => {
    const { target, currentTarget } = event;
    if ((target as HTMLElement).closest("a, button") !== null) (currentTarget as HTMLDetailsElement).open = false;
  };

  #header(): TemplateResult {
    const name = this.session?.board.name ?? "";
    const skip = html`<a class="skip" href="#main" @click=${this.#skip}>${words().skip}</a>`;
    if (this.#isEmbedded) return html`<header class="top slim">${skip}${this.#menu()}</header>`;
    return html`<header class="top">${skip}<a class="home" lang="sv" href=${hrefOf({ page: "home" })}>${name}</a>${this.#menu()}</header>`;
  }

  #skip = (event: Event): void => {
    event.preventDefault();
    this.querySelector<HTMLElement>("main h1")?.focus();
  };

  // -- Pages --------------------------------------------------------------------------------------------------------

  /** A guest sees the call of the link, and nothing else. */
  #guestPage(): TemplateResult {
    const call = guestCall();
    return call === undefined
      ? html`<div class="column"><h1 tabindex="-1">${words().video.call}</h1><p>${words().guestNoLink}</p></div>`
      : this.#callPage({ guestCall: call });
  }

  /** What is brought ahead draws nothing anew until it is there: whoever stands on "Try again" stays on it. */
  async #load(part: Part, isAhead = false): Promise<void> {
    if (!isAhead) this.failedPart = undefined;
    if (this.#loading.has(part)) return;
    this.#loading.add(part);
    try {
      await bring(PARTS[part]);
      this.parts = new Set([...this.parts, part]);
      if (this.#awaited === part) await this.#toHeading();
    } catch {
      if (this.#awaited === part) this.failedPart = part;
    } finally {
      this.#loading.delete(part);
    }
  }

  async #ahead(): Promise<void> {
    try {
      await this.#load("case", true);
      if (!this.parts.has("case")) throw new Error("not loaded");
      if (!this.#isEmbedded) (await bring(() => import("./offline.ts"))).offlineBegin(this.client, this.#role, this.#base);
    } catch {
      setTimeout(() => void this.#ahead(), AHEAD_AGAIN_MS);
    }
  }

  /** A page that is loaded when it is opened first. */
  #part(part: Part, page: () => TemplateResult): TemplateResult {
    if (this.parts.has(part)) return page();
    if (this.failedPart === part) {
      return html`<div class="column"><h1 tabindex="-1">${words().failed}</h1>${problem(errorWords("NETWORK"), html`<p><button @click=${() => void this.#load(part)}>${words().retry}</button></p>`)}</div>`;
    }
    this.#awaited = part;
    void this.#load(part);
    return this.#starting();
  }

  #statement(): TemplateResult {
    return this.#part("statement", () => html`<enrum-statement class="column" .client=${this.client}></enrum-statement>`);
  }

  #notices(): TemplateResult {
    return this.#part("notices", () => html`<enrum-notices class="column" .client=${this.client}></enrum-notices>`);
  }

  /** Who is not logged in: the way in, or the way to ask without. */
  #out(): TemplateResult {
    if (this.route.page === "statement") return this.#statement();
    const isAdvice = this.route.page === "advice" && this.session?.login === "out" && this.session.board.offers.advice && this.#role === "citizen";
    if (!isAdvice) return html`<enrum-login class="column" .client=${this.client} .aborted=${this.aborted}></enrum-login>`;
    return this.#part("advice", () => html`<enrum-advice class="column" .client=${this.client}></enrum-advice>`);
  }

  #callPage(where: { room: string } | { guestCall: string }): TemplateResult {
    const { room, guestCall: call } = { room: undefined, guestCall: undefined, ...where };
    return this.#part("call", () => html`<enrum-call .client=${this.client} .calls=${this.#calls} .room=${room} .guestCall=${call}></enrum-call>`);
  }

  #page(): TemplateResult {
    const { client, route } = this;
    switch (route.page) {
      case "home": case "advice": return html`<enrum-home class="column" .client=${client} .isStaff=${this.#role === "staff"}></enrum-home>`;
      case "new": return this.#role === "staff" ? html`<enrum-begin class="column" .client=${client}></enrum-begin>` : html`<enrum-new class="column" .client=${client}></enrum-new>`;
      case "notices": return this.#notices();
      case "devices": return this.#part("case", () => html`<enrum-devices class="column" .client=${client}></enrum-devices>`);
      case "room": return html`<enrum-room .client=${client} .room=${route.room}></enrum-room>`;
      case "call": return this.#callPage({ room: route.room });
      case "case": return this.#part("case", () => html`<enrum-case class="column case" .client=${client} .room=${route.room}></enrum-case>`);
      case "readers": return this.#part("case", () => html`<enrum-readers class="column" .client=${client}></enrum-readers>`);
      case "people": return this.#part("case", () => html`<enrum-people class="column" .client=${client} .room=${route.room}></enrum-people>`);
      case "journal": return this.#part("case", () => html`<enrum-journal class="column" .client=${client} .room=${route.room}></enrum-journal>`);
      case "statement": return this.#statement();
    }
  }

  /** A caseworker's list stays beside what is open, where there is room for both. */
  #pages(): TemplateResult {
    if (this.#role === "guest") return this.#guestPage();
    if (this.#role === "citizen") return this.#page();
    const isHome = this.route.page === "home";
    return html`<div class="pair ${isHome ? "at-list" : ""}">
      <enrum-home class="list" .client=${this.client} .isStaff=${true} .isAside=${!isHome}></enrum-home>
      ${isHome ? html`<div class="choose"><p>${words().choose}</p></div>` : html`<div class="open"><enrum-room-tabs .client=${this.client}></enrum-room-tabs><div id="room-panel">${this.#page()}</div></div>`}
    </div>`;
  }

  #starting(): TemplateResult {
    return html`<div class="column starting" role="status"><h1 tabindex="-1">${words().starting}</h1>
      ${this.isLong ? html`<p>${words().startingLong}</p>` : nothing}</div>`;
  }

  #content(): TemplateResult {
    const { session } = this;
    if (session === undefined) return this.#starting();
    if (session.trouble === "ROOT_CHANGED") return html`<div class="column">${alarm("ROOT_CHANGED", session, "PAGE")}</div>`;
    if (!this.#isIn) return this.#out();
    const trouble = session.trouble === undefined ? nothing : html`<div class="column">${alarm(session.trouble, session, "HOST")}</div>`;
    return html`${trouble}${this.#pages()}`;
  }

  protected override render(): TemplateResult {
    const { client } = this;
    return html`${this.#header()}
      <enrum-notice .client=${client} .aborted=${this.aborted}></enrum-notice>
      ${this.#isIn && this.parts.has("case") ? html`<enrum-ringing .client=${client} .calls=${this.#calls} .openCall=${this.route.page === "call" ? this.route.room : undefined}></enrum-ringing>` : nothing}
      <main id="main">${this.#content()}</main>
      <enrum-logout .client=${client}></enrum-logout>`;
  }
}

customElements.define("enrum-app", App);
