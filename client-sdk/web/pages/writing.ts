// writing -- texts that are being written and are not sent: they outlive a look at another page, in memory only, and are
// forgotten when somebody logs out.

const texts = new Map<string, string>();

export function written(place: string): string {
  return texts.get(place) ?? "";
}

export function writtenSet(place: string, text: string): void {
  if (text === "") texts.delete(place);
  else texts.set(place, text);
}

export function writtenForget(): void {
  texts.clear();
}

addEventListener("beforeunload", (event) => {
  if ([...texts.values()].some((text) => text.trim() !== "")) event.preventDefault();
});
