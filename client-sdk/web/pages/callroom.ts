// callroom -- in the call: the others, what is on here, and for staff who waits and who is rung.
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import type { DeviceChoice, Source } from "../call/devices.ts";
import { EnrumError } from "../protocol/error.ts";
import { CALL_USES } from "../protocol/tables.ts";
import type { CallPersonView, CallView } from "../sdk/view.ts";
import { problem } from "./alarm.ts";
import { CallBase, callErrorWords, callLevel } from "./callbase.ts";
import "./calltext.ts";
import { callName, tile } from "./calltile.ts";
import type { DevicesChosen } from "./devicechoice.ts";
import "./devicechoice.ts";
import { languageName, personName, words } from "./words/words.ts";

const SOURCES = ["voice", "camera", "screen"] as const;

class CallRoom extends CallBase {
  static override properties = {
    ...CallBase.properties, view: { attribute: false }, pinned: { state: true }, hasText: { state: true }, textTo: { state: true }, failure: { state: true },
    isCopied: { state: true }, putting: { state: true },
  };
  declare view: CallView;
  /** Shown large: a participant, and whether their screen. */
  declare pinned: string | undefined;
  declare hasText: boolean;
  /** Who of those that wait is written to. */
  declare textTo: number | undefined;
  declare failure: string | undefined;
  declare isCopied: boolean;
  /** The participant of whom it is asked whether to put them out. */
  declare putting: number | undefined;

  constructor() {
    super();
    this.hasText = this.isCopied = false;
  }

  async #do(task: Promise<unknown>): Promise<void> {
    this.failure = undefined;
    try {
      await task;
    } catch (error) {
      if (!(error instanceof EnrumError)) throw error;
      this.failure = callErrorWords(error.code);
    }
  }

  get #in(): CallPersonView[] {
    return this.view.people.filter(({ state }) => state !== "waiting");
  }

  // -- The others ---------------------------------------------------------------------------------------------------

  #tileOf(person: CallPersonView, isScreen: boolean): TemplateResult {
    const { media } = this.calls;
    const { participant } = person;
    const remotes = media?.remotes.filter((remote) => remote.participant === participant) ?? [];
    const name = `${participant} ${isScreen}`;
    return tile({
      person, isScreen, isLarge: this.pinned === name, isUnopened: this.calls.isUnopened(participant),
      video: remotes.find(({ use }) => use === (isScreen ? CALL_USES.SCREEN : CALL_USES.CAMERA)),
      voice: remotes.find(({ use }) => use === CALL_USES.VOICE),
      volume: media?.volumeOf(participant) ?? 1,
      onVolume: (volume) => media?.volumeSet(participant, volume),
      onLarge: () => this.pinned = this.pinned === name ? undefined : name,
    });
  }

  #tiles(): TemplateResult {
    const w = words().video;
    const others = this.#in.filter(({ isEntitled }) => isEntitled);
    const tiles = others.flatMap((person) => [{ person, isScreen: false }, ...(person.screen ? [{ person, isScreen: true }] : [])]);
    const own = this.calls.media?.preview("camera");
    return html`<ul class="tiles" data-count=${tiles.length}>
      ${repeat(tiles, ({ person, isScreen }) => `${person.participant} ${isScreen}`, ({ person, isScreen }) => this.#tileOf(person, isScreen))}
      ${own === undefined ? nothing : html`<li class="tile own"><div class="picture"><video class="mirror" .srcObject=${live(own)} .muted=${true} autoplay playsinline aria-label=${w.previewOf}></video></div></li>`}
    </ul>
    ${others.length === 0 ? html`<p class="empty" role="status">${w.alone}</p>` : nothing}`;
  }

  // -- What is not as it should be -----------------------------------------------------------------------------------

  #troubles(): TemplateResult {
    const w = words().video;
    const { media } = this.calls;
    const ghosts = this.#in.filter(({ isEntitled }) => !isEntitled).map((person) => w.ghost(callName(person)));
    const state = this.view.isConnected ? (media === undefined || this.#in.length === 0 ? "" : w.states[media.state]) : w.offline;
    const isUnsealed = this.view.isConnected && this.#in.some(({ isEntitled }) => isEntitled) && !this.view.isSending;
    return html`${ghosts.map((text) => problem(text))}
      ${media?.error === undefined ? nothing : problem(callErrorWords(media.error))}
      ${media?.isSoundBlocked === true ? problem(w.blockedSound) : nothing}
      ${SOURCES.map((source) => this.#sourceTrouble(source))}
      ${this.failure === undefined ? nothing : problem(this.failure)}
      <p class="callstate" role="status">${state || (isUnsealed ? w.unsealed : "")}</p>`;
  }

  #sourceTrouble(source: Source): TemplateResult | typeof nothing {
    const reason = this.calls.media?.failures.get(source);
    if (reason === undefined) return nothing;
    const w = words().video;
    const again = html`<p><button @click=${() => void this.calls.turn(source, true)}>${w.tryAgain}</button></p>`;
    return problem(source === "screen" ? w.sources.screen[reason] : `${w.sources[source][reason]} ${w.sourceDo[reason]}`, again);
  }

  // -- For staff ----------------------------------------------------------------------------------------------------

  #knockAbout({ level, language }: CallPersonView): string {
    return `${callLevel(level)}${language === "" ? "" : `, ${languageName(language)}`}`;
  }

  #knock(person: CallPersonView): TemplateResult {
    const w = words().video;
    const { participant } = person;
    const isOpen = this.textTo === participant;
    return html`<li class="knock"><p><strong>${w.knocks(callName(person))}</strong> <span class="small">${this.#knockAbout(person)}</span></p>
      <p class="choices"><button class="primary" @click=${() => void this.#do(this.client.callAdmit(participant))}>${w.admit}</button>
      <button aria-expanded=${isOpen} @click=${() => this.textTo = isOpen ? undefined : participant}>${w.sayHello}</button>
      <button class="quiet" @click=${() => void this.#do(this.client.callPutOut(participant))}>${w.refuse}</button></p>
      ${isOpen ? html`<enrum-call-text .client=${this.client} .calls=${this.calls} .participant=${participant}></enrum-call-text>` : nothing}
      ${isOpen ? nothing : html`<p class="text" role="log">${this.view.lines.findLast(({ from }) => from === participant)?.text}</p>`}</li>`;
  }

  /** Each is said once, when they come; what they write is said by itself. */
  #knocks(): TemplateResult | typeof nothing {
    if (!this.view.isHost) return nothing;
    const waiting = this.view.people.filter(({ state }) => state === "waiting");
    const each = (show: (person: CallPersonView) => TemplateResult) => repeat(waiting, ({ participant }) => participant, show);
    return html`<div class="unseen" role="status" aria-atomic="false">${each((person) => html`<p>${words().video.knocks(callName(person))}, ${this.#knockAbout(person)}</p>`)}</div>
      ${waiting.length === 0 ? nothing : html`<div class="knocking"><ul class="knocks">${each((person) => this.#knock(person))}</ul></div>`}`;
  }

  #rung(): TemplateResult | typeof nothing {
    const w = words().video;
    const rung = this.view.rung.filter(({ state }) => state !== "answered" && state !== "cancelled");
    if (!this.view.isHost || rung.length === 0) return nothing;
    return html`<div role="status"><ul class="rung">${rung.map(({ person, state }) => html`<li class="row"><span>${personName(person)} ${w.rung[state]}</span>
      ${state === "ringing" ? html`<button @click=${() => void this.#do(this.client.callRingCancel([person.person]))}>${w.ringStop}</button>`
        : html`<button @click=${() => void this.#do(this.client.callRing([person.person]))}>${w.ringAgain(personName(person))}</button>`}</li>`)}</ul></div>`;
  }

  async #putAsk(participant: number | undefined): Promise<void> {
    const before = this.putting;
    this.putting = participant;
    await this.updateComplete;
    this.querySelector<HTMLElement>(participant === undefined ? `#put${before}` : ".putting button")?.focus();
  }

  #putOut(person: CallPersonView): TemplateResult {
    const w = words();
    const { participant } = person;
    if (this.putting !== participant) return html`<button class="quiet" id="put${participant}" @click=${() => void this.#putAsk(participant)}>${w.video.putOut}</button>`;
    const ask = w.video.putOutAsk(callName(person));
    const put = () => {
      void this.#putAsk(undefined);
      void this.#do(this.client.callPutOut(participant));
    };
    return html`<span class="putting" role="group" aria-label=${ask}><span>${ask}</span> <button @click=${() => void this.#putAsk(undefined)}>${w.cancel}</button>
      <button class="quiet" @click=${put}>${w.video.putOut}</button></span>`;
  }

  #person(person: CallPersonView): TemplateResult {
    const w = words().video;
    const about = [person.isLead ? w.lead : "", callLevel(person.level), person.language && languageName(person.language)].filter((part) => part !== "").join(", ");
    const isStaff = person.role === "staff" && person.isMember;
    return html`<li class="row"><span>${callName(person)} <span class="small">${about}</span></span><span class="choices">
      ${this.view.isLead && isStaff && person.state === "in" ? html`<button @click=${() => void this.#do(this.client.callLead(person.participant))}>${w.giveLead}</button>` : nothing}
      ${this.view.isHost ? this.#putOut(person) : nothing}</span></li>`;
  }

  #people(): TemplateResult {
    const w = words().video;
    return html`<details class="people"><summary>${w.peopleShow} (${this.#in.length + 1})</summary>
      <ul><li class="row"><span>${w.you} <span class="small">${this.view.isLead ? w.lead : ""}</span></span></li>${repeat(this.#in, ({ participant }) => participant, (person) => this.#person(person))}</ul>
      ${this.view.isHost ? this.#invitation() : nothing}</details>`;
  }

  #invitation(): TemplateResult {
    const w = words().video;
    const link = new URL(`tolk/#/tolk/${this.view.call}`, this.calls.base).href;
    const copy = async () => {
      await navigator.clipboard.writeText(link);
      this.isCopied = true;
    };
    return html`<div class="invite"><h2>${w.invite}</h2><p class="small">${w.inviteText}</p><p><code>${link}</code></p>
      <button @click=${() => void copy().catch(() => undefined)}>${this.isCopied ? w.copied : w.copy}</button></div>`;
  }

  #devices(): TemplateResult {
    // Firefox names devices only while one of them is in use: by now one is.
    const list = (event: Event) => void (event.target as HTMLElement).querySelector<DevicesChosen>("enrum-device-choice")?.list();
    return html`<details class="people" @toggle=${list}><summary>${words().video.devicesShow}</summary>
      <enrum-device-choice .client=${this.client} @enrum-devices=${(event: CustomEvent<DeviceChoice>) => void this.calls.media?.choose(event.detail)}></enrum-device-choice></details>`;
  }

  // -- Controls -----------------------------------------------------------------------------------------------------

  #toggle(source: Source, on: string, off: string): TemplateResult {
    const isOn = this.calls.media?.isOn(source) === true;
    return html`<button class=${isOn ? "on" : ""} aria-pressed=${isOn} @click=${() => void this.calls.turn(source, !isOn)}>${isOn ? on : off}</button>`;
  }

  #controls(): TemplateResult {
    const w = words().video;
    const maySee = this.session?.role === "staff" && navigator.mediaDevices !== undefined && "getDisplayMedia" in navigator.mediaDevices;
    return html`<div class="controls">
      ${this.#toggle("voice", w.microphoneOn, w.microphoneOff)}${this.#toggle("camera", w.cameraOn, w.cameraOff)}
      ${maySee ? this.#toggle("screen", w.screenOn, w.screenOff) : nothing}
      <button aria-expanded=${this.hasText} @click=${() => this.hasText = !this.hasText}>${w.textShow}</button>
      <button class="hangup" @click=${() => void this.#do(this.client.callLeave(false))}>${w.hangUp}</button>
      ${this.view.isHost && this.#in.length > 0 ? html`<button class="endall" @click=${() => void this.#do(this.client.callLeave(true))}>${w.endForAll}</button>` : nothing}
    </div>`;
  }

  protected override render(): TemplateResult {
    const hasNewText = this.view.lines.some(({ from, text }) => from !== undefined && text !== "" && this.view.people.some(({ participant, state }) => participant === from && state !== "waiting"));
    return html`${this.#troubles()}${this.#knocks()}${this.#tiles()}${this.#rung()}
      ${this.hasText || hasNewText ? html`<enrum-call-text .client=${this.client} .calls=${this.calls}></enrum-call-text>` : nothing}
      ${this.#people()}${this.#devices()}${this.#controls()}`;
  }
}

customElements.define("enrum-call-room", CallRoom);
