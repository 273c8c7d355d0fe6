// deviceword -- what this device says that it is when somebody logs in with it: two numbers, so that the person can tell one of their
// devices from another. Loaded at a login.
import { DEVICE_BROWSERS, DEVICE_TYPES } from "../protocol/devices.ts";
import type { DeviceWord } from "../sdk/view.ts";

/** What a browser says of itself. */
export interface BrowserSays {
  userAgent: string;
  maxTouchPoints: number;
  /** Chromium's. */
  userAgentData?: { mobile: boolean };
}

const { PHONE, TABLET, COMPUTER } = DEVICE_TYPES;
/** The first that fits: each names those behind it too, to be taken for one of them. */
const BROWSERS: readonly (readonly [RegExp, number])[] = [
  [/\bEdg(?:A|iOS)?\//, DEVICE_BROWSERS.EDGE],
  [/\bSamsungBrowser\//, DEVICE_BROWSERS.SAMSUNG],
  [/\bOP(?:R|T|X)\//, DEVICE_BROWSERS.OPERA],
  [/\b(?:Firefox|FxiOS)\//, DEVICE_BROWSERS.FIREFOX],
  [/(?:Chrome|CriOS|Chromium)\//, DEVICE_BROWSERS.CHROME],
  [/\bVersion\/.*\bSafari\//, DEVICE_BROWSERS.SAFARI],
];

function typeOf({ userAgent, maxTouchPoints, userAgentData }: BrowserSays): number {
  if (userAgentData?.mobile === true || /\biPhone\b|\biPod\b/.test(userAgent)) return PHONE;
  // An iPad says that it is a Mac, and no Mac is touched with several fingers.
  if (/\biPad\b/.test(userAgent) || (/\bMacintosh\b/.test(userAgent) && maxTouchPoints > 1)) return TABLET;
  if (/\bMobi/.test(userAgent)) return PHONE;
  return /\bAndroid\b/.test(userAgent) ? TABLET : COMPUTER;
}

export function deviceWordOf(says: BrowserSays): DeviceWord {
  return { type: typeOf(says), browser: BROWSERS.find(([pattern]) => pattern.test(says.userAgent))?.[1] ?? 0 };
}
