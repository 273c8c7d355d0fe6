// sdp -- the one place with SDP (RFC 8866, 8829): shapes this browser's offer, reads the typed parameters of CALL_LEG from it, and
// writes the relay's answer from those of CALL_LEG_READY. The text never leaves the browser, and no candidate of it is ever read.
//     sections of a leg: this device's voice, camera and screen in this order, then the slots of what it receives (slots.ts)
import { EnrumError } from "../protocol/error.ts";
import type { Bytes } from "../protocol/field.ts";
import { bytesHex, bytesOfHex } from "../protocol/layout.ts";
import type { WireCallStream } from "../protocol/layouts.ts";
import { CALL_USES } from "../protocol/tables.ts";
import type { Use } from "./framecrypt.ts";
import type { ReceivedStream, Slot } from "./slots.ts";

/** The uses of a leg's first sections. */
export const OWN_USES: readonly Use[] = [CALL_USES.VOICE, CALL_USES.CAMERA, CALL_USES.SCREEN];

/**
 * The relay forwards a packet with the payload type that its sender gave it, so all devices of a call have the same ones. They are
 * Firefox's: in Chromium's offers they are put in place of its own, and it sends and receives by them. Firefox (ESR 153) takes
 * other ones in its offer, but does not open what comes with them.
 */
const PAYLOAD_TYPES = { opus: 109, VP8: 120, rtx: 124 } as const;
type Codec = keyof typeof PAYLOAD_TYPES;

const TRANSPORT_CC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
/**
 * The relay never sends it: each of its SSRCs is announced. Where all sections have it, Chromium does not guess by the payload type
 * which section a packet belongs to whose SSRC it does not know yet. Where it guesses, as in a leg that receives one voice when
 * another comes before its answer, the section's transform gets a second stream, and gives back nothing of the first one any more.
 */
const MID = "urn:ietf:params:rtp-hdrext:sdes:mid";
/** One-byte header extensions (RFC 8285) have ids up to this. */
const EXTENSION_ID_MAX = 14;
/** What the relay understands of a publisher, and of a subscriber: forwarded packets have no header extension. */
const FEEDBACK_UP = new Set(["nack", "nack pli", "ccm fir", "transport-cc"]);
const FEEDBACK_DOWN = new Set(["nack", "nack pli", "ccm fir"]);
/** Of a host candidate of component 1 (RFC 8445, section 5.1.2), less 256 for each address after the first. */
const PRIORITY_FIRST = 2_130_706_431;

/** What CALL_LEG says. */
export interface LegOffer {
  ufrag: string;
  pwd: string;
  fingerprint: Bytes;
  transport_cc: number;
  streams: WireCallStream[];
}

/** What CALL_LEG_READY says. */
export interface RelayLeg {
  ufrag: string;
  pwd: string;
  fingerprint: Bytes;
  addresses: string;
  port: number;
}

interface Description {
  session: string[];
  sections: string[][];
}

// -- Lines ----------------------------------------------------------------------------------------------------------

function parse(sdp: string): Description {
  const sections: string[][] = [];
  const session: string[] = [];
  for (const line of sdp.split(/\r?\n/).filter((one) => one !== "")) {
    if (line.startsWith("m=")) sections.push([]);
    (sections.at(-1) ?? session).push(line);
  }
  return { session, sections };
}

function write(lines: readonly string[]): string {
  return lines.map((line) => `${line}\r\n`).join("");
}

/** What follows "a=NAME:" in each line that begins so. */
function values(lines: readonly string[], name: string): string[] {
  const prefix = `a=${name}:`;
  return lines.flatMap((line) => (line.startsWith(prefix) ? [line.slice(prefix.length)] : []));
}

/** Of the section, or of the session when that says it for all. */
function valueOf({ session }: Description, section: readonly string[], name: string): string {
  const [value] = [...values(section, name), ...values(session, name)];
  if (value === undefined) throw new EnrumError("MALFORMED", `offer without ${name}`);
  return value;
}

function isAudio(section: readonly string[]): boolean {
  return section[0]?.startsWith("m=audio") === true;
}

/** The payload types of a section's codecs that a call has, by their name. The first of a name is meant, and its own rtx. */
function payloadTypes(section: readonly string[]): Map<Codec, string> {
  const found = new Map<Codec, string>();
  const rows = values(section, "rtpmap").map((row) => /^(\d+) ([^/]+)\//.exec(row));
  const ofName = (name: string) => rows.filter((row) => row?.[2]?.toLowerCase() === name.toLowerCase()).map((row) => row?.[1] ?? "");
  const codec: Codec = isAudio(section) ? "opus" : "VP8";
  const [media] = ofName(codec);
  if (media === undefined) return found;
  found.set(codec, media);
  const formats = values(section, "fmtp");
  const rtx = ofName("rtx").find((type) => formats.some((row) => row === `${type} apt=${media}`));
  if (codec === "VP8" && rtx !== undefined) found.set("rtx", rtx);
  return found;
}

// -- The offer ------------------------------------------------------------------------------------------------------

/** This line with the call's payload types; undefined when it is about another codec, another extension or simulcast. */
function shapeLine(line: string, renamed: ReadonlyMap<string, number>): string | undefined {
  if (/^a=(simulcast|rid):|^a=ssrc-group:SIM /.test(line)) return undefined;
  if (line.startsWith("a=extmap:")) return [TRANSPORT_CC, MID].some((one) => line.endsWith(` ${one}`)) ? line : undefined;
  const found = /^a=(rtpmap|fmtp|rtcp-fb):(\d+) (.*)$/.exec(line);
  if (found === null) return line;
  const [, name, type = "", rest = ""] = found;
  const payloadType = renamed.get(type);
  if (payloadType === undefined) return undefined;
  return `a=${name}:${payloadType} ${rest.replace(/^apt=(\d+)$/, (_, apt: string) => `apt=${renamed.get(apt)}`)}`;
}

function shapeSection(section: readonly string[]): string[] {
  const types = [...payloadTypes(section)];
  const renamed = new Map(types.map(([codec, type]) => [type, PAYLOAD_TYPES[codec]]));
  if (renamed.size === 0) throw new EnrumError("MALFORMED", "offer without the codec of a call");
  const [media = "", ...rest] = section;
  const line = [...media.split(" ").slice(0, 3), ...renamed.values()].join(" ");
  return [line, ...rest.flatMap((one) => shapeLine(one, renamed) ?? [])];
}

/** The browser's offer as it is set: Opus and VP8 only, of header extensions transport-wide-cc and mid only, no simulcast. */
export function offerShape(sdp: string): string {
  const { session, sections } = parse(sdp);
  return write([...session, ...sections.flatMap(shapeSection)]);
}

function streamOf(section: readonly string[], use: Use): WireCallStream {
  const types = payloadTypes(section);
  const [pair] = values(section, "ssrc-group").filter((group) => group.startsWith("FID "));
  const [ssrc, rtx] = pair === undefined ? values(section, "ssrc").map((row) => row.split(" ")[0]) : pair.split(" ").slice(1);
  if (ssrc === undefined) throw new EnrumError("MALFORMED", "offer without SSRC");
  const hasRtx = pair !== undefined && types.has("rtx");
  return {
    use, ssrc: Number(ssrc), rtx_ssrc: hasRtx ? Number(rtx) : 0,
    payload_type: Number(types.get(isAudio(section) ? "opus" : "VP8")), rtx_payload_type: hasRtx ? Number(types.get("rtx")) : 0,
  };
}

/** 0: the section does not have it. */
function extensionId(section: readonly string[], uri: string): number {
  const row = values(section, "extmap").find((one) => one.endsWith(` ${uri}`));
  const id = Number.parseInt(row ?? "0", 10);
  return id <= EXTENSION_ID_MAX ? id : 0;
}

/** The parameters of CALL_LEG, from the shaped offer. */
export function offerRead(sdp: string): LegOffer {
  const offer = parse(sdp);
  const [first] = offer.sections;
  if (first === undefined) throw new EnrumError("MALFORMED", "offer without a section");
  const [hash, digits = ""] = valueOf(offer, first, "fingerprint").split(" ");
  if (hash !== "sha-256") throw new EnrumError("MALFORMED", "fingerprint");
  return {
    ufrag: valueOf(offer, first, "ice-ufrag"),
    pwd: valueOf(offer, first, "ice-pwd"),
    fingerprint: bytesOfHex(digits.replaceAll(":", "").toLowerCase()),
    transport_cc: extensionId(first, TRANSPORT_CC),
    streams: OWN_USES.flatMap((use, at) => {
      const section = offer.sections[at];
      return section?.includes("a=sendonly") === true ? [streamOf(section, use)] : [];
    }),
  };
}

// -- The answer -----------------------------------------------------------------------------------------------------

function isAddress(text: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(text) || (text.includes(":") && /^[0-9a-fA-F:.]{2,45}$/.test(text));
}

/** The host's texts become lines of SDP: none may hold anything but what belongs there. */
function checkRelay({ ufrag, pwd, addresses, port }: RelayLeg): void {
  const isIce = /^[A-Za-z0-9+/]{4,256}$/.test(ufrag) && /^[A-Za-z0-9+/]{22,256}$/.test(pwd);
  if (!isIce || !addresses.split(" ").every(isAddress) || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new EnrumError("MALFORMED", "relay");
  }
}

function transportLines(relay: RelayLeg): string[] {
  const digits = bytesHex(relay.fingerprint).toUpperCase().match(/../g) ?? [];
  const candidates = relay.addresses.split(" ").map((address, at) =>
    `a=candidate:${at + 1} 1 udp ${PRIORITY_FIRST - 256 * at} ${address} ${relay.port} typ host`);
  return [
    `a=ice-ufrag:${relay.ufrag}`, `a=ice-pwd:${relay.pwd}`, `a=fingerprint:sha-256 ${digits.join(":")}`, "a=setup:passive",
    ...candidates, "a=end-of-candidates",
  ];
}

/** The offer's codec, with the feedback that the relay has for it; retransmissions only where this device sends. */
function codecLines(section: readonly string[], codecs: ReadonlySet<string>, feedback: ReadonlySet<string>): string[] {
  const isOf = (row: string) => codecs.has(row.split(" ")[0] ?? "");
  const told = values(section, "rtcp-fb").filter((row) => isOf(row) && feedback.has(row.slice(row.indexOf(" ") + 1)));
  return [
    ...values(section, "rtpmap").filter(isOf).map((row) => `a=rtpmap:${row}`),
    ...values(section, "fmtp").filter(isOf).map((row) => `a=fmtp:${row}`),
    ...told.map((row) => `a=rtcp-fb:${row}`),
  ];
}

function extensionLines(section: readonly string[], uri: string): string[] {
  const id = extensionId(section, uri);
  return id === 0 ? [] : [`a=extmap:${id} ${uri}`];
}

function sentLines(section: readonly string[]): string[] {
  const isSent = section.includes("a=sendonly");
  return [
    isSent ? "a=recvonly" : "a=inactive",
    ...extensionLines(section, TRANSPORT_CC), ...extensionLines(section, MID),
    ...codecLines(section, new Set(payloadTypes(section).values()), FEEDBACK_UP),
  ];
}

/** Streams of one participant have one msid: the browser plays them in step. */
function receivedLines(section: readonly string[], stream: ReceivedStream | undefined): string[] {
  const [media = ""] = payloadTypes(section).values();
  const codec = [...extensionLines(section, MID), ...codecLines(section, new Set([media]), FEEDBACK_DOWN)];
  if (stream === undefined || !section.includes("a=recvonly")) return ["a=inactive", ...codec];
  const msid = `p${stream.participant} p${stream.participant}-${stream.ssrc}`;
  return ["a=sendonly", `a=msid:${msid}`, ...codec, `a=ssrc:${stream.ssrc} cname:p${stream.participant}`, `a=ssrc:${stream.ssrc} msid:${msid}`];
}

function answerSection(section: readonly string[], at: number, slots: readonly Readonly<Slot>[]): string[] {
  const isOwn = at < OWN_USES.length;
  const lines = isOwn ? sentLines(section) : receivedLines(section, slots[at - OWN_USES.length]?.stream);
  const types = values(lines, "rtpmap").map((row) => row.split(" ")[0]);
  return [
    `m=${isAudio(section) ? "audio" : "video"} 9 UDP/TLS/RTP/SAVPF ${types.join(" ")}`, "c=IN IP4 0.0.0.0",
    `a=mid:${values(section, "mid")[0] ?? ""}`, "a=rtcp-mux", "a=rtcp-rsize", ...lines,
  ];
}

/** The relay's answer to this shaped offer. `slots` are the sections after the own ones, in their order. */
export function answerMake(offer: string, relay: RelayLeg, slots: readonly Readonly<Slot>[]): string {
  checkRelay(relay);
  const { session, sections } = parse(offer);
  const mids = sections.flatMap((section) => values(section, "mid").slice(0, 1));
  // The version goes up with the offer's, as it must with each change.
  const version = session.find((line) => line.startsWith("o="))?.split(" ")[2] ?? "0";
  const transport = transportLines(relay);
  return write([
    "v=0", `o=- 1 ${version} IN IP4 0.0.0.0`, "s=-", "t=0 0", "a=ice-lite", `a=group:BUNDLE ${mids.join(" ")}`,
    ...sections.flatMap((section, at) => {
      const lines = answerSection(section, at, slots);
      // Bundled sections share the transport, and those after the first do not name its candidates (RFC 8843).
      return [...lines, ...transport.filter((line) => at === 0 || !/candidate/.test(line))];
    }),
  ]);
}
