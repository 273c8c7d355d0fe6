// request -- one HTTP request to a loopback address, with an authority of one's own. Follows nothing.
import { readFileSync } from "node:fs";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";

const ANSWER_BYTES_MAX = 1 << 20;

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

export interface RequestOptions {
  method?: "GET" | "POST";
  headers?: Record<string, string>;
  /** Sent as application/x-www-form-urlencoded. */
  form?: URLSearchParams;
  /** File with the authorities that are believed for https. */
  ca?: string;
  signal?: AbortSignal;
}

export function isLoopback(url: URL): boolean {
  return /^127(\.\d{1,3}){3}$/.test(url.hostname) || ["[::1]", "localhost"].includes(url.hostname);
}

export function request(url: URL, options: RequestOptions = {}): Promise<Answer> {
  if (!isLoopback(url)) return Promise.reject(new Error(`${url.host} is not on this machine`));
  const body = options.form?.toString();
  const headers: Record<string, string | number> = { ...options.headers };
  if (body !== undefined) {
    headers["Content-Type"] = "application/x-www-form-urlencoded";
    headers["Content-Length"] = Buffer.byteLength(body);
  }
  return new Promise((resolve, reject) => {
    const send = url.protocol === "https:" ? httpsRequest : httpRequest;
    const sent = send(url, {
      method: options.method ?? (body === undefined ? "GET" : "POST"),
      headers,
      agent: false,
      ...(options.signal ? { signal: options.signal } : {}),
      ...(options.ca && url.protocol === "https:" ? { ca: readFileSync(options.ca) } : {}),
    });
    sent.once("error", reject);
    sent.once("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        if (text.length > ANSWER_BYTES_MAX) response.destroy(new Error("the answer is too long"));
      });
      response.once("error", reject);
      response.once("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    sent.end(body);
  });
}
