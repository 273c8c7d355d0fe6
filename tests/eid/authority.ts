// authority -- a certificate authority of a test's own and a certificate for 127.0.0.1, made by the openssl command.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Authority {
  ca: string;
  cert: string;
  key: string;
}

function openssl(...args: string[]): void {
  execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"], timeout: 20_000 });
}

export function makeAuthority(folder: string): Authority {
  const path = (name: string) => join(folder, name);
  const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl(
    ...["req", "-x509", ...ec, "-keyout", path("ca.key"), "-out", path("ca.pem"), "-days", "2"],
    ...["-subj", "/CN=Test authority", "-addext", "keyUsage=critical,keyCertSign"],
  );
  openssl(
    ...["req", "-new", ...ec, "-keyout", path("server.key"), "-out", path("server.csr")],
    ...["-subj", "/CN=127.0.0.1"],
  );
  writeFileSync(path("extensions"), "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n");
  openssl(
    ...["x509", "-req", "-in", path("server.csr"), "-CA", path("ca.pem"), "-CAkey", path("ca.key")],
    ...["-CAcreateserial", "-days", "2", "-extfile", path("extensions"), "-out", path("server.pem")],
  );
  return { ca: path("ca.pem"), cert: path("server.pem"), key: path("server.key") };
}
