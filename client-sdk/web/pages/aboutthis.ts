// aboutthis -- what is said in a conversation about one of its entries.
import type { ItemView, RoomView } from "../sdk/view.ts";

/** Of each room as it was told: asked for every entry that is drawn. */
const abouts = new WeakMap<RoomView, Map<number, ItemView[]>>();

/** The entries that are about this one, in order. */
export function aboutThis(view: RoomView, seq: number): ItemView[] {
  const known = abouts.get(view) ?? Map.groupBy(view.items.filter(({ what }) => what.kind === "objection" || what.kind === "correction"),
    ({ what }) => "aboutSeq" in what ? what.aboutSeq : 0);
  abouts.set(view, known);
  return known.get(seq) ?? [];
}
