// doorway -- passes TCP connections on as they are. The servers' development certificate is one of loopback addresses, so each
// participant's machine has their ports on its loopback, and what comes there goes on to the servers over the cable.
//     node doorway.ts FROM=TO ...      each ADDRESS:PORT, or the path of a socket
// Prints "ready" when it listens.
import { connect, createServer, type NetConnectOpts } from "node:net";
import { once } from "node:events";

function placeOf(word: string): NetConnectOpts {
  const [, host, port] = /^([\d.]+):(\d+)$/.exec(word) ?? [];
  return host === undefined ? { path: word } : { host, port: Number(port) };
}

for (const word of process.argv.slice(2)) {
  const [from = "", to = ""] = word.split("=");
  const server = createServer((near) => {
    const far = connect({ ...placeOf(to), noDelay: true });
    near.setNoDelay(true);
    near.on("error", () => far.destroy()).pipe(far);
    far.on("error", () => near.destroy()).pipe(near);
  });
  server.listen(placeOf(from));
  await once(server, "listening");
}
console.log("ready");
