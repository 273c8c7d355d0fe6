// files -- what tools/packages has made, for the tests of this folder.
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

export const root = new URL("../../", import.meta.url).pathname;
export const built = {
  enrumd: join(root, "build/release/bin/enrumd"),
  "enrum-keeper": join(root, "build/release/bin/enrum-keeper"),
  enrum: join(root, "build/release/bin/enrum"),
  "libenrum.so": join(root, "build/release/libenrum.so"),
};
export const units = {
  enrumd: join(root, "packaging/host/enrumd.service"),
  "enrum-keeper": join(root, "packaging/keeper/enrum-keeper@.service"),
};

export const says = (program: string, ...words: string[]): string => execFileSync(program, words, { encoding: "utf8" });

/** The .deb of a package. */
export function deb(name: string): string {
  const folder = join(root, "build/packages");
  const version = JSON.parse(says("node", "-p", `JSON.stringify(require("${join(root, "package.json")}").version)`)) as string;
  const file = readdirSync(folder).find((each) => each.startsWith(`${name}_${version}_`));
  if (!file) throw new Error(`there is no ${name}_${version} in build/packages: tools/packages makes it`);
  return join(folder, file);
}
