// route -- where in the pages somebody is: the part of the address behind #, so that back, forward and bookmarks work.

export type Route =
  | { page: "home" | "new" | "devices" | "readers" | "statement" | "notices" | "advice" }
  | { page: "room" | "journal" | "call" | "case" | "people"; room: string };

const HOME: Route = { page: "home" };
const PLACES: readonly Route[] = [{ page: "new" }, { page: "devices" }, { page: "readers" }, { page: "statement" }, { page: "notices" }, { page: "advice" }];
const ROOM = /^#\/(samtal|journal|video|case|personer)\/([0-9a-f]{64})$/;
const PAGES = { samtal: "room", journal: "journal", video: "call", case: "case", personer: "people" } as const;
const GUEST = /^#\/tolk\/([0-9a-f]{64})$/;

export function routeOf(hash: string): Route {
  const [, page, room] = ROOM.exec(hash) ?? [];
  if (page !== undefined && room !== undefined) return { page: PAGES[page as keyof typeof PAGES], room };
  return PLACES.find((place) => hrefOf(place) === hash) ?? HOME;
}

const GUEST_KEPT = "enrum guest call";
const LANGUAGE = /^#\/sprak\/([a-z]+)$/;
const LOGIN_WINDOW = /^#\/inloggning\/([0-9a-f-]{36}(?:\/lanad)?)$/;
const LOGIN_WINDOW_KEPT = "enrum login window";

const UNIT = /^#\/nytt\/([^/]+)$/;
const UNIT_KEPT = "enrum unit";

/** What an address names, kept in this tab, since a login at the e-ID leads away from it. */
function keptOf(address: RegExp, key: string): string | undefined {
  const given = address.exec(location.hash)?.[1];
  if (given !== undefined) sessionStorage.setItem(key, given);
  return given ?? sessionStorage.getItem(key) ?? undefined;
}

/** The call that a guest was given a link to. */
export function guestCall(): string | undefined {
  return keptOf(GUEST, GUEST_KEPT);
}

/** The unit that the municipality's own link named: taken out of the address at once, so that it stays in no history. */
export function unitLinkTake(): void {
  keptOf(UNIT, UNIT_KEPT);
  if (UNIT.test(location.hash)) history.replaceState(null, "", hrefOf({ page: "new" }));
}

/** Its name as it stood in the address, until it has been chosen by it. */
export function unitLinked(): string | null {
  return sessionStorage.getItem(UNIT_KEPT);
}

/** It has been followed; or whoever followed it has left this tab. */
export function unitLinkForget(): void {
  sessionStorage.removeItem(UNIT_KEPT);
}

/** The language of the page on which the board was chosen: taken out of the address at once. */
export function languageLinkTake(): string | undefined {
  const given = LANGUAGE.exec(location.hash)?.[1];
  if (given !== undefined) history.replaceState(null, "", location.pathname);
  return given;
}

/** The frame on another page, or the page on a borrowed device, that this window was opened for to log in: its name for that (loginwindow.ts). */
export function loginWindow(): string | undefined {
  return keptOf(LOGIN_WINDOW, LOGIN_WINDOW_KEPT);
}

/** Opened for a page on a borrowed device: whoever logs in here after all does so on that. */
export function loginWindowIsShared(): boolean {
  return loginWindow()?.endsWith("/lanad") === true;
}

export const LOGIN_WINDOW_LEFT = "enrum login window left ";

/** Its page was left: it has no business any more. It is told so once. */
export function loginWindowIsLeft(name: string): boolean {
  const isLeft = localStorage.getItem(LOGIN_WINDOW_LEFT + name) !== null;
  if (isLeft) {
    localStorage.removeItem(LOGIN_WINDOW_LEFT + name);
    loginWindowForget();
  }
  return isLeft;
}

/** From now on this window is one like any other. */
export function loginWindowForget(): void {
  sessionStorage.removeItem(LOGIN_WINDOW_KEPT);
  if (LOGIN_WINDOW.test(location.hash)) history.replaceState(null, "", location.pathname);
}

export function hrefOf(route: Route): string {
  switch (route.page) {
    case "room": return `#/samtal/${route.room}`;
    case "call": return `#/video/${route.room}`;
    case "people": return `#/personer/${route.room}`;
    case "journal": return `#/journal/${route.room}`;
    case "case": return `#/case/${route.room}`;
    case "readers": return "#/lasare";
    case "new": return "#/nytt";
    case "devices": return "#/enheter";
    case "statement": return "#/tillganglighet";
    case "notices": return "#/aviseringar";
    case "advice": return "#/fraga";
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
