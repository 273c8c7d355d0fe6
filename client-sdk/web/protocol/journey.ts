// Made by tools/tables.mjs from protocol/*.def and tables.h. Do not edit: change those, and run it again.

/** What a case is. */
export const MATTERS = {
  /** An application: opens a case at once. */
  APPLICATION: 1,
  /** A notification of concern for a child. */
  CHILD: 2,
  /** A notification of concern for an adult. */
  ADULT: 3,
  /** Advice and support, without a case. */
  ADVICE: 4,
} as const;
export type MatterName = keyof typeof MATTERS;

/** Where a case stands, in the order in which it passes them, and for which matters. */
export const STAGES = {
  /** It has come in. */
  RECEIVED: { number: 1, matters: ["APPLICATION", "CHILD", "ADULT", "ADVICE"] },
  /** Does the child need protection at once? */
  PROTECTION: { number: 2, matters: ["CHILD"] },
  /** Is an inquiry to be opened? */
  ASSESSMENT: { number: 3, matters: ["CHILD", "ADULT"] },
  /** What is needed is found out. */
  INQUIRY: { number: 4, matters: ["APPLICATION", "CHILD", "ADULT"] },
  /** The person reads what there is, and answers. */
  HEARING: { number: 5, matters: ["APPLICATION", "CHILD", "ADULT"] },
  /** It is decided. */
  DECIDED: { number: 6, matters: ["APPLICATION", "CHILD", "ADULT"] },
  /** Help is given, and followed up. */
  SUPPORT: { number: 7, matters: ["APPLICATION", "CHILD", "ADULT", "ADVICE"] },
  /** It is closed. */
  CLOSED: { number: 8, matters: ["APPLICATION", "CHILD", "ADULT", "ADVICE"] },
} as const;
export type StageName = keyof typeof STAGES;

/** How people were in touch. */
export const CHANNELS = {
  /** a call by telephone */
  TELEPHONE: 1,
  /** a letter */
  LETTER: 2,
  /** a visit, at the office or at home */
  VISIT: 3,
  /** an e-mail */
  MAIL: 4,
  /** any other way */
  OTHER: 5,
} as const;
export type ChannelName = keyof typeof CHANNELS;

/** What must be done in time. To be confirmed by the municipality's lawyer. */
export const CLOCKS = {
  /** Need of protection, judged the same day. */
  PROTECTION: { number: 1, matters: ["CHILD"], from: "RECEIVED", length: 0, unit: "DAY", until: "TASK", isExtendable: false, source: "SoL 20:1" },
  /** Whether to open an inquiry, decided within 14 days. */
  ASSESSMENT: { number: 2, matters: ["CHILD"], from: "RECEIVED", length: 14, unit: "DAY", until: "INQUIRY", isExtendable: true, source: "SoL 20:2" },
  /** A child's inquiry, done within four months. */
  INQUIRY: { number: 3, matters: ["CHILD"], from: "INQUIRY", length: 4, unit: "MONTH", until: "DECIDED", isExtendable: true, source: "SoL 20:3" },
  /** From now on the person may demand a decision. */
  DEMAND: { number: 4, matters: ["APPLICATION"], from: "RECEIVED", length: 6, unit: "MONTH", until: "DECIDED", isExtendable: false, source: "FL 12" },
} as const;
export type ClockName = keyof typeof CLOCKS;
