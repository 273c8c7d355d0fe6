// tone -- the sounds of a call: it rings, somebody knocks, a speaker is tried. A browser that plays nothing before somebody has
// pressed something stays silent; what is heard is always shown too.
import { leaveEnds } from "./leave.ts";

const RING_EVERY_MS = 3_000;
const LOUD = 0.15;

let context: AudioContext | undefined;
// What was begun would sound to its end.
leaveEnds(() => void context?.close());

function beep(at: number, hertz: number, seconds: number): void {
  if (context === undefined) return;
  const gain = new GainNode(context, { gain: 0 });
  const tone = new OscillatorNode(context, { frequency: hertz });
  // Softly on and off: a tone that is cut clicks.
  gain.gain.setTargetAtTime(LOUD, at, 0.02);
  gain.gain.setTargetAtTime(0, at + seconds, 0.05);
  tone.connect(gain).connect(context.destination);
  tone.start(at);
  tone.stop(at + seconds + 0.4);
}

function play(notes: readonly (readonly [number, number])[]): void {
  try {
    context ??= new AudioContext();
    void context.resume().catch(() => undefined);
  } catch {
    // A device without sound.
    return;
  }
  let at = context.currentTime + 0.05;
  for (const [hertz, seconds] of notes) {
    beep(at, hertz, seconds);
    at += seconds + 0.08;
  }
}

export function knockPlay(): void {
  play([[660, 0.12], [880, 0.18]]);
}

/** From this speaker, where the browser lets one choose; undefined: from its own choice. */
export async function tonePlay(speaker: string | undefined): Promise<void> {
  play([]);
  const choosing = context as (AudioContext & { setSinkId?: (id: string) => Promise<void> }) | undefined;
  // One that is gone: the browser's own choice then.
  await choosing?.setSinkId?.(speaker ?? "").catch(() => undefined);
  play([[440, 0.6]]);
}

/** Rings until the returned function is called. */
export function ringBegin(): () => void {
  const ring = () => play([[523, 0.4], [659, 0.4], [523, 0.4]]);
  ring();
  const timer = setInterval(ring, RING_EVERY_MS);
  return () => clearInterval(timer);
}
