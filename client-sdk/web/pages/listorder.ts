// listorder -- in which order a caseworker's conversations and the queue stand: chosen, and kept on this device. An order leaves
// nobody out.
import type { QueueRow, RoomSummary } from "../sdk/view.ts";

/** What is due first, first; who has waited longest; the newest. */
export const LIST_ORDERS = ["due", "waits", "newest"] as const;
export type ListOrder = (typeof LIST_ORDERS)[number];

const KEPT = "enrum order";

export function listOrder(): ListOrder {
  const kept = localStorage.getItem(KEPT);
  return LIST_ORDERS.find((order) => order === kept) ?? "due";
}

export function listOrderSet(order: ListOrder): void {
  localStorage.setItem(KEPT, order);
}

/** Numbers compared in turn, the least first. */
function ranks(room: RoomSummary, order: ListOrder): number[] {
  const [due, waits, newest] = [room.deadline?.due ?? Infinity, room.unansweredSince ?? Infinity, -(room.lastAt || room.openedAt)];
  return { due: [due, waits, newest], waits: [waits, due, newest], newest: [newest] }[order];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((rank, index) => rank !== b[index]);
  return at < 0 ? 0 : (a[at] as number) < (b[at] as number) ? -1 : 1;
}

export function roomsInOrder(rooms: readonly RoomSummary[], order: ListOrder): RoomSummary[] {
  return [...rooms].sort((a, b) => compare(ranks(a, order), ranks(b, order)));
}

/** Nobody has said yet what these are: the first that came is the first due. */
export function queueInOrder(rows: readonly QueueRow[], order: ListOrder): QueueRow[] {
  return [...rows].sort((a, b) => (a.receivedAt - b.receivedAt) * (order === "newest" ? -1 : 1));
}
