// loginagain -- the way in for who is known here and is to show again who they are.
import "./loaded.ts";
import { html, nothing, type TemplateResult } from "lit";
import { telephoneLink } from "./alarm.ts";
import { Ways, type LoginWay } from "./login.ts";
import { loginBeside } from "./loginbeside.ts";
import { loginWindow } from "./route.ts";

/** Of somebody who came with a printed code, and of some e-IDs. */
const LEVEL_BY_CODE = 1;

/** What is kept here is one person's: they come in again by the way that they came by, whoever else is refused. */
class LoginAgain extends Ways {
  protected override get isShared(): boolean {
    return this.session?.isShared === true;
  }

  /** On a borrowed device all that is here is gone with the page: it stays, and another window goes. */
  protected override toProvider(provider: string): ReturnType<LoginWay> {
    const mustStay = this.isShared && parent === self && loginWindow() === undefined;
    return mustStay ? loginBeside(this.client, provider, true) : super.toProvider(provider);
  }

  protected override render(): TemplateResult {
    const { level, ways = [] } = this.session?.me ?? {};
    const [isByProvider, isByCode] = [ways.includes("LOGIN"), ways.includes("REDEEM")];
    return html`${this.failed === undefined ? nothing : this.failure(this.failed)}
      ${isByProvider || !isByCode ? this.providers() : nothing}
      ${isByCode || (!isByProvider && level === LEVEL_BY_CODE) ? html`${this.codeForm()}${telephoneLink(this.session?.board.telephone ?? "")}` : nothing}`;
  }
}

customElements.define("enrum-login-again", LoginAgain);
