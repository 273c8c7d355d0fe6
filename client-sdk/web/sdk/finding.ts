// finding -- what the board's virus scanner says of an attachment: the keeper's word alone, beside the file. There is none for a
// clean one, nor while it waits to be scanned.
import type { Bytes } from "../protocol/field.ts";
import { bytesEqual } from "../protocol/layout.ts";
import type { WireBodyFinding } from "../protocol/layouts.ts";
import { ROLES } from "../protocol/tables.ts";
import type { LogItem, Room } from "./roomcopy.ts";
import type { FindingView, ItemWhat } from "./view.ts";

const UNSCANNED = 2;

function view({ result, name, scanner }: WireBodyFinding): FindingView {
  return { isUnscanned: result === UNSCANNED, name, scanner };
}

/** Its body, when the keeper has written it; others' word of it is not believed. */
function findingBody({ author, content }: LogItem): WireBodyFinding | undefined {
  return content?.kind === "FINDING" && author.body.role === ROLES.KEEPER ? content.body as WireBodyFinding : undefined;
}

/** The entry of a finding. */
export function findingWhat(room: Room, item: LogItem): ItemWhat {
  const body = findingBody(item);
  if (body === undefined) return { kind: "other", name: "FINDING" };
  const about = room.fold.hashAt(body.seq);
  return { kind: "finding", aboutSeq: about !== undefined && bytesEqual(about, body.hash) ? body.seq : 0, finding: view(body) };
}

/** What is found about the file of this entry. */
export function fileFinding(room: Room, seq: number, hash: Bytes): { finding?: FindingView } {
  const found = room.items.map(findingBody).find((body) => body?.seq === seq && bytesEqual(body.hash, hash));
  return found === undefined ? {} : { finding: view(found) };
}
