// Made by tools/tables.mjs from protocol/*.def and tables.h. Do not edit: change those, and run it again.

/** TYPE of devices.def. */
export const DEVICE_TYPES = {
  /** a telephone */
  PHONE: 1,
  /** a tablet */
  TABLET: 2,
  /** a computer */
  COMPUTER: 3,
  /** a program without a browser: a shell, or whatever libenrum is built into */
  PROGRAM: 4,
} as const;

/** BROWSER of devices.def. */
export const DEVICE_BROWSERS = {
  /** Chrome, or Chromium */
  CHROME: 1,
  /** Firefox */
  FIREFOX: 2,
  /** Safari */
  SAFARI: 3,
  /** Edge */
  EDGE: 4,
  /** Samsung Internet */
  SAMSUNG: 5,
  /** Opera */
  OPERA: 6,
} as const;
