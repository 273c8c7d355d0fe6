// reading -- what this person has been shown of a room: their read marks, on whatever device. What a device has verified, and what
// somebody has written meanwhile, says nothing of it.
import { bytesEqual } from "../protocol/layout.ts";
import type { Enrum } from "./enrum.ts";
import type { LogItem, Room } from "./roomcopy.ts";

export function ownMarks(enrum: Enrum, room: Room): LogItem[] {
  const me = enrum.me?.certificate.body.person;
  return room.items.filter(({ open, author }) => open.class === "READ" && me !== undefined && bytesEqual(author.body.person, me));
}

/** How far this person has read it. */
export function readSeq(enrum: Enrum, room: Room): number {
  return ownMarks(enrum, room).reduce((seq, { open }) => open.class === "READ" ? Math.max(seq, open.value.seq) : seq, room.marked.seq);
}

/** A signed mark up to this entry, for the journal and for the other devices. Throws as Outbox.put. */
export async function mark(enrum: Enrum, room: Room, seq: number): Promise<void> {
  const hash = seq === 0 ? undefined : room.fold.hashAt(seq);
  if (hash === undefined) return;
  const before = room.marked;
  room.marked = { seq: Math.max(seq, before.seq), at: enrum.clock.wallMs() };
  try {
    await enrum.outbox.put(crypto.randomUUID(), room, { class: "READ", open: { cause: new Uint8Array(0), seq, hash } }, "");
  } catch (error) {
    room.marked = before;
    throw error;
  }
}

/** The person has been shown the room up to here. */
export async function markRead(enrum: Enrum, room: Room, seq: number): Promise<void> {
  if (seq > room.marked.seq) await mark(enrum, room, seq);
}
