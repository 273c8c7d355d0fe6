// What a device says that it is, from what real browsers say of themselves.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deviceWordOf, type BrowserSays } from "../../client-sdk/web/pages/deviceword.ts";
import { DEVICE_BROWSERS, DEVICE_TYPES } from "../../client-sdk/web/protocol/devices.ts";

type Type = keyof typeof DEVICE_TYPES;
type Browser = keyof typeof DEVICE_BROWSERS | undefined;

const WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)";
const BLINK = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0";

/** What it is, and what it says: with `mobile` where it is built from Chromium. */
const REAL: readonly (readonly [string, Type, Browser, string, number, boolean?])[] = [
  ["Chrome on an Android phone", "PHONE", "CHROME", `Mozilla/5.0 (Linux; Android 10; K) ${BLINK} Mobile Safari/537.36`, 5, true],
  ["Chrome on an Android tablet", "TABLET", "CHROME", `Mozilla/5.0 (Linux; Android 10; K) ${BLINK} Safari/537.36`, 5, false],
  ["an old Chrome on an Android phone", "PHONE", "CHROME", "Mozilla/5.0 (Linux; Android 9; SM-A105FN) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/84.0.4147.125 Mobile Safari/537.36", 5],
  ["Samsung Internet", "PHONE", "SAMSUNG", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", 5, true],
  ["Firefox on an Android phone", "PHONE", "FIREFOX", "Mozilla/5.0 (Android 15; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0", 5],
  ["Firefox on an Android tablet", "TABLET", "FIREFOX", "Mozilla/5.0 (Android 14; Tablet; rv:144.0) Gecko/144.0 Firefox/144.0", 5],
  ["Safari on an iPhone", "PHONE", "SAFARI", `Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) ${WEBKIT} Version/18.6 Mobile/15E148 Safari/604.1`, 5],
  ["Chrome on an iPhone", "PHONE", "CHROME", `Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) ${WEBKIT} CriOS/141.0.7390.41 Mobile/15E148 Safari/604.1`, 5],
  ["Firefox on an iPhone", "PHONE", "FIREFOX", `Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) ${WEBKIT} FxiOS/144.0 Mobile/15E148 Safari/604.1`, 5],
  ["Edge on an iPhone", "PHONE", "EDGE", `Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) ${WEBKIT} Version/18.0 EdgiOS/141.0.3537.60 Mobile/15E148 Safari/604.1`, 5],
  ["an iPad, which says that it is a Mac", "TABLET", "SAFARI", `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${WEBKIT} Version/18.6 Safari/605.1.15`, 5],
  ["an old iPad, which says that it is one", "TABLET", "SAFARI", `Mozilla/5.0 (iPad; CPU OS 12_5_7 like Mac OS X) ${WEBKIT} Version/12.1.2 Mobile/15E148 Safari/604.1`, 5],
  ["Safari on a Mac", "COMPUTER", "SAFARI", `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${WEBKIT} Version/18.6 Safari/605.1.15`, 0],
  ["Firefox on Windows", "COMPUTER", "FIREFOX", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0", 0],
  ["Firefox on a Windows computer with a touch screen", "COMPUTER", "FIREFOX", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0", 10],
  ["Edge on Windows", "COMPUTER", "EDGE", `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${BLINK} Safari/537.36 Edg/141.0.0.0`, 0, false],
  ["Opera on Windows", "COMPUTER", "OPERA", `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${BLINK} Safari/537.36 OPR/125.0.0.0`, 0, false],
  ["Chromium on Linux", "COMPUTER", "CHROME", `Mozilla/5.0 (X11; Linux x86_64) ${BLINK} Safari/537.36`, 0, false],
  ["a Chromebook", "COMPUTER", "CHROME", `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${BLINK} Safari/537.36`, 10, false],
  ["something that nobody knows", "COMPUTER", undefined, "Mozilla/5.0 (Something) Else/1.0", 0],
];

test("real browsers are told apart", () => {
  for (const [what, type, browser, userAgent, maxTouchPoints, mobile] of REAL) {
    const says: BrowserSays = { userAgent, maxTouchPoints, ...(mobile === undefined ? {} : { userAgentData: { mobile } }) };
    assert.deepEqual(deviceWordOf(says), { type: DEVICE_TYPES[type], browser: browser === undefined ? 0 : DEVICE_BROWSERS[browser] }, what);
  }
});

test("whatever a browser says, only numbers of the table come of it", () => {
  const known = { types: Object.values(DEVICE_TYPES) as number[], browsers: [0, ...Object.values(DEVICE_BROWSERS)] as number[] };
  for (const userAgent of ["", "<b>Chrome/", "Chrome/".repeat(9999), `Version/${"x".repeat(99_999)}`, "iPhone Android Macintosh"]) {
    const { type, browser, ...further } = deviceWordOf({ userAgent, maxTouchPoints: NaN });
    assert.ok(known.types.includes(type) && known.browsers.includes(browser), userAgent.slice(0, 20));
    assert.deepEqual(further, {});
  }
});
