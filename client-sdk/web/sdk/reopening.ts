// reopening -- a conversation that waits under a certificate which has been renewed since, or that the host has refused to open and
// the person sends again. The host takes the first from no other certificate, and a room's id comes from the certificate that opened
// it: when the host does not have the room, what waits is sealed again for another one, all or nothing, and the first room says where
// it went.
import { EnrumError } from "../protocol/error.ts";
import type { Bytes } from "../protocol/field.ts";
import type { Change, DraftRow } from "./localstore.ts";
import type { Enrum } from "./enrum.ts";
import { openingMake } from "./opening.ts";
import type { Draft } from "./outbox.ts";
import { Room, roomRowNew } from "./roomcopy.ts";

/** The rows of these drafts, in their order, for a new room. Throws as openingMake, and KEY_MISSING. */
async function rowsMake(enrum: Enrum, old: Room, [first, ...behind]: readonly [Draft, ...Draft[]]): Promise<{ room: Room; rows: DraftRow[] }> {
  const said = await enrum.outbox.openingOf(old, first);
  const { random, ...opening } = await openingMake(enrum, said);
  const room = new Room(enrum, roomRowNew(opening.room));
  room.bear(opening.key, said);
  room.row.sentSeq = opening.deviceSeq;
  // None is refused any more.
  const rowOf = ({ row: { error, ...row } }: Draft, deviceSeq: number, bytes: Bytes): DraftRow => ({ ...row, room: room.hex, deviceSeq, bytes });
  const rows = [{ ...rowOf(first, opening.deviceSeq, opening.entries), random }];
  for (const draft of behind) {
    // A file on its way has no number, here or there.
    const deviceSeq = draft.row.deviceSeq === 0 ? 0 : ++room.row.sentSeq;
    const bytes = await enrum.outbox.seal(room, await enrum.outbox.sayingOf(old, draft), deviceSeq || 1, draft.row.time);
    rows.push(rowOf(draft, deviceSeq, bytes));
  }
  return { room, rows };
}

/** The host does not have this room: it has said so, or has refused it. Throws as rowsMake, and FILE_FAILED: then nothing has changed. */
export async function reopen(enrum: Enrum, old: Room): Promise<void> {
  const drafts = enrum.outbox.ofRoom(old);
  const { room, rows } = await rowsMake(enrum, old, drafts as [Draft, ...Draft[]]);
  const changes: Change[] = rows.map((row) => ({ table: "drafts", put: row }));
  const oldRow = { ...old.row, movedTo: room.hex };
  await enrum.flush([...changes, { table: "rooms", put: oldRow }, { table: "rooms", put: { ...room.row } }]);
  old.row.movedTo = room.hex;
  old.isDenied = old.isUnborn = false;
  old.stall = undefined;
  drafts.forEach((draft, index) => { draft.row = rows[index] as DraftRow; });
  enrum.rooms.set(room.hex, room);
  enrum.changed(old);
  enrum.changed(room);
}
