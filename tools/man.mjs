// man -- the manual pages, made of what the programs say themselves (--help, --version), the tables that they are made from, and
// the prose of packaging/man.   node tools/man.mjs PROGRAMS-FOLDER OUT-FOLDER
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readRows } from "./rows.mjs";

const [programs, out] = process.argv.slice(2);
if (!out) {
  console.error("usage: node tools/man.mjs PROGRAMS-FOLDER OUT-FOLDER");
  process.exit(2);
}
const prose = new URL("../packaging/man/", import.meta.url).pathname;
const roff = (text) => text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll(/^([.'])/gm, "\\&$1");
const said = (program, word) =>
  execFileSync(join(programs, program), [word], { encoding: "utf8", env: { LC_ALL: "C.UTF-8" } });

function limits() {
  const rows = readRows("server/settings.def", { SETTING: 4 }).map(
    ([, name, standard, most, what]) => `.TP\n.B ${roff(name)}\n${roff(what)} (${standard}; at most ${most})`);
  return `.SH LIMITS\nKeys of "limits" in the configuration.\n${rows.join("\n")}\n`;
}

mkdirSync(out, { recursive: true });
for (const file of readdirSync(prose)) {
  const [program, section] = file.split(".");
  const [name, ...paragraphs] = readFileSync(join(prose, file), "utf8").trim().split("\n\n");
  const version = said(program, "--version").trim();
  const page =
    `.TH ${program.toUpperCase()} ${section} "" "${version}" "Enrum"\n` +
    `.SH NAME\n${roff(name)}\n` +
    `.SH SYNOPSIS\n.nf\n${roff(said(program, "--help").trimEnd())}\n.fi\n` +
    `.SH DESCRIPTION\n${paragraphs.map(roff).join("\n.PP\n")}\n` +
    (program === "enrumd" ? limits() : "");
  writeFileSync(join(out, `${program}.${section}`), page);
}
