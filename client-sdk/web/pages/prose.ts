// prose -- what somebody wrote, as text: line breaks stand, and web addresses can be followed. Nothing else in it means anything.
import { html, type TemplateResult } from "lit";

const ADDRESS = /\bhttps?:\/\/[^\s<>"]+/g;
/** What ends a sentence, and a bracket that the address did not open, is not the address's. */
const BEHIND = /[.,:;!?'”’)\]]+$/;

interface Part {
  text: string;
  href?: string;
}

function addressEnd(found: string): string {
  const bare = found.replace(BEHIND, "");
  const isOpen = bare.split("(").length > bare.split(")").length;
  return isOpen && found.startsWith(`${bare})`) ? `${bare})` : bare;
}

/** The text in its parts, in order; joined they are the text again. */
export function proseParts(text: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const address = addressEnd(found);
    if (!URL.canParse(address)) continue;
    if (index > at) parts.push({ text: text.slice(at, index) });
    parts.push({ text: address, href: address });
    at = index + address.length;
  }
  if (at < text.length) parts.push({ text: text.slice(at) });
  return parts;
}

export function prose(text: string): TemplateResult {
  return html`${proseParts(text).map(({ text: part, href }) =>
    href === undefined ? part : html`<a href=${href} target="_blank" rel="noopener noreferrer">${part}</a>`)}`;
}
