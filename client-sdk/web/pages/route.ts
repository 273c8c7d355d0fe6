// route -- where in the pages somebody is: the part of the address behind #, so that back, forward and bookmarks work.

export type Route =
  | { page: "home" | "new" | "devices" | "statement" }
  | { page: "room" | "journal" | "call" | "people"; room: string };

const HOME: Route = { page: "home" };
const ROOM = /^#\/(samtal|journal|video|personer)\/([0-9a-f]{64})$/;
const PAGES = { samtal: "room", journal: "journal", video: "call", personer: "people" } as const;
const GUEST = /^#\/tolk\/([0-9a-f]{64})$/;

export function routeOf(hash: string): Route {
  const [, page, room] = ROOM.exec(hash) ?? [];
  if (page !== undefined && room !== undefined) return { page: PAGES[page as keyof typeof PAGES], room };
  if (hash === "#/nytt") return { page: "new" };
  if (hash === "#/enheter") return { page: "devices" };
  return hash === "#/tillganglighet" ? { page: "statement" } : HOME;
}

const GUEST_KEPT = "enrum guest call";

/** The call that a guest was given a link to: kept in this tab, since a login at the e-ID leads away from the link. */
export function guestCall(): string | undefined {
  const given = GUEST.exec(location.hash)?.[1];
  if (given !== undefined) sessionStorage.setItem(GUEST_KEPT, given);
  return given ?? sessionStorage.getItem(GUEST_KEPT) ?? undefined;
}

export function hrefOf(route: Route): string {
  switch (route.page) {
    case "room": return `#/samtal/${route.room}`;
    case "call": return `#/video/${route.room}`;
    case "people": return `#/personer/${route.room}`;
    case "journal": return `#/journal/${route.room}`;
    case "new": return "#/nytt";
    case "devices": return "#/enheter";
    case "statement": return "#/tillganglighet";
    case "home": return "#/";
  }
}

export function go(route: Route): void {
  location.hash = hrefOf(route);
}

/** In the place of the page one is on: back leads to the one before. */
export function goInstead(route: Route): void {
  location.replace(hrefOf(route));
}
