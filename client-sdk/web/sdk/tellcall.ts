// tellcall -- the call and what rings as the pages are told them: see view.ts. Nothing is decided here.
import type { Peer } from "../call/peers.ts";
import { bytesHex } from "../protocol/layout.ts";
import { CALL_RINGS, CALL_STATES, ROLES } from "../protocol/tables.ts";
import type { Call, CallLine } from "./call.ts";
import type { Enrum } from "./enrum.ts";
import { personView } from "./tell.ts";
import type { CallEnd, CallLineView, CallPersonView, CallView, PersonView, RingView } from "./view.ts";

const RING_NAMES = {
  [CALL_RINGS.RINGING]: "ringing", [CALL_RINGS.ANSWERED]: "answered", [CALL_RINGS.DECLINED]: "declined", [CALL_RINGS.BUSY]: "busy",
  [CALL_RINGS.MISSED]: "missed", [CALL_RINGS.CANCELLED]: "cancelled",
} as const;

export function ringViews(enrum: Enrum): RingView[] {
  return [...enrum.calls.rings].map(([room, { call, state, caller, at }]) => ({
    room, call: bytesHex(call), at, caller: memberView(enrum, room, caller),
    state: state === CALL_RINGS.RINGING ? "ringing" as const : state === CALL_RINGS.MISSED ? "missed" as const : "goesOn" as const,
  }));
}

/** Somebody of the room, with the role that its log says. */
function memberView(enrum: Enrum, room: string, person: Uint8Array<ArrayBuffer>): PersonView {
  const role = enrum.rooms.get(room)?.fold.members.get(bytesHex(person))?.role;
  return personView(enrum, person, role ?? ROLES.GUEST);
}

function stateOf({ isIn, isAway }: Peer["attendee"]): CallPersonView["state"] {
  if (!isIn) return "waiting";
  return isAway ? "away" : "in";
}

function personOf(enrum: Enrum, call: Call, peer: Peer): CallPersonView {
  const { attendee, presence } = peer;
  const { person, role, level } = attendee.certificate.body;
  const isWithUs = call.isWithUs(peer);
  const known = personView(enrum, person, role);
  return {
    ...known,
    ...(known.name === "" && peer.profile !== undefined ? { name: peer.profile.name, title: peer.profile.title } : {}),
    participant: peer.local,
    level,
    state: stateOf(attendee),
    isMember: attendee.isMember,
    isLead: call.state?.lead === attendee.number,
    since: attendee.since,
    isEntitled: attendee.isEntitled,
    isInterpreter: call.interprets(person, presence),
    language: presence?.language ?? "",
    voice: presence?.voice === 1,
    camera: presence?.camera === 1,
    screen: presence?.screen === 1,
    isKeyMissing: isWithUs && call.phase === "IN" && peer.kid === undefined,
    hasKey: call.mediaKeys.hasKey(peer.name),
    // What is not entitled is not asked for either.
    streams: isWithUs ? attendee.streams.map(({ use, ssrc }) => ({ use: use as CallPersonView["streams"][number]["use"], ssrc })) : [],
  };
}

function lineView({ from, to, line, text, isDone, isSent, at }: CallLine): CallLineView {
  return {
    line, text, isDone, isSent, at,
    ...(from === undefined ? {} : { from: from.local }), ...(to === undefined ? {} : { to: to.local }),
  };
}

export function callView(enrum: Enrum, call: Call): CallView {
  const { state, presence, room } = call;
  return {
    call: bytesHex(call.id),
    ...(room === undefined ? {} : { room: room.hex }),
    media: enrum.calls.mediaId,
    phase: call.phase.toLowerCase() as CallView["phase"],
    ...(call.end === undefined ? {} : { end: call.end.toLowerCase() as CallEnd }),
    ...(call.error === undefined ? {} : { error: call.error }),
    isConnected: call.isConnected,
    began: state?.began ?? 0,
    wasHeld: call.wasHeld,
    position: state?.state === CALL_STATES.WAITING ? state.position : 0,
    isLead: call.isLead,
    isHost: call.isStaffHere && call.phase === "IN",
    isSending: call.isSending,
    own: {
      voice: presence.voice === 1, camera: presence.camera === 1, screen: presence.screen === 1,
      isInterpreter: enrum.me !== undefined && call.interprets(enrum.me.certificate.body.person, presence), language: presence.language,
    },
    people: call.peers.shown.map((peer) => personOf(enrum, call, peer)),
    rung: call.rung.filter(({ state: ring }) => ring in RING_NAMES).map(({ person, state: ring }) => ({
      person: room === undefined ? personView(enrum, person, ROLES.GUEST) : memberView(enrum, room.hex, person),
      state: RING_NAMES[ring as keyof typeof RING_NAMES],
    })),
    lines: call.lines.map(lineView),
  };
}
