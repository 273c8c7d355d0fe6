// route -- where in the pages somebody is: the part of the address behind #, so that back, forward and bookmarks work.

export type Route =
  | { page: "home" | "new" | "devices" }
  | { page: "room" | "journal"; room: string };

const HOME: Route = { page: "home" };
const ROOM = /^#\/(samtal|journal)\/([0-9a-f]{64})$/;

export function routeOf(hash: string): Route {
  const [, page, room] = ROOM.exec(hash) ?? [];
  if (page !== undefined && room !== undefined) return { page: page === "samtal" ? "room" : "journal", room };
  if (hash === "#/nytt") return { page: "new" };
  return hash === "#/enheter" ? { page: "devices" } : HOME;
}

export function hrefOf(route: Route): string {
  switch (route.page) {
    case "room": return `#/samtal/${route.room}`;
    case "journal": return `#/journal/${route.room}`;
    case "new": return "#/nytt";
    case "devices": return "#/enheter";
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
