// lifetimes -- a keeper whose certificates and sessions last as a test wants them to, for citizens and staff alike.
import { readFileSync, writeFileSync } from "node:fs";
import type { Installation } from "../../demo/installation.ts";

/** Of a device's certificate, in hours: begun five minutes before it is issued, a third of its life is 3 min 40 s. */
export const SIX_MINUTES = 0.1;
/** Of one that ends while a test looks on: renewed at once, and then not before ten minutes have gone. */
export const SEVEN_SECONDS = 0.002;
/** The same, where something is to be sent before it ends. */
export const TWENTY_SECONDS = 0.006;

/** The board's keeper begins anew with these hours. */
export async function lifetimesSet(installation: Installation, board: string, certificate: number, session: number): Promise<void> {
  await installation.stopKeeper(board);
  const file = installation.path("boards", board, "keeper", "config.json");
  const both = (hours: number) => ({ citizen: hours, staff: hours });
  const config = { ...JSON.parse(readFileSync(file, "utf8")), certificate_hours: both(certificate), session_hours: both(session) };
  writeFileSync(file, JSON.stringify(config));
  await installation.startKeeper(board);
}
