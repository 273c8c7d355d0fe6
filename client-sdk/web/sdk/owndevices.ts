// owndevices -- where this person is logged in, as the keeper tells them alone.
import { EnrumError } from "../protocol/error.ts";
import { bytesHex, layoutSeq } from "../protocol/layout.ts";
import { layoutOwnDevice } from "../protocol/layouts.ts";
import type { Enrum } from "./enrum.ts";
import type { OwnDeviceView } from "./view.ts";

/** Throws KEEPER_AWAY, TIMEOUT; MALFORMED where the keeper does not know the question. */
export async function ownDevicesAsk(enrum: Enrum): Promise<OwnDeviceView[]> {
  const answer = await enrum.ask({ kind: "DEVICES_ASK", body: { version: 1 } });
  if (answer?.kind !== "DEVICES") throw new EnrumError("MALFORMED", "answer");
  return layoutSeq(layoutOwnDevice, answer.value.devices).map((row) => ({
    device: bytesHex(row.device), type: row.device_type, browser: row.browser, isBorrowed: row.is_borrowed === 1,
    level: row.level, loggedInAt: row.logged_in_at, usedAt: row.certified_at, isOut: row.is_out === 1,
  }));
}
