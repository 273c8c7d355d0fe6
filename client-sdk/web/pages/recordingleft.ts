// recordingleft -- a recording that somebody left by going elsewhere, to be listened to before it is sent. What the browser needs to
// play it goes with the element.
import "./loaded.ts";
import { LitElement, type TemplateResult } from "lit";
import { voicePlayer } from "./player.ts";
import { words } from "./words/words.ts";

class RecordingLeft extends LitElement {
  static override properties = { blob: { attribute: false }, name: { attribute: false } };
  declare blob: Blob;
  declare name: string;
  #url = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#url = URL.createObjectURL(this.blob);
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    URL.revokeObjectURL(this.#url);
    super.disconnectedCallback();
  }

  protected override render(): TemplateResult {
    return voicePlayer(this.#url, `${words().voice.listen}: ${this.name}`);
  }
}

customElements.define("enrum-recording-left", RecordingLeft);
