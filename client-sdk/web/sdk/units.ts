// units -- the board's units, as its keeper tells of them: whom a conversation may be for.
import { EnrumError } from "../protocol/error.ts";
import { bytesHex, layoutSeq } from "../protocol/layout.ts";
import { layoutBodyUnit } from "../protocol/layouts.ts";
import type { Enrum } from "./enrum.ts";
import type { UnitView } from "./view.ts";

/** Does this employee have the unit's queue? */
function isMine(enrum: Enrum, unit: string): boolean {
  const room = enrum.rooms.get(unit);
  return room !== undefined && !room.isDenied && room.fold.seq > 0;
}

/** In the board's own order. Throws KEEPER_AWAY, TIMEOUT. */
export async function unitsAsk(enrum: Enrum): Promise<UnitView[]> {
  const answer = await enrum.ask({ kind: "UNITS_ASK", body: { version: 1 } });
  if (answer?.kind !== "UNITS") throw new EnrumError("MALFORMED", "answer");
  return layoutSeq(layoutBodyUnit, answer.value.units).map(({ room, name }) => ({ unit: bytesHex(room), name, isMine: isMine(enrum, bytesHex(room)) }));
}
