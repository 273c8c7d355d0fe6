// devices -- this device's microphone, camera and screen: asked for when they are turned on, given back when they are turned off,
// and why one cannot be had.
export type Source = "voice" | "camera" | "screen";

/** permission: not allowed, by the person or by the browser's settings. missing: there is none. busy: another program has it. */
export type SourceError = "permission" | "missing" | "busy" | "unsupported";

export interface DeviceChoice {
  /** Of MediaDeviceInfo; undefined: the browser's own choice. */
  microphone?: string;
  camera?: string;
  speaker?: string;
}

export class SourceFailed extends Error {
  readonly reason: SourceError;

  constructor(reason: SourceError, cause: unknown) {
    super(reason, { cause });
    this.reason = reason;
  }
}

const REASONS: Readonly<Record<string, SourceError>> = {
  NotAllowedError: "permission", SecurityError: "permission", NotFoundError: "missing", OverconstrainedError: "missing",
  NotReadableError: "busy", AbortError: "busy",
};

/** What a person sees of a camera need not be more than this; a phone's battery and network are thankful. */
const VIDEO = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 24, max: 30 } } as const;
const SCREEN = { frameRate: { ideal: 5, max: 15 } } as const;

function constraints(source: "voice" | "camera", { microphone, camera }: DeviceChoice): MediaStreamConstraints {
  const chosen = (id: string | undefined) => id === undefined ? {} : { deviceId: { exact: id } };
  return source === "voice"
    ? { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...chosen(microphone) } }
    : { video: { ...VIDEO, ...chosen(camera) } };
}

/** Of a device that was chosen and is gone, the browser's own choice is taken. */
async function chosenOpen(devices: MediaDevices, source: "voice" | "camera", choice: DeviceChoice): Promise<MediaStream> {
  try {
    return await devices.getUserMedia(constraints(source, choice));
  } catch (error) {
    if ((error as DOMException).name !== "OverconstrainedError") throw error;
    return devices.getUserMedia(constraints(source, {}));
  }
}

/** A track of this source. Throws SourceFailed. */
export async function sourceOpen(source: Source, choice: DeviceChoice): Promise<MediaStreamTrack> {
  // A page that is not on https has none.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined || (source === "screen" && !("getDisplayMedia" in devices))) throw new SourceFailed("unsupported", undefined);
  try {
    const stream = source === "screen" ? await devices.getDisplayMedia({ video: SCREEN, audio: false }) : await chosenOpen(devices, source, choice);
    const [track] = stream.getTracks();
    if (track === undefined) throw new SourceFailed("missing", undefined);
    // For the encoder: moving people, or letters that must stay sharp.
    if (track.kind === "video") track.contentHint = source === "screen" ? "detail" : "motion";
    return track;
  } catch (error) {
    if (error instanceof SourceFailed) throw error;
    throw new SourceFailed(REASONS[(error as DOMException).name] ?? "unsupported", error);
  }
}

export type DeviceKind = "microphone" | "camera" | "speaker";

const KINDS: Readonly<Record<MediaDeviceInfo["kind"], DeviceKind>> = { audioinput: "microphone", videoinput: "camera", audiooutput: "speaker" };

export interface DeviceOption {
  kind: DeviceKind;
  id: string;
  /** Empty until the person has allowed one of the kind. */
  label: string;
}

export async function deviceOptions(): Promise<DeviceOption[]> {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  const found = await devices?.enumerateDevices() ?? [];
  return found.filter(({ deviceId }) => deviceId !== "").map(({ kind, deviceId, label }) => ({ kind: KINDS[kind], id: deviceId, label }));
}
