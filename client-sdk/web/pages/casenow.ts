// casenow -- under a conversation of the citizen's list: where its case is, what happens next, by when and by whom, what there is to
// do, and the next meeting. Only what is known; the case's page has all of it. Loaded with the case's page.
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { ItemView, RoomSummary } from "../sdk/view.ts";
import { textCut } from "../sdk/cut.ts";
import { isOpen, wayOf, type JourneyMeeting, type JourneyTask, type Way } from "../sdk/way.ts";
import { Base } from "./base.ts";
import { dueMark } from "./due.ts";
import { hrefOf } from "./route.ts";
import { caseNowWords } from "./words/casenow.ts";
import { ofCaseWords } from "./words/ofcase.ts";
import { fullDay, fullWhen, machineWhen, words } from "./words/words.ts";

/** Of what somebody has written. */
const CUT = 240;
/** Also the Arabic and the Ethiopic one; an address may have one and asks nothing. */
const QUESTION_MARKS = /[?؟፧]/;
const ADDRESS = /https?:\/\/\S+/g;

function isAsking({ what }: ItemView): boolean {
  return what.kind === "message" && QUESTION_MARKS.test(what.text.replace(ADDRESS, ""));
}

function fact(name: string, content: TemplateResult | string): TemplateResult {
  return html`<div><dt>${name}</dt><dd>${content}</dd></div>`;
}

/** In the words of whoever wrote it. */
function said({ text }: { text: string }, { language }: ItemView): TemplateResult | typeof nothing {
  if (text === "") return nothing;
  return html`<p><bdi lang=${language || nothing}>${textCut(text, CUT)}</bdi></p>`;
}

function by(when: number): TemplateResult | typeof nothing {
  return when === 0 ? nothing : html`<p><time datetime=${machineWhen(when)}>${words().journey.by(fullDay(when))}</time> · ${dueMark(when, Date.now())}</p>`;
}

class CaseNow extends Base {
  static override properties = { ...Base.properties, room: { attribute: false }, items: { state: true } };
  declare room: RoomSummary;
  /** What tells of the case; undefined until it is brought. */
  declare items: readonly ItemView[] | undefined;
  protected override isTicking = true;

  protected override willUpdate(changed: PropertyValues<{ room: RoomSummary }>): void {
    if (!changed.has("room")) return;
    const before = changed.get("room");
    if (before?.room !== this.room.room) this.items = undefined;
    if (before?.room !== this.room.room || before.way !== this.room.way) void this.#bring(this.room);
  }

  /** What has come meanwhile is asked for anew: the newest answer is shown. Where none comes, what was known stays. */
  async #bring({ room, way }: RoomSummary): Promise<void> {
    const items = await this.client.way(room).catch(() => undefined);
    if (items !== undefined && this.room.room === room && this.room.way === way) this.items = items;
  }

  #now(stage: Way["stage"]): TemplateResult | typeof nothing {
    const w = words().journey;
    return stage === undefined ? nothing : fact(w.now, w.stages[stage]);
  }

  #next({ step }: Way): TemplateResult | typeof nothing {
    const w = words().journey;
    if (step === undefined) return nothing;
    const { text, byWhen, byWhom, stage } = step.what;
    if (text === "" && byWhen === 0 && byWhom === "") return stage === "CLOSED" ? nothing : fact(w.next, ofCaseWords().nextNone);
    return fact(w.next, html`${said(step.what, step.item)}${by(byWhen)}${byWhom === "" ? nothing : html`<p>${w.byWhom(byWhom)}</p>`}`);
  }

  /** Of the tasks that comes first; and whether something was asked. */
  #toDo(tasks: readonly JourneyTask[], isAsked: boolean, isClosed: boolean, isMine: boolean): TemplateResult | typeof nothing {
    const { journey: w, ofCase } = words();
    const name = isMine ? w.tasks : `${w.tasks} · ${ofCase.forParty}`;
    const [task] = tasks;
    if (task === undefined && !isAsked) return isClosed ? nothing : fact(name, ofCaseWords().tasksNone);
    const own = caseNowWords();
    return html`<div class="todo"><dt>${name}</dt><dd>${task === undefined ? nothing : html`${said(task.what, task.item)}${by(task.what.due)}`}
      ${tasks.length > 1 ? html`<p>${own.more(String(tasks.length - 1))}</p>` : nothing}${isAsked ? html`<p>${own.asked}</p>` : nothing}</dd></div>`;
  }

  #meeting({ what, item }: JourneyMeeting): TemplateResult {
    const w = words().journey;
    return fact(w.meeting, html`<p><time datetime=${machineWhen(what.begins)}>${fullWhen(what.begins)}</time> · ${what.isVideo ? w.byVideo : html`<bdi>${what.place}</bdi>`}</p>${said(what, item)}`);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { items, room } = this;
    if (items === undefined) return nothing;
    const { journey: w, ofCase } = words();
    const way = wayOf(items);
    const tasks = way.tasks.filter((task) => task.what.for === "citizen" && isOpen(task)).sort((a, b) => (a.what.due || Infinity) - (b.what.due || Infinity));
    const isClosed = way.stage === "CLOSED";
    const isAsked = !isClosed && items.some(isAsking);
    const meeting = way.meetings.filter((one) => isOpen(one) && one.what.ends > Date.now()).reduce<JourneyMeeting | undefined>((first, one) => first !== undefined && first.what.begins <= one.what.begins ? first : one, undefined);
    return html`<dl class="facts">${this.#now(way.stage)}${this.#next(way)}${this.#toDo(tasks, isAsked, isClosed, room.isOwn)}${meeting === undefined ? nothing : this.#meeting(meeting)}</dl>
      <a class="button" href=${hrefOf({ page: "case", room: room.room })} aria-describedby="title-${room.room}">${room.isOwn ? w.title : ofCase.other}</a>`;
  }
}

customElements.define("enrum-case-now", CaseNow);
