// connections -- what the browsers know of a page's media connections, for whoever reads why a call's test failed.
import type { Page } from "playwright-core";
import type { Browser } from "./browser.ts";

const BETWEEN_MS = 1_000;

interface Kept {
  connections: RTCPeerConnection[];
}

/** From now on each page of this browser keeps its connections where `connectionsTell` finds them. */
export async function connectionsKeep(browser: Browser): Promise<void> {
  await browser.context.addInitScript(() => {
    const kept: Kept = Object.assign(globalThis, { connections: [] });
    const Connection = RTCPeerConnection;
    globalThis.RTCPeerConnection = class extends Connection {
      constructor(...given: ConstructorParameters<typeof Connection>) {
        super(...given);
        kept.connections.push(this);
      }
    };
  });
}

/** A line for each stream of those that are not closed, with its figures a second apart. */
export function connectionsTell(page: Page): Promise<string[]> {
  return page.evaluate(async (betweenMs) => {
    const FIGURES = ["packetsSent", "framesEncoded", "keyFramesEncoded", "packetsReceived", "framesReceived", "framesDecoded", "keyFramesDecoded", "pliCount"];
    const figures = async (connection: RTCPeerConnection) => new Map([...(await connection.getStats()).values()]
      .filter(({ type }) => /^(in|out)bound-rtp$/.test(type)).map((row) => [`${row.type} ${row.kind} ${row.mid}`, FIGURES.filter((name) => name in row).map((name) => `${name} ${row[name]}`).join(" ")]));
    const lines: string[] = [];
    for (const connection of (globalThis as unknown as Kept).connections.filter(({ connectionState }) => connectionState !== "closed")) {
      const before = await figures(connection);
      await new Promise((resolve) => setTimeout(resolve, betweenMs));
      lines.push(`${connection.connectionState}: ${connection.getTransceivers().map(({ mid, currentDirection, sender: { track } }) => `${mid} ${currentDirection} ${track?.kind ?? "-"}`).join(", ")}`);
      for (const [stream, after] of await figures(connection)) lines.push(`  ${stream}: ${before.get(stream)}; then ${after}`);
    }
    return lines;
  }, BETWEEN_MS);
}
