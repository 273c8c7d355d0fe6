// queue -- the unit's queue in a caseworker's list: what waits and may be taken, and what was taken lately. Defined on the
// caseworkers' page only.
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { EnrumError } from "../protocol/error.ts";
import type { QueueRow } from "../sdk/view.ts";
import { problem } from "./alarm.ts";
import { Base } from "./base.ts";
import type { ListOrder } from "./listorder.ts";
import { go } from "./route.ts";
import { casework } from "./words/casework.ts";
import { errorWords, machineWhen, personName, span, words } from "./words/words.ts";

const MINUTE_MS = 60_000;

function waited(sinceMs: number): string {
  const w = casework();
  const ms = Date.now() - sinceMs;
  return ms < MINUTE_MS ? w.queue.cameNow : w.waited(span(ms));
}

/** Nobody has said yet what these are: the first that came is the first due. */
function inOrder(rows: readonly QueueRow[], order: ListOrder): QueueRow[] {
  return [...rows].sort((a, b) => (a.receivedAt - b.receivedAt) * (order === "newest" ? -1 : 1));
}

class Queue extends Base {
  static override properties = { ...Base.properties, order: { attribute: false }, taking: { state: true }, failure: { state: true } };
  declare order: ListOrder;
  declare taking: string | undefined;
  declare failure: string | undefined;
  protected override isTicking = true;

  async #take(row: QueueRow): Promise<void> {
    const w = casework().queue;
    const { hash } = location;
    this.taking = row.room;
    this.failure = undefined;
    try {
      await this.client.take(row.room);
      // Whoever has gone on meanwhile is not taken away from what they do there: it is among their own now.
      if (location.hash === hash) go({ page: "room", room: row.room });
    } catch (error) {
      const code = error instanceof EnrumError ? error.code : "MEMORY";
      this.failure = code === "NOT_QUEUED" ? w.takenElse : `${w.takeFailed}. ${errorWords(code)}`;
    } finally {
      this.taking = undefined;
    }
  }

  #waiting(row: QueueRow): TemplateResult {
    const w = casework().queue;
    const { advice, untitled } = words();
    const title = row.title || untitled;
    return html`<li class="card queued">
      <span class="row"><strong class="title">${title}</strong>${row.isAdvice ? html`<span class="badge">${advice.badge}</span>` : nothing}</span>
      <span class="row"><time class="small" datetime=${machineWhen(row.receivedAt)}>${waited(row.receivedAt)}</time>
      <button class="primary" aria-label="${w.take}: ${title}" ?disabled=${this.taking !== undefined} @click=${() => void this.#take(row)}>${this.taking === row.room ? w.taking : w.take}</button></span>
      ${row.isAdvice ? nothing : html`<enrum-due class="duties" .client=${this.client} .receivedAt=${row.receivedAt}></enrum-due>`}
    </li>`;
  }

  #taken(rows: QueueRow[]): TemplateResult | typeof nothing {
    if (rows.length === 0) return nothing;
    const w = casework().queue;
    const { untitled } = words();
    return html`<details class="taken"><summary>${w.takenLately}</summary><ul>${rows.map(({ title, takenBy }) =>
      html`<li><span>${title || untitled}</span> <span class="small">${w.takenBy(takenBy === undefined || takenBy.name === "" && !takenBy.isMe ? w.aColleague : personName(takenBy))}</span></li>`)}</ul></details>`;
  }

  protected override render(): TemplateResult {
    const w = casework().queue;
    const rows = this.session?.queue ?? [];
    const waiting = rows.filter(({ takenBy }) => takenBy === undefined);
    return html`<section aria-labelledby="queue"><h2 id="queue">${w.title}${waiting.length > 0 ? html` <span class="badge">${waiting.length}</span>` : nothing}</h2>
      ${this.failure === undefined ? nothing : problem(this.failure)}
      ${waiting.length === 0 ? html`<p class="empty">${w.empty}</p>` : html`<ul class="cards">${repeat(inOrder(waiting, this.order), ({ room }) => room, (row) => this.#waiting(row))}</ul>`}
      ${this.#taken(rows.filter(({ takenBy }) => takenBy !== undefined))}</section>`;
  }
}

customElements.define("enrum-queue", Queue);
