// listorder -- in which order a caseworker's conversations and the queue (queue.ts) stand: chosen, and kept on this device. An order leaves
// nobody out.
import type { RoomSummary } from "../sdk/view.ts";

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
