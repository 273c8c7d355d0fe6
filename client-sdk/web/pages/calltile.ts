// calltile -- one participant of a call: the picture or the initials, who it is, and in words what is not as it should be.
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { RemoteMedia } from "../call/media.ts";
import type { CallPersonView } from "../sdk/view.ts";
import { personName, words } from "./words/words.ts";

const SPEAKING_LEVEL = 0.02;

export function initials(name: string): string {
  return name.split(/\s+/).filter((part) => part !== "").map((part) => part[0]?.toUpperCase()).slice(0, 2).join("") || "?";
}

/** Name, and in which part they are here. */
export function callName(person: CallPersonView): string {
  const w = words().video;
  if (person.isMe) return w.youElsewhere;
  return person.isInterpreter ? `${personName(person)} (${w.interpreter})` : personName(person);
}

export interface Tile {
  person: CallPersonView;
  video: RemoteMedia | undefined;
  voice: RemoteMedia | undefined;
  isScreen: boolean;
  isLarge: boolean;
  /** Something comes of them, and cannot be opened. */
  isUnopened: boolean;
  volume: number;
  onVolume: (volume: number) => void;
  onLarge: () => void;
}

/** What hinders that they are seen and heard; empty when nothing does. */
function hindrance({ state, isKeyMissing, hasKey, streams }: CallPersonView, isUnopened: boolean): string {
  const w = words().video;
  if (state === "away") return w.away;
  if (streams.length === 0) return w.connectingOther;
  if (isKeyMissing || isUnopened) return w.keyMissing;
  return hasKey ? "" : w.keyNotThere;
}

export function tile({ person, video, voice, isScreen, isLarge, isUnopened, volume, onVolume, onLarge }: Tile): TemplateResult {
  const w = words().video;
  const name = callName(person);
  const isSpeaking = !isScreen && (voice?.level ?? 0) > SPEAKING_LEVEL;
  const isShown = video !== undefined && (isScreen ? person.screen : person.camera);
  const trouble = hindrance(person, isUnopened);
  return html`<li class="tile ${isLarge ? "large" : ""} ${isSpeaking ? "speaking" : ""} ${isScreen ? "screen" : ""}">
    <div class="picture">
      ${isShown ? html`<video .srcObject=${live(video.stream)} .muted=${true} autoplay playsinline aria-label=${isScreen ? w.screenOf(name) : name}></video>`
        : html`<span class="initials" aria-hidden="true">${initials(person.name)}</span>`}
      <button class="pin" aria-label=${isLarge ? w.shrink : w.enlarge(name)} aria-pressed=${isLarge} @click=${onLarge}>${isLarge ? "⤡" : "⤢"}</button>
    </div>
    <p class="who"><strong>${isScreen ? w.screenOf(name) : name}</strong>${person.title === "" || isScreen ? nothing : html` <span class="small">${person.title.toLowerCase()}</span>`}
      ${isSpeaking ? html`<span class="small">${w.speaking}</span>` : nothing}
      ${!isScreen && trouble === "" && !person.voice ? html`<span class="small">${w.muted}</span>` : nothing}</p>
    ${trouble === "" || isScreen ? nothing : html`<p class="small" role="status">${trouble}</p>`}
    ${isScreen ? nothing : html`<label class="volume"><span class="unseen">${w.volume(name)}</span>
      <input type="range" min="0" max="1" step="0.1" .value=${String(volume)} @input=${(event: Event) => onVolume(Number((event.target as HTMLInputElement).value))}></label>`}
  </li>`;
}
