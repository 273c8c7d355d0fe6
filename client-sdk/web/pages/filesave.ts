// filesave -- gives bytes to the browser as a file of this name.

/** By then the browser has it. */
const REVOKE_AFTER_MS = 60_000;

export function fileSave(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), REVOKE_AFTER_MS);
}
