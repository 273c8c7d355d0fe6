// What is shipped is built to be hard to take over, and libenrum.so shows what it promises and nothing else.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { built, deb, root, says } from "./files.ts";

for (const [name, file] of Object.entries(built)) {
  test(`${name} is built with every defence`, () => {
    const segments = says("readelf", "-lW", file);
    const dynamic = says("readelf", "-dW", file);
    const symbols = says("readelf", "--dyn-syms", "-W", file);
    assert.match(segments, /GNU_RELRO/, "relocations are made read-only");
    assert.match(dynamic, /BIND_NOW/, "all of them, at the start");
    assert.match(segments, /GNU_STACK\s+(\S+\s+){5}RW\s/, "the stack is not executable");
    assert.doesNotMatch(segments, /LOAD.* RWE /, "nothing is writable and executable");
    assert.doesNotMatch(dynamic, /\((RPATH|RUNPATH|TEXTREL)\)/, "libraries come from the system's folders");
    assert.match(symbols, /__stack_chk_fail/, "a stack that was overwritten is noticed");
    assert.match(symbols, /__\w+_chk@/, "calls of libc know the size of what they write to");
    if (name === "libenrum.so") assert.match(dynamic, /\(SONAME\).*\[libenrum\.so\.0\]/);
    else assert.match(dynamic, /FLAGS_1.*PIE/, "it is loaded at an address of chance");
  });
}

test("libenrum.so shows the symbols of packaging/libenrum.symbols, and no other", () => {
  const shown = says("nm", "-D", "--defined-only", built["libenrum.so"])
    .split("\n")
    .flatMap((line) => /^\S+ ([TDBR]) (\w+)@@(\w+)$/.exec(line)?.slice(2) ?? [])
    .filter((_word, index) => index % 2 === 0);
  const promised = readFileSync(join(root, "packaging/libenrum.symbols"), "utf8").trim().split("\n");
  const gone = promised.filter((name) => !shown.includes(name));
  const more = shown.filter((name) => !promised.includes(name));
  assert.deepEqual(gone, [], "programs that were linked with it no longer start: a new SOVERSION, or put it back");
  assert.deepEqual(more, [], "it is promised from now on: add it to packaging/libenrum.symbols, or keep it inside");
});

test("every function that enrum.h declares is there", () => {
  const header = readFileSync(join(root, "client-sdk/c/include/enrum.h"), "utf8").replaceAll(/\/\*[\s\S]*?\*\//g, "");
  const declared = new Set([...header.matchAll(/\b(enrum_\w+)\(/g)].map((match) => match[1]!));
  const promised = new Set(readFileSync(join(root, "packaging/libenrum.symbols"), "utf8").trim().split("\n"));
  assert.ok(declared.size > 20);
  assert.deepEqual([...declared].filter((name) => !promised.has(name)), []);
});

for (const name of ["enrum-host", "enrum-keeper", "enrum", "libenrum0"]) {
  test(`${name} has a bill of materials that holds what it depends on`, () => {
    const file = deb(name);
    const bom = JSON.parse(says("sh", "-c", `dpkg-deb --fsys-tarfile ${file} | tar -xO ./usr/share/doc/${name}/${name}.cdx.json`)) as {
      bomFormat: string;
      components: { name: string; version: string; purl: string }[];
    };
    assert.equal(bom.bomFormat, "CycloneDX");
    const named = new Set(bom.components.map((component) => component.name));
    const depends = says("dpkg-deb", "-f", file, "Depends").trim().split(/,\s*/).map((each) => each.split(" ")[0]!);
    const linked = depends.filter((each) => !["adduser", "ca-certificates", "libwebsockets-evlib-ev"].includes(each));
    assert.deepEqual(linked.filter((each) => !named.has(each)), []);
    for (const component of bom.components)
      assert.equal(component.version, says("dpkg-query", "-W", "-f", "${Version}", component.name));
  });
}

test("every manual page is without complaints, and names every limit", () => {
  for (const page of ["enrumd.8", "enrum-keeper.8", "enrum.1"]) {
    assert.equal(says("sh", "-c", `man --warnings -l ${join(root, "build/release/man", page)} 2>&1 >/dev/null`), "");
  }
  const host = says("man", "-l", join(root, "build/release/man/enrumd.8"));
  for (const [, name] of readFileSync(join(root, "server/settings.def"), "utf8").matchAll(/^SETTING\((\w+)/gm))
    assert.match(host, new RegExp(`^ {7}${name}( |$)`, "m"), `${name} is not in enrumd(8)`);
});
