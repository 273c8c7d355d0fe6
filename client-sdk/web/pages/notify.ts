// notify -- a notification of the system when something new has come and nobody looks: off until it is chosen, and the same words
// whatever has come, from whomever.
import type { SessionView } from "../sdk/view.ts";

const KEPT = "enrum notify";

export function isNotifying(): boolean {
  return localStorage.getItem(KEPT) === "1" && "Notification" in globalThis && Notification.permission === "granted";
}

/** Resolves to whether it is on now: the browser asks first. */
export async function notifyingSet(isOn: boolean): Promise<boolean> {
  const isAllowed = isOn && "Notification" in globalThis && await Notification.requestPermission() === "granted";
  if (isAllowed) localStorage.setItem(KEPT, "1");
  else localStorage.removeItem(KEPT);
  return isAllowed;
}

/** What nobody has looked at yet: entries of others, and conversations of the queue. */
export function newCount({ rooms, queue }: Pick<SessionView, "rooms" | "queue">): number {
  return rooms.reduce((sum, { unread }) => sum + unread, 0) + queue.filter(({ takenBy }) => takenBy === undefined).length;
}

export function notify(text: string): void {
  // One at a time, in all tabs.
  const options = { tag: "enrum" };
  try {
    new Notification(text, options);
  } catch {
    // Telephones show them from the service worker only; whoever touches one comes to this page.
    void navigator.serviceWorker?.getRegistration().then((registration) => registration?.showNotification(text, { ...options, data: location.pathname }));
  }
}
