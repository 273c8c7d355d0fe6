// player -- a film or a voice, played within the page and nowhere else: a full screen, a small window above others or a television would
// hide "Lämna sidan", or show it after the page was left; saving has a button of its own, which says what stays.
import { html, type TemplateResult } from "lit";

const WITHIN = "nodownload nofullscreen noremoteplayback";

/** For browsers that offer it all the same. */
function fullscreenEnd(): void {
  if (document.fullscreenElement !== null) void document.exitFullscreen().catch(() => undefined);
}

/** iPhones have a full screen of their own for films, which the standard's words do not reach. */
function phoneFullscreenEnd({ target }: Event): void {
  (target as HTMLVideoElement & { webkitExitFullscreen?: () => void }).webkitExitFullscreen?.();
}

export function filmPlayer(url: string, label: string, broken: () => void): TemplateResult {
  return html`<video controls playsinline controlslist=${WITHIN} disablepictureinpicture disableremoteplayback src=${url} aria-label=${label} @error=${broken} @fullscreenchange=${fullscreenEnd} @webkitbeginfullscreen=${phoneFullscreenEnd}></video>`;
}

/** `measured`: it is known what it is, if not how long. */
export function voicePlayer(url: string, label: string, measured: (event: Event) => void = () => undefined): TemplateResult {
  return html`<audio controls controlslist=${WITHIN} disableremoteplayback src=${url} aria-label=${label} @loadedmetadata=${measured}></audio>`;
}
