// keepfile -- gives the browser a file to keep, whose name says nothing of what it is.

export function fileKeep(text: string, type: string, ending: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement("a"), { href: url, download: `${new Date().toISOString().slice(0, 10)}.${ending}` });
  link.click();
  // The browser has it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
