// notices -- what a person asks of the board's keeper about notices by e-mail. The keeper alone knows the address.
import { EnrumError } from "../protocol/error.ts";
import type { Enrum } from "./enrum.ts";
import type { NoticeView } from "./view.ts";

const STATES: readonly NoticeView["state"][] = ["off", "asked", "on"];

/** Throws MAY_NOT, KEEPER_AWAY, TIMEOUT. */
export async function noticeAsk(enrum: Enrum): Promise<NoticeView> {
  const answer = await enrum.ask({ kind: "NOTICE_ASK", body: { version: 1 } });
  if (answer?.kind !== "NOTICE_STATE") throw new EnrumError("MALFORMED", "answer");
  return { state: STATES[answer.value.state] ?? "off", address: answer.value.address };
}

/** Throws MALFORMED (it is no address), TOO_FAST, MAIL_FAILED, and as noticeAsk. */
export async function noticeSet(enrum: Enrum, address: string): Promise<void> {
  await enrum.ask({ kind: "NOTICE_SET", body: { address } });
}

/** Throws NOTICE_CODE_WRONG, and as noticeAsk. */
export async function noticeCode(enrum: Enrum, code: string): Promise<void> {
  await enrum.ask({ kind: "NOTICE_CODE", body: { code } });
}
