// messages -- what the element on somebody's page and the board's frame within it say to each other. Both check what comes: this
// is the one list, and README.md says the same in words. Nothing here carries words of a conversation, a name, or a key.
//
// The frame says that it is there (`hello`, to whoever embeds it: it says nothing else). The element answers the board's origin
// alone, with one end of a channel (`begin`). The frame takes that from an origin that the board has listed, and from its parent
// only. All else goes through the channel, which no third window has.

/** The newest that both sides know; another one is not answered. */
export const EMBED_VERSION = 1;

export type EmbedPage = "conversation" | "journal";

/** How the frame may look. What is not of this form, or would make its words hard to read, the frame leaves as it is. */
export interface EmbedStyle {
  /** #rrggbb */
  primary?: string;
  onPrimary?: string;
  ground?: string;
  /** px, 0 ... 32 */
  radius?: number;
}

/** What the element's attributes and custom properties say. */
export interface EmbedSettings {
  page: EmbedPage;
  /** 64 hexadecimal digits; "": the list of conversations. */
  room: string;
  /** One of the pages' languages; "": the reader's. What the reader has chosen here goes before it. */
  language: string;
  /** The frame tells how tall its content is. */
  isFitting: boolean;
  style: EmbedStyle;
}

export interface Hello { enrum: typeof EMBED_VERSION; type: "hello" }
/** isReturn: the page around the frame was gone back to, or loaded anew. The frame, which that page makes, cannot tell by itself. */
export interface Begin { enrum: typeof EMBED_VERSION; type: "begin"; settings: EmbedSettings; isReturn: boolean }

/** Through the channel, from the element. leave: the person wants to be away from here, at once. */
export type ToFrame =
  | { type: "settings"; settings: EmbedSettings }
  | { type: "leave" };

export type EmbedLogin = "starting" | "needed" | "in";
export type EmbedContact = "connecting" | "offline" | "ready";

/** Through the channel, from the frame. neutral: for a page that is left by itself. leave: the frame is blank, and its page is to be left. */
export type FromFrame =
  | { type: "state"; login: EmbedLogin; contact: EmbedContact }
  | { type: "unread"; count: number }
  | { type: "height"; pixels: number }
  | { type: "neutral" | "leave"; url: string };

const COLOUR = /^#[0-9a-f]{6}$/;
export const ROOM = /^(?:[0-9a-f]{64})?$/;
export const LANGUAGE = /^[a-z]{0,8}$/;
const RADIUS_MAX_PX = 32;
const HEIGHT_MAX_PX = 100_000;
const LOGINS: readonly unknown[] = ["starting", "needed", "in"];
const CONTACTS: readonly unknown[] = ["connecting", "offline", "ready"];

type Fields = Record<string, unknown>;

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? value as Fields : {};
}

function isCount(value: unknown, max: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max;
}

function isColour(value: unknown): value is string {
  return typeof value === "string" && COLOUR.test(value);
}

/** Of a page that may be gone to. */
export function isAddress(value: unknown): value is string {
  return typeof value === "string" && /^https?:$/.test(URL.parse(value)?.protocol ?? "");
}

/** Of what was given only what has the right form. */
export function styleOf(value: unknown): EmbedStyle {
  const { primary, onPrimary, ground, radius } = fieldsOf(value);
  return {
    ...(isColour(primary) && isColour(onPrimary) ? { primary, onPrimary } : {}),
    ...(isColour(ground) ? { ground } : {}),
    ...(isCount(radius, RADIUS_MAX_PX) ? { radius } : {}),
  };
}

function settingsOf(value: unknown): EmbedSettings | undefined {
  const { page, room, language, isFitting, style } = fieldsOf(value);
  if (page !== "conversation" && page !== "journal") return undefined;
  if (typeof room !== "string" || !ROOM.test(room) || typeof language !== "string" || !LANGUAGE.test(language)) return undefined;
  return { page, room, language, isFitting: isFitting === true, style: styleOf(style) };
}

export function isHello(data: unknown): boolean {
  const { enrum, type } = fieldsOf(data);
  return enrum === EMBED_VERSION && type === "hello";
}

/** What a `begin` asks for; undefined when it is none. */
export function beginOf(data: unknown): Begin | undefined {
  const { enrum, type, settings, isReturn } = fieldsOf(data);
  const given = enrum === EMBED_VERSION && type === "begin" ? settingsOf(settings) : undefined;
  return given === undefined ? undefined : { enrum: EMBED_VERSION, type: "begin", settings: given, isReturn: isReturn === true };
}

/** What the frame takes from the channel. */
export function toFrameOf(data: unknown): ToFrame | undefined {
  const { type, settings } = fieldsOf(data);
  if (type === "leave") return { type };
  const given = type === "settings" ? settingsOf(settings) : undefined;
  return given === undefined ? undefined : { type: "settings", settings: given };
}

/** What the element takes from the channel. */
export function fromFrameOf(data: unknown): FromFrame | undefined {
  const { type, login, contact, count, pixels, url } = fieldsOf(data);
  switch (type) {
    case "state": return LOGINS.includes(login) && CONTACTS.includes(contact) ? { type, login: login as EmbedLogin, contact: contact as EmbedContact } : undefined;
    case "unread": return isCount(count, Number.MAX_SAFE_INTEGER) ? { type, count } : undefined;
    case "height": return isCount(pixels, HEIGHT_MAX_PX) ? { type, pixels } : undefined;
    case "neutral": case "leave": return isAddress(url) ? { type, url } : undefined;
    default: return undefined;
  }
}
