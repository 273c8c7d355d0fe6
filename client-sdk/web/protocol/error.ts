// error -- the rows of errors.def as something to throw. Everything the protocol's code throws on purpose is one of these.
import { ERRORS, type ErrorClass, type ErrorName } from "./tables.ts";

/** What goes wrong, by its name in errors.def. */
export class EnrumError extends Error {
  override readonly name = "EnrumError";
  readonly code: ErrorName;

  /** `detail` is for developers, never content; `cause` is what another library threw. */
  constructor(code: ErrorName, detail?: string, cause?: unknown) {
    super(detail === undefined ? code : `${code}: ${detail}`, cause === undefined ? undefined : { cause });
    this.code = code;
  }

  /** The number on the wire. */
  get number(): number {
    return ERRORS[this.code].number;
  }

  /** Decides the reaction: see errors.def. */
  get errorClass(): ErrorClass {
    return ERRORS[this.code].class;
  }
}

/** The name of an error's number; undefined for one that a later version has added (its class is OURS). */
export function errorFind(number: number): ErrorName | undefined {
  return (Object.keys(ERRORS) as ErrorName[]).find((name) => ERRORS[name].number === number);
}
