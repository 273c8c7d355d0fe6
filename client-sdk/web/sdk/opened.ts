// opened -- that an employee has opened a room is marked in it, whatever they are shown of it.
import { ROLES } from "../protocol/tables.ts";
import type { Enrum } from "./enrum.ts";
import { mark, ownMarks, readSeq } from "./reading.ts";
import type { Room } from "./roomcopy.ts";

/** Who opens a room again within this time has left a mark of it. */
const OPENED_MS = 60 * 60_000;

/** The mark goes no further than those before it. Throws as Outbox.put. */
export async function markOpened(enrum: Enrum, room: Room): Promise<void> {
  if (room.openerRole === undefined || room.openerRole === ROLES.KEEPER) return;
  // The host's clock and this one's may differ, either way.
  const last = Math.max(room.marked.at, ...ownMarks(enrum, room).map(({ receivedAt }) => receivedAt));
  if (Math.abs(enrum.clock.wallMs() - last) >= OPENED_MS) await mark(enrum, room, Math.max(1, readSeq(enrum, room)));
}
