// mailserver -- a mail server of the tests' own: as much of SMTP (RFC 5321) as a sender needs, with STARTTLS (RFC 3207) and a
// login (RFC 4954). It takes mails after TLS and a login alone, and keeps what was received, to the byte.
import { createServer, type Server, type Socket } from "node:net";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createSecureContext, TLSSocket } from "node:tls";
import { run } from "../../demo/process.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
const LOOPBACK = "127.0.0.1";

export interface Mail {
  helo: string;
  from: string;
  to: string;
  /** Between DATA and its end, dots taken off. */
  data: string;
}

export class MailServer {
  readonly mails: Mail[] = [];
  /** Commands that came before there was TLS. */
  readonly plain: string[] = [];
  /** Handshakes that the other side has broken off. */
  brokenOff = 0;
  port = 0;
  readonly #folder: string;
  readonly #user: string;
  readonly #password: string;
  #server: Server | undefined;
  #sockets = new Set<Socket>();

  constructor(folder: string, user: string, password: string) {
    this.#folder = folder;
    this.#user = user;
    this.#password = password;
  }

  /** Of the authority whose certificate the server has when it is trustworthy. */
  get ca(): string {
    return join(this.#folder, "good", "ca.pem");
  }

  /** `whose`: the certificate that it shows. Another authority's is of no use to who trusts the good one. */
  async start(whose: "good" | "other" = "good"): Promise<void> {
    const tls = join(this.#folder, whose);
    const made = await run([join(ROOT, "certs/make"), tls]);
    if (made.code !== 0) throw new Error(`certs/make: ${made.err}`);
    const secureContext = createSecureContext({ cert: readFileSync(join(tls, "server.pem")), key: readFileSync(join(tls, "server.key")) });
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => this.#sockets.delete(socket));
      socket.write("220 mail.test ESMTP\r\n");
      this.#plainTalk(socket, secureContext);
    });
    await new Promise<void>((resolve) => this.#server?.listen(this.port, LOOPBACK, resolve));
    this.port = (this.#server.address() as { port: number }).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  /** Until STARTTLS: nothing else is served. */
  #plainTalk(socket: Socket, secureContext: ReturnType<typeof createSecureContext>): void {
    const onData = (bytes: Buffer) => {
      const line = bytes.toString("latin1").trim();
      this.plain.push(line);
      if (/^EHLO /i.test(line)) return socket.write("250-mail.test\r\n250 STARTTLS\r\n");
      if (!/^STARTTLS$/i.test(line)) return socket.write("530 Must issue a STARTTLS command first\r\n");
      socket.off("data", onData);
      socket.write("220 Ready\r\n");
      const secure = new TLSSocket(socket, { isServer: true, secureContext });
      secure.on("error", () => this.brokenOff++);
      return this.#talk(secure);
    };
    socket.on("data", onData);
  }

  #talk(socket: TLSSocket): void {
    const mail: Mail = { helo: "", from: "", to: "", data: "" };
    let [rest, isData, isKnown, isAsked] = ["", false, false, false];
    const say = (line: string) => socket.write(`${line}\r\n`);
    const command = (line: string) => {
      const [, verb = ""] = /^(\S+)/.exec(line.toUpperCase()) ?? [];
      if (verb === "EHLO") {
        mail.helo = line.slice(5);
        return say("250-mail.test\r\n250 AUTH PLAIN");
      }
      if (verb === "AUTH") {
        isAsked = true;
        return say("334 ");
      }
      if (isAsked) {
        isAsked = false;
        isKnown = Buffer.from(line, "base64").toString() === `\0${this.#user}\0${this.#password}`;
        return say(isKnown ? "235 Good" : "535 Authentication failed");
      }
      if (verb === "QUIT") return say("221 Bye");
      if (!isKnown) return say("530 Authentication required");
      if (verb === "MAIL") mail.from = line.slice("MAIL FROM:".length).split(" ")[0] ?? "";
      if (verb === "RCPT") mail.to = line.slice("RCPT TO:".length);
      isData = verb === "DATA";
      return say(isData ? "354 Go ahead" : ["MAIL", "RCPT", "RSET", "NOOP"].includes(verb) ? "250 OK" : "502 Not known");
    };
    socket.on("data", (bytes: Buffer) => {
      rest += bytes.toString("latin1");
      for (;;) {
        const end = rest.indexOf(isData ? "\r\n.\r\n" : "\r\n");
        if (end < 0) return;
        const part = rest.slice(0, end);
        rest = rest.slice(end + (isData ? 5 : 2));
        if (isData) {
          this.mails.push({ ...mail, data: `${part}\r\n`.replaceAll("\r\n..", "\r\n.") });
          isData = false;
          say("250 Taken");
        } else {
          command(part);
        }
      }
    });
  }
}
