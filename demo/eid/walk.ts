// walk -- goes through a login at the demonstration e-ID as a browser would: redirects, cookies, the provider's own
// forms, and at the end the address of the one who asked. For the command line, the demonstration and the tests.
//     node demo/eid/walk.ts --persona test.testsson [--ca FILE] URL
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { isLoopback, request, type Answer, type RequestOptions } from "./request.ts";

const STEPS_MAX = 20;
const PATIENCE_MS = 20_000;

export interface WalkOptions {
  /** File with the authority of the provider (and of the page that is redirected to, if that is https). */
  ca?: string;
  /** Cookies of an earlier walk: the same browser once more. A new one without it. */
  jar?: CookieJar;
}

export interface Walked {
  /** Where the provider sent the browser in the end: redirect_uri with code and state. */
  url: string;
  /** Answer of the page there. 0 when the page is not on this machine, and was not fetched. */
  status: number;
  text: string;
}

interface Cookie {
  name: string;
  value: string;
  path: string;
}

/** Cookies of one host. Domain and port play no part: everything is on a loopback address. */
export class CookieJar {
  #cookies = new Map<string, Cookie>();

  keep(url: URL, lines: string[] = []): void {
    for (const line of lines) {
      const [pair = "", ...attributes] = line.split(/;\s*/);
      const equals = pair.indexOf("=");
      const attribute = (name: string) =>
        attributes.find((a) => a.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
      const name = pair.slice(0, equals);
      const path = attribute("path") ?? "/";
      const key = `${url.hostname} ${path} ${name}`;
      const age = attribute("max-age");
      const expires = attribute("expires");
      const isGone =
        age !== undefined ? Number(age) <= 0 : expires !== undefined && Date.parse(expires) <= Date.now();
      if (isGone) this.#cookies.delete(key);
      else this.#cookies.set(key, { name, value: pair.slice(equals + 1), path });
    }
  }

  header(url: URL): Record<string, string> {
    const fitting = [...this.#cookies].filter(([key, { path }]) => {
      const below = path.endsWith("/") ? path : `${path}/`;
      return key.startsWith(`${url.hostname} `) && (url.pathname === path || url.pathname.startsWith(below));
    });
    if (fitting.length === 0) return {};
    return { Cookie: fitting.map(([, { name, value }]) => `${name}=${value}`).join("; ") };
  }
}

function unescapeHtml(text: string): string {
  const signs: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => signs[name]!);
}

/** What a reader sees of a page. */
export function textOf(html: string): string {
  const visible = html.replace(/<(style|script|title)\b[\s\S]*?<\/\1>/gi, " ").replace(/<[^>]*>/g, " ");
  return unescapeHtml(visible).replace(/\s+/g, " ").trim();
}

interface Form {
  action: string;
  method: string;
  fields: Map<string, string>;
}

function attributesOf(tag: string): Map<string, string> {
  const found = tag.matchAll(/([a-z-]+)\s*=\s*"([^"]*)"/gi);
  return new Map([...found].map(([, name, value]) => [name!.toLowerCase(), unescapeHtml(value!)]));
}

/** The forms of a page with their input fields; buttons are not fields. */
function formsOf(html: string): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, head, inside]) => {
    const attributes = attributesOf(head!);
    const inputs = [...inside!.matchAll(/<input\b([^>]*)>/gi)].map(([, tag]) => attributesOf(tag!));
    return {
      action: attributes.get("action") ?? "",
      method: (attributes.get("method") ?? "get").toLowerCase(),
      fields: new Map(inputs.map((input) => [input.get("name") ?? "", input.get("value") ?? ""])),
    };
  });
}

function alertOf(html: string): string | undefined {
  const inside = /<[a-z]+[^>]*\brole="alert"[^>]*>([\s\S]*?)<\//i.exec(html)?.[1];
  return inside === undefined ? undefined : textOf(inside);
}

/** The form that goes on, filled in. Throws when the page has none: then it says why. */
function fillIn(answer: Answer, persona: string): { form: Form; fields: URLSearchParams } {
  const trouble = alertOf(answer.text);
  if (trouble !== undefined || answer.status >= 400) {
    throw new Error(`the e-ID answered ${answer.status}: ${trouble ?? textOf(answer.text).slice(0, 300)}`);
  }
  const form = formsOf(answer.text).find((f) => f.fields.has("login") || f.fields.has("confirm"));
  if (!form || form.method !== "post") {
    throw new Error(`a page without a form to go on with: ${textOf(answer.text).slice(0, 300)}`);
  }
  const fields = new URLSearchParams([...form.fields]);
  if (form.fields.has("login")) fields.set("login", persona);
  return { form, fields };
}

/** The answer's own address begins with redirect_uri; what comes after it are parameters. */
function isAnswer(url: URL, redirectUri: string | null): boolean {
  if (redirectUri === null) return false;
  const wanted = URL.parse(redirectUri);
  return wanted !== null && url.origin === wanted.origin && url.pathname === wanted.pathname;
}

/** Walks from an authorization URL to the end. Rejects when the e-ID refuses, with its own words. */
export async function walk(start: string, persona: string, options: WalkOptions = {}): Promise<Walked> {
  const jar = options.jar ?? new CookieJar();
  const redirectUri = new URL(start).searchParams.get("redirect_uri");
  const common: RequestOptions = {
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...(options.ca ? { ca: options.ca } : {}),
  };
  let url = new URL(start);
  let form: URLSearchParams | undefined;
  for (let step = 0; step < STEPS_MAX; step++) {
    if (isAnswer(url, redirectUri)) return arrive(url, common);
    const answer = await request(url, {
      ...common,
      headers: jar.header(url),
      ...(form ? { form } : {}),
    });
    jar.keep(url, answer.headers["set-cookie"]);
    const { location } = answer.headers;
    if (answer.status >= 300 && answer.status < 400 && location) {
      url = new URL(location, url);
      form = undefined;
      continue;
    }
    const next = fillIn(answer, persona);
    url = new URL(next.form.action, url);
    form = next.fields;
  }
  throw new Error(`not at the end after ${STEPS_MAX} steps`);
}

async function arrive(url: URL, common: RequestOptions): Promise<Walked> {
  const sent = url.search !== "" ? url.searchParams : new URLSearchParams(url.hash.slice(1));
  if (!isLoopback(url)) return { url: url.href, status: 0, text: "" };
  const { status, text } = await request(url, common).catch((error: unknown) => {
    throw new Error(`nobody answers at ${url.origin}${url.pathname}: ${String(error)}`);
  });
  const refusal = sent.get("error");
  if (refusal) throw new Error(`the e-ID refused: ${refusal} ${sent.get("error_description") ?? ""}`);
  return { url: url.href, status, text };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { persona: { type: "string" }, ca: { type: "string" } },
    allowPositionals: true,
  });
  const [url] = positionals;
  if (!values.persona || !url) throw new Error("usage: --persona ID [--ca FILE] URL");
  const end = await walk(url, values.persona, values.ca ? { ca: values.ca } : {});
  console.log(textOf(end.text));
  if (end.status < 200 || end.status >= 400) {
    throw new Error(`the page at the end answered ${end.status}`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await main().catch((error: unknown) => {
    console.error(`walk: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });
}
