// keptfields -- the fields of a form beside its free text: kept like that (writing.ts), all of them as one text, until the form has done
// its work. Nothing on a device that is not the person's own.
import "./loaded.ts";
import { written, writtenSet, writtenTake } from "./writing.ts";

type Fields = Record<string, string>;

/** A line for each visit that has left some, the oldest first: what was written last counts. */
function fieldsOf(text: string): Fields {
  return Object.assign({}, ...text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Fields)) as Fields;
}

export class KeptFields {
  #place = "";
  #fields: Fields = {};

  /** What was left here, by this tab or by an earlier visit. */
  async take(place: string): Promise<void> {
    await writtenTake(place);
    this.#place = place;
    this.#fields = fieldsOf(written(place));
  }

  get(name: string): string | undefined {
    return this.#fields[name];
  }

  /** What is kept where that is one of these, else `otherwise`. */
  among<N extends string | undefined>(name: string, values: readonly N[], otherwise: N): N {
    const kept = this.#fields[name];
    return kept === undefined ? otherwise : values.find((value) => value === kept) ?? otherwise;
  }

  set(name: string, value: string): void {
    this.#fields[name] = value;
    writtenSet(this.#place, JSON.stringify(this.#fields));
  }

  forget(): void {
    this.#fields = {};
    writtenSet(this.#place, "");
  }
}
