// client -- one tab's end of the link: the views as they were told last, and calls that are asked again until an engine has
// answered them, whichever tab it runs in. Knows no keys and no bytes.
import { EnrumError } from "../protocol/error.ts";
import type { LegOffer, RelayLeg } from "../call/sdp.ts";
import type { Writing } from "../sdk/casebody.ts";
import type { CallPresence, DeviceWord, EnrumClient, Invitation, ItemView, NoticeView, OwnDeviceView, ReleaseSaid, Role, RoomView, SessionView, TemplateView, UnitView } from "../sdk/view.ts";
import { boardFetch, linkName, type Ask, type EngineAsk, type MediaTell, type Tell, type VerbName, type WorkerAsk } from "./wire.ts";

const ASK_AGAIN_MS = 2_000;
/** Touches within this time are one. */
const TOUCH_MS = 1_000;

interface Call {
  ask: EngineAsk;
  resolve: (value: never) => void;
  reject: (error: EnrumError) => void;
}

/** How a tab says things to all others, and to its own worker. */
export interface TabChannel {
  /** To every other tab of this site and role. */
  postMessage(message: EngineAsk): void;
  /** Hears nothing any more. */
  close(): void;
}

/** The tab's own worker. */
export interface TabWorker {
  /** To this tab's own worker. */
  postMessage(ask: WorkerAsk, transfer?: Transferable[]): void;
}

/** What is left of a session that has ended, until the engine tells the next one: the board, and nobody. */
function nobodys({ board, role }: SessionView): SessionView {
  return { board, role, login: "out", contact: "connecting", retryAt: 0, isKeeperAway: false, isListed: false, isShared: false, rooms: [], queue: [], colleagues: [], devices: [], rings: [] };
}

/** What a page holds: connectEnrum makes it. */
export class TabClient implements EnrumClient {
  session: SessionView | undefined;
  #channel: TabChannel;
  #worker: TabWorker | undefined;
  #media = new Map<string, { resolve: (id: string) => void; reject: (error: EnrumError) => void }>();
  #tab = crypto.randomUUID();
  #rooms = new Map<string, RoomView>();
  #watched = new Map<string, number>();
  #calls = new Map<string, Call>();
  #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setInterval>;
  #touchedAt = 0;

  constructor(channel: TabChannel, worker?: TabWorker) {
    this.#channel = channel;
    this.#worker = worker;
    this.#timer = setInterval(() => this.#askAgain(), ASK_AGAIN_MS);
    this.#watchTell();
  }

  // -- Told ---------------------------------------------------------------------------------------------------------

  /** What the engine has told all tabs. */
  onTell(tell: Tell): void {
    switch (tell.type) {
      case "answer":
        return this.#onAnswer(tell);
      case "session":
        this.session = tell.view;
        break;
      case "room":
        if (!this.#onRoom(tell)) return;
        break;
      case "begun":
        this.#watchTell();
        return this.#askAgain();
      case "ended":
        this.#rooms.clear();
        this.session &&= nobodys(this.session);
        break;
      case "lost":
        this.#rooms.clear();
        this.session = undefined;
        break;
    }
    for (const listener of [...this.#listeners]) listener();
  }

  #onAnswer({ id, value, error }: Extract<Tell, { type: "answer" }>): void {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (error === undefined) call?.resolve(value as never);
    else call?.reject(new EnrumError(error.code, error.detail));
  }

  #onRoom({ view, from, items }: Extract<Tell, { type: "room" }>): boolean {
    if (!this.#watched.has(view.room)) return false;
    const before = this.#rooms.get(view.room)?.items ?? [];
    if (from > before.length) {
      // Something was told before this tab listened: all of it, please.
      this.#watchTell();
      return false;
    }
    // The elements that have not changed stay the same objects, so that they are not drawn again.
    const kept: ItemView[] = before.slice(0, from);
    this.#rooms.set(view.room, { ...view, items: [...kept, ...items] });
    return true;
  }

  room(room: string): RoomView | undefined {
    return this.#rooms.get(room);
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // -- Asked --------------------------------------------------------------------------------------------------------

  #watchTell(): void {
    this.#channel.postMessage({ to: "engine", type: "watch", tab: this.#tab, rooms: [...this.#watched.keys()] });
  }

  watch(room: string): () => void {
    this.#watched.set(room, (this.#watched.get(room) ?? 0) + 1);
    this.#watchTell();
    return () => {
      const left = (this.#watched.get(room) ?? 1) - 1;
      if (left > 0) this.#watched.set(room, left);
      else this.#watched.delete(room);
      if (left <= 0) this.#rooms.delete(room);
      this.#watchTell();
    };
  }

  #askAgain(): void {
    for (const { ask } of this.#calls.values()) this.#channel.postMessage(ask);
    if (this.session === undefined) this.#watchTell();
  }

  #call<T>(verb: VerbName, ...args: readonly unknown[]): Promise<T> {
    const id = crypto.randomUUID();
    const ask: EngineAsk = { to: "engine", type: "call", tab: this.#tab, id, verb, args };
    return new Promise<T>((resolve, reject) => {
      this.#calls.set(id, { ask, resolve, reject });
      this.#channel.postMessage(ask);
    });
  }

  touched(): void {
    const now = Date.now();
    if (!this.session?.isShared || Math.abs(now - this.#touchedAt) < TOUCH_MS) return;
    this.#touchedAt = now;
    this.#channel.postMessage({ to: "engine", type: "touched" });
  }

  loginBegin = (provider: string, redirect: string, isShared: boolean, device?: DeviceWord) => this.#call<string>("loginBegin", provider, redirect, isShared, device);
  loginFinish = (code: string, state: string) => this.#call<void>("loginFinish", code, state);
  adviceBegin = (isShared: boolean) => this.#call<void>("adviceBegin", isShared);
  noticeAsk = () => this.#call<NoticeView>("noticeAsk");
  noticeSet = (address: string) => this.#call<void>("noticeSet", address);
  noticeCode = (code: string) => this.#call<void>("noticeCode", code);
  logout = () => this.#call<void>("logout");
  open = (id: string, title: string, text: string, language?: string, unit?: string) => this.#call<string>("open", id, title, text, language, unit);
  openAgain = (room: string) => this.#call<void>("openAgain", room);
  units = () => this.#call<UnitView[]>("units");
  openStaffRoom = (id: string, room: string) => this.#call<string>("openStaffRoom", id, room);
  addToCase = (id: string, staffRoom: string, room: string) => this.#call<void>("addToCase", id, staffRoom, room);
  takeOutOfCase = (id: string, staffRoom: string, room: string, why: string) => this.#call<void>("takeOutOfCase", id, staffRoom, room, why);
  release = (id: string, staffRoom: string, seq: number, room: string, said: ReleaseSaid) => this.#call<void>("release", id, staffRoom, seq, room, said);
  releaseAgain = (id: string, staffRoom: string, seq: number) => this.#call<void>("releaseAgain", id, staffRoom, seq);
  send = (id: string, room: string, text: string, language?: string) => this.#call<void>("send", id, room, text, language);
  sendFile = (id: string, room: string, file: Blob, name: string, mediaType: string, text: string, language?: string, preview?: Blob) =>
    this.#call<void>("sendFile", id, room, file, name, mediaType, text, language, preview);
  openFile = (room: string, seq: number) => this.#call<Blob>("openFile", room, seq);
  cancelFile = (room: string, seq: number) => this.#call<void>("cancelFile", room, seq);
  about = (id: string, room: string, seq: number, kind: "objection" | "correction", text: string, language?: string) =>
    this.#call<void>("about", id, room, seq, kind, text, language);
  type = (room: string) => this.#call<void>("type", room);
  writingKeep = (place: string, tab: string, text: string) => this.#call<void>("writingKeep", place, tab, text);
  writingPlaces = () => this.#call<string[]>("writingPlaces");
  writingTake = (place: string, tab: string, tabs: readonly string[]) => this.#call<string>("writingTake", place, tab, tabs);
  sendAgain = (id: string) => this.#call<void>("sendAgain", id);
  discard = (id: string) => this.#call<void>("discard", id);
  take = (room: string) => this.#call<void>("take", room);
  addColleague = (room: string, person: string, why: string) => this.#call<void>("addColleague", room, person, why);
  handOver = (room: string, person: string | undefined, why: string) => this.#call<void>("handOver", room, person, why);
  moveToUnit = (room: string, unit: string, why: string) => this.#call<void>("moveToUnit", room, unit, why);
  endAccess = (room: string, person: string, ground: "LEFT" | "REQUEST" | "ABUSE") => this.#call<void>("endAccess", room, person, ground);
  invite = (room: string, invitation: Invitation) => this.#call<string | undefined>("invite", room, invitation);
  logOutDevice = (device: string) => this.#call<void>("logOutDevice", device);
  ownDevices = () => this.#call<OwnDeviceView[]>("ownDevices");
  redeem = (code: string, isShared: boolean, device?: DeviceWord) => this.#call<void>("redeem", code, isShared, device);
  markRead = (room: string, seq: number) => this.#call<void>("markRead", room, seq);
  way = (room: string) => this.#call<ItemView[]>("way", room);
  markOpened = (room: string) => this.#call<void>("markOpened", room);
  retry = () => this.#call<void>("retry");
  write = (id: string, room: string, writing: Writing, language?: string) => this.#call<void>("write", id, room, writing, language);
  templates = () => this.#call<TemplateView[]>("templates");
  templatesChange = (from: TemplateView | undefined, to: TemplateView | undefined) => this.#call<TemplateView[]>("templatesChange", from, to);
  callJoin = (media: string, room: string) => this.#call<void>("callJoin", media, room);
  callJoinAsGuest = (media: string, call: string) => this.#call<void>("callJoinAsGuest", media, call);
  callRing = (persons: string[]) => this.#call<void>("callRing", persons);
  callRingCancel = (persons: string[]) => this.#call<void>("callRingCancel", persons);
  callRefuse = (room: string) => this.#call<void>("callRefuse", room);
  callAdmit = (participant: number) => this.#call<void>("callAdmit", participant);
  callPutOut = (participant: number) => this.#call<void>("callPutOut", participant);
  callLead = (participant: number) => this.#call<void>("callLead", participant);
  callLeave = (isForAll: boolean) => this.#call<void>("callLeave", isForAll);
  callText = (participant: number | undefined, line: number, text: string, isDone: boolean) =>
    this.#call<void>("callText", participant, line, text, isDone);
  callPresence = (presence: CallPresence) => this.#call<void>("callPresence", presence);
  callLeg = (offer: LegOffer) => this.#call<RelayLeg>("callLeg", offer);
  callDismiss = () => this.#call<void>("callDismiss");

  // -- Media --------------------------------------------------------------------------------------------------------

  mediaBegin(port: MessagePort): Promise<string> {
    const id = crypto.randomUUID();
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.#media.set(id, { resolve, reject });
    if (this.#worker === undefined) reject(new EnrumError("OUT_OF_STATE", "a tab without a worker"));
    this.#worker?.postMessage({ type: "mediaBegin", id, port }, [port]);
    return promise;
  }

  mediaEnd(id: string): void {
    this.#worker?.postMessage({ type: "mediaEnd", id });
  }

  /** What the own worker has told of this tab's media. */
  onMediaTell(tell: MediaTell): void {
    const asked = this.#media.get(tell.id);
    this.#media.delete(tell.id);
    if (tell.type === "mediaReady") asked?.resolve(tell.id);
    else asked?.reject(new EnrumError(tell.error, "another tab is in a call"));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#channel.postMessage({ to: "engine", type: "bye", tab: this.#tab });
    this.#channel.close();
    this.#listeners.clear();
  }
}

interface TrustedTypePolicyFactory {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): { createScriptURL(url: string): string };
}

/** Of the bundle's build: each one's name has the hash of its content. */
declare const WORKER_NAMES: Readonly<Record<"worker" | "staffworker" | "frames", string>>;
/** What a browser asks for anew by itself has a plain name. */
const OFFLINE = "offline.js";

/** The addresses of the workers: the only ones that these pages turn into scripts. The policy's name is taken once. */
let workerUrl: ((url: string) => string) | undefined;

function scriptUrl(base: URL, name: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypePolicyFactory };
  const allowed = (given: string) => [WORKER_NAMES.worker, WORKER_NAMES.staffworker, WORKER_NAMES.frames, OFFLINE].some((one) => new URL(one, base).href === given) ? given : "";
  const policy = workerUrl === undefined ? trustedTypes?.createPolicy("enrum", { createScriptURL: allowed }) : undefined;
  workerUrl ??= policy === undefined ? (url) => url : (url) => policy.createScriptURL(url);
  return workerUrl(new URL(name, base).href);
}

/** The worker of frames of one call. Rejects where the site has another one by now: without it nobody would be heard, and nobody told. */
export async function framesWorker(base: URL): Promise<Worker> {
  const file = await fetch(new URL(WORKER_NAMES.frames, base)).catch(() => undefined);
  if (file?.ok !== true) throw new EnrumError("NETWORK", WORKER_NAMES.frames);
  return new Worker(scriptUrl(base, WORKER_NAMES.frames), { type: "module", name: "enrum frames" });
}

/** The service worker's: an address that may become a script. */
export function offlineWorkerUrl(base: URL): string {
  return scriptUrl(base, OFFLINE);
}

/** This role's worker, and that of calls: for whoever keeps what the pages need. */
export function workerNames(role: Role): string[] {
  return [role === "staff" ? WORKER_NAMES.staffworker : WORKER_NAMES.worker, WORKER_NAMES.frames];
}

/** Begins: a worker of this tab waits for the lock, and runs the engine when it is its turn. `base`: where the workers and board.json are. */
export function connectEnrum({ role, base }: { role: Role; base: URL }): EnrumClient {
  const channel = new BroadcastChannel(linkName(base, role));
  const worker = new Worker(scriptUrl(base, role === "staff" ? WORKER_NAMES.staffworker : WORKER_NAMES.worker), { type: "module", name: role });
  void boardFetch(base).then((text) => worker.postMessage({ type: "board", text } satisfies WorkerAsk));
  const client = new TabClient({
    postMessage: (message) => channel.postMessage(message),
    close: () => {
      channel.close();
      worker.terminate();
    },
  }, { postMessage: (ask, transfer = []) => worker.postMessage(ask, transfer) });
  worker.onmessage = ({ data }: MessageEvent<MediaTell>) => client.onMediaTell(data);
  channel.onmessage = ({ data }: MessageEvent<Tell | Ask>) => {
    if (data.to === "tabs") client.onTell(data);
  };
  // A page that the browser keeps for the back button must not hold the lock; shown again, it begins anew.
  addEventListener("pagehide", () => client.close());
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) location.reload();
  });
  return client;
}
