// desk -- what stands on a caseworker's or an interpreter's desk: a screen, a loudspeaker, a microphone that hears nothing, and a
// headset that hears a tone.
// Firefox has no sound at all where there is no device that plays it.
import assert from "node:assert/strict";
import { join } from "node:path";
import { Program } from "../../demo/process.ts";
import { must, type Machine } from "./network.ts";

const RATE = 48_000;

export class Desk {
  /** Of the browser at this desk. */
  readonly environment: Record<string, string>;
  readonly #programs: readonly Program[];

  private constructor(environment: Record<string, string>, programs: readonly Program[]) {
    this.environment = environment;
    this.#programs = programs;
  }

  static async make({ name, folder }: Machine): Promise<Desk> {
    const screen = await Program.start({
      name: `screen of ${name}`, log: join(folder, "screen.log"), ready: /^\d+$/, command: ["Xvfb", "-displayfd", "1", "-nolisten", "tcp", "-screen", "0", "1280x900x24"],
    });
    const socket = join(folder, "sound");
    const modules = [
      ...["loudspeaker", "silence", "tone"].map((name) => `module-null-sink sink_name=${name}`), "module-sine sink=tone frequency=440",
      "module-remap-source source_name=builtin master=silence.monitor source_properties=device.description=Builtin",
      "module-remap-source source_name=headset master=tone.monitor source_properties=device.description=Headset", `module-native-protocol-unix auth-anonymous=1 socket=${socket}`,
    ];
    const sound = await Program.start({
      name: `sound of ${name}`, log: join(folder, "sound.log"), ready: /Daemon startup complete/, env: { HOME: folder, XDG_RUNTIME_DIR: folder },
      command: ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--log-level=info", ...modules.flatMap((module) => ["-L", module])],
    });
    for (const chosen of ["set-default-source builtin", "set-default-sink loudspeaker"]) await must("pactl", `--server=unix:${socket}`, ...chosen.split(" "));
    return new Desk({ DISPLAY: `:${screen.readyLine}`, PULSE_SERVER: `unix:${socket}` }, [screen, sound]);
  }

  async clear(): Promise<void> {
    for (const program of this.#programs) await program.stop();
  }

  /** The loudest that the loudspeaker has played in a third of a second, 0 ... 1. */
  async loudness(): Promise<number> {
    const record = `parec --server=${this.environment["PULSE_SERVER"]} --device=loudspeaker.monitor --format=s16le --rate=${RATE} --channels=1 --raw | head -c ${2 * RATE / 3} | base64 -w0`;
    const samples = Buffer.from(await must("bash", "-c", record), "base64");
    assert.equal(samples.length, 2 * RATE / 3);
    let most = 0;
    for (let at = 0; at < samples.length; at += 2) most = Math.max(most, Math.abs(samples.readInt16LE(at)));
    return most / 32_768;
  }
}
