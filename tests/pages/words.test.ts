// Every language says everything that a citizen or a guest can meet, with what it is given, in its own letters.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { APART } from "../../client-sdk/web/pages/words/apart.ts";
import { DEVICES } from "../../client-sdk/web/pages/words/devices.ts";
import { IDLE } from "../../client-sdk/web/pages/words/idle.ts";
import { JOURNAL } from "../../client-sdk/web/pages/words/journal.ts";
import { OF_CASE } from "../../client-sdk/web/pages/words/ofcase.ts";
import { PEOPLE } from "../../client-sdk/web/pages/words/people.ts";
import { isolate, wordsIsolated } from "../../client-sdk/web/pages/words/isolate.ts";
import { LANGUAGE_NAMES, languageRow, languageServing, STAFF_LANGUAGES, type Language } from "../../client-sdk/web/pages/words/languages.ts";
import { NOTICES } from "../../client-sdk/web/pages/words/notices.ts";
import { sv, type Words } from "../../client-sdk/web/pages/words/sv.ts";
import { STAFF_VIDEO_WORDS, STAFF_WORDS, wordsComplete, type LanguageModule, type Translation } from "../../client-sdk/web/pages/words/translation.ts";
import { UNITS } from "../../client-sdk/web/pages/words/units.ts";
import { UNSAID } from "../../client-sdk/web/pages/words/unsaid.ts";
import { SENTENCES } from "../../client-sdk/web/protocol/sentences.ts";
import { ERRORS, type ErrorName } from "../../client-sdk/web/protocol/tables.ts";

type Leaf = string | readonly string[] | ((...values: unknown[]) => string);

const STAFF = new Set([...STAFF_WORDS, ...STAFF_VIDEO_WORDS.map((word) => `video.${word}`), "errors.NOT_STAFF", "errors.NOT_QUEUED"]);
/** Swedish tells these with their sentences of errors.def; a citizen can meet them. */
const MET: readonly ErrorName[] = ["PROVIDER_UNREACHABLE", "PROVIDER_UNKNOWN", "NOT_LOGGED_IN", "MAY_NOT", "TOO_FAST", "BUSY", "STORE_FAILED", "MEMORY"];
const COUNTS = [0, 1, 2, 5, 11, 100];
const COUNTED = ["unread", "found", "logoutUnsent", "minutes", "hours", "days"] as const;
/** What a text of the language has at least one of. */
const LETTERS: Partial<Record<Language, RegExp>> = { ar: /\p{Script=Arabic}/u, fa: /\p{Script=Arabic}/u, uk: /[\p{Script=Cyrillic}№]/u, ti: /\p{Script=Ethiopic}/u };

/** What is loaded with its page alone; its words for types and browsers may be the same in two languages. */
const LATER: Record<string, Record<Language, object>> = { APART, DEVICES, IDLE, JOURNAL, NOTICES, OF_CASE, PEOPLE, UNITS, UNSAID };

const modules = new Map<Language, LanguageModule<Translation>>();

/** Each text and function by its path; what only caseworkers meet is named by the first part of its own. */
function leaves(words: object, path = ""): [string, Leaf][] {
  return Object.entries(words).flatMap(([key, word]: [string, unknown]): [string, Leaf][] => {
    const here = path === "" ? key : `${path}.${key}`;
    if (STAFF.has(here)) return [];
    return typeof word === "object" && word !== null && !Array.isArray(word) ? leaves(word, here) : [[here, word as Leaf]];
  });
}

/** The texts of a language as people see them, functions given `value`. */
function texts(words: object, value: unknown): [string, string][] {
  return leaves(words).flatMap(([path, leaf]): [string, string][] => {
    if (typeof leaf === "function") return [[path, leaf(...Array.from({ length: leaf.length }, () => value))]];
    return typeof leaf === "string" ? [[path, leaf]] : leaf.map((text, index) => [`${path}.${index}`, text]);
  });
}

function wordsOf(language: Language): Translation {
  return (modules.get(language) as LanguageModule<Translation>).words;
}

before(async () => {
  for (const language of LANGUAGE_NAMES) modules.set(language, await languageRow(language).load());
});

test("every language has every word that a citizen or a guest can meet, and no other", () => {
  const wanted = new Map(leaves(sv));
  for (const language of LANGUAGE_NAMES) {
    const own = new Map(leaves(wordsOf(language)));
    for (const [path, leaf] of wanted) {
      const word = own.get(path);
      assert.ok(word !== undefined, `${language} lacks ${path}`);
      assert.equal(typeof word, typeof leaf, `${language}: ${path}`);
      if (typeof leaf === "function") assert.equal((word as () => string).length, leaf.length, `${language}: ${path} takes something else`);
    }
    const surplus = [...own.keys()].filter((path) => !wanted.has(path) && !MET.some((error) => path === `errors.${error}`));
    assert.deepEqual(surplus, [], `${language} has words that nobody asks for`);
  }
});

test("a button whose name says more than is written on it begins with what is written", () => {
  for (const language of LANGUAGE_NAMES) {
    const { send, recordingLeft } = wordsOf(language);
    assert.ok(recordingLeft.send.startsWith(send), `${language}: "${recordingLeft.send}" does not begin with "${send}"`);
  }
});

test("what is said is never empty, and loses nothing that it is given", () => {
  for (const language of LANGUAGE_NAMES) {
    const given = new Map(leaves(wordsOf(language)).filter(([, leaf]) => typeof leaf === "function").map(([path, leaf]) => [path, (leaf as (...values: unknown[]) => string).length]));
    for (const [path, text] of texts(wordsOf(language), "Testina")) {
      assert.equal(typeof text, "string", `${language}: ${path}`);
      // A picture that is there needs no word; counted words are looked at below.
      if (path === "video.states.connected" || (COUNTED as readonly string[]).includes(path) || path === "video.waitPosition") continue;
      assert.ok(text.trim() !== "", `${language}: ${path} is empty`);
      assert.doesNotMatch(text, /undefined|NaN|\[object/, `${language}: ${path}`);
      assert.equal(text.split("Testina").length - 1, given.get(path) ?? 0, `${language}: ${path} says "${text}"`);
    }
  }
});

test("each is in its own letters, and none is left in Swedish or English", () => {
  const swedish = new Map(texts(sv, "1"));
  const english = new Map(texts(wordsOf("en"), "1"));
  for (const language of LANGUAGE_NAMES.filter((one) => languageRow(one).tag !== "sv" && one !== "en")) {
    const letters = LETTERS[language];
    const same = texts(wordsOf(language), "1").filter(([path, text]) => text.length > 8 && (text === swedish.get(path) || text === english.get(path)));
    assert.deepEqual(same, [], `${language} has what is not translated`);
    if (letters === undefined) continue;
    for (const [path, text] of texts(wordsOf(language), "1")) if (text !== "") assert.match(text, letters, `${language}: ${path}`);
  }
});

test("what is loaded with its page alone is there in every language, in its own letters, and loses nothing that it is given", () => {
  for (const [name, table] of Object.entries(LATER)) {
    const wanted = leaves(table.sv).map(([path]) => path).sort();
    const of = (language: Language) => new Map(texts(table[language], "Testina"));
    for (const language of LANGUAGE_NAMES) {
      assert.deepEqual([...of(language).keys()].sort(), wanted, `${language}: ${name}`);
      const given = new Map(leaves(table[language]).map(([path, leaf]) => [path, typeof leaf === "function" ? leaf.length : 0]));
      for (const [path, text] of of(language)) {
        const isSame = path !== "with" && languageRow(language).tag !== "sv" && text.length > 12 && (text === of("sv").get(path) || (language !== "en" && text === of("en").get(path)));
        assert.ok(text.trim() !== "" && !isSame, `${language}: ${name}.${path} says "${text}"`);
        assert.equal(text.split("Testina").length - 1, path === "with" ? 2 : given.get(path), `${language}: ${name}.${path}`);
        if (path !== "with") assert.match(text, LETTERS[language] ?? /\p{Script=Latin}/u, `${language}: ${name}.${path}`);
      }
    }
  }
});

test("counted words have the right form", () => {
  for (const language of LANGUAGE_NAMES) {
    for (const word of COUNTED) {
      for (const n of COUNTS) {
        const text = wordsOf(language)[word](n);
        // One and two may be in the word itself, and none may be a word of its own.
        assert.ok(text.includes(String(n)) || n <= 2, `${language}: ${word}(${n}) says "${text}"`);
      }
    }
    for (const n of COUNTS) assert.notEqual(wordsOf(language).video.waitPosition(n), "", language);
  }
  assert.deepEqual([...COUNTS, 21, 22].map(wordsOf("uk").days), ["0 днів", "1 день", "2 дні", "5 днів", "11 днів", "100 днів", "21 день", "22 дні"]);
  assert.deepEqual([...COUNTS, 3, 101].map(wordsOf("ar").days), ["0 يوم", "يوم واحد", "يومان", "5 أيام", "11 يومًا", "100 يوم", "3 أيام", "101 يوم"]);
  assert.deepEqual(COUNTS.map(wordsOf("sv").days), ["0 dagar", "1 dag", "2 dagar", "5 dagar", "11 dagar", "100 dagar"]);
});

test("errors that a citizen can meet are told in each language", () => {
  for (const language of LANGUAGE_NAMES.filter((one) => one !== "sv" && one !== "en")) {
    const { errors } = wordsOf(language);
    assert.deepEqual(MET.filter((error) => errors[error] === undefined), [], language);
    assert.deepEqual(Object.keys(errors).filter((error) => !(error in ERRORS)), [], language);
  }
});

test("a translation says at its head, and to its readers, whether somebody whose language it is has read it", () => {
  for (const [language, { review, words }] of modules) {
    const isReviewed = STAFF_LANGUAGES.includes(language);
    assert.equal(review, isReviewed ? "reviewed" : "unreviewed", language);
    assert.notEqual(words.unreviewed, "", language);
    const source = readFileSync(new URL(`../../client-sdk/web/pages/words/${language}.ts`, import.meta.url), "utf8");
    const head = source.split("\n").filter((line, index, lines) => lines.slice(0, index + 1).every((before) => before.startsWith("//"))).join("\n");
    assert.equal(head.includes("UNREVIEWED"), !isReviewed, language);
  }
});

test("what only caseworkers meet stands in Swedish where it is not translated", () => {
  const words = wordsComplete(sv, wordsOf("ti"));
  assert.equal(words.choose, sv.choose);
  assert.equal(words.video.admit, sv.video.admit);
  assert.equal(words.journal, wordsOf("ti").journal);
});

test("a reader is served in the first of the browser's languages that is there, else in English", () => {
  const first = (...tags: string[]) => languageServing(tags, LANGUAGE_NAMES);
  assert.equal(first("ar-SY", "sv"), "ar");
  assert.equal(first("prs-AF"), "fa");
  assert.equal(first("nb-NO"), "sv");
  assert.equal(first("de-DE", "uk"), "uk");
  assert.equal(first("de-DE"), "en");
  assert.equal(first(), "en");
  assert.equal(languageServing(["ar-SY", "sv-SE"], STAFF_LANGUAGES), "sv");
});

test("names keep their direction in a sentence of the other one", () => {
  const isolated = (language: Language) => wordsIsolated<Words>(wordsComplete(sv, wordsOf(language)), languageRow(language).direction);
  assert.equal(isolated("ar").with("Testina"), "مع \u2068Testina\u2069");
  assert.equal(isolated("sv").with("Testina"), "Med Testina");
  assert.equal(isolated("sv").with("أحمد"), "Med \u2068أحمد\u2069");
  // Nothing is no name.
  assert.equal(isolated("ar").video.prepareTitle(""), wordsOf("ar").video.call);
  assert.equal(isolate("", "rtl"), "");
});

test("dates, lists and names of languages are those of the page's language", async () => {
  const kept = new Map<string, string>();
  const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value) };
  Object.assign(globalThis, { document: { documentElement: {} }, localStorage: storage, sessionStorage: storage });
  const { errorWords, fullWhen, languageName, languageSet, listOf } = await import("../../client-sdk/web/pages/words/words.ts");
  const at = new Date(2026, 10, 29, 14, 5).getTime();
  const told = new Map<Language, string>();
  for (const language of LANGUAGE_NAMES) {
    await languageSet(language, false);
    assert.match(fullWhen(at), /2026/, language);
    assert.match(fullWhen(at), /14[.:]05/, language);
    told.set(language, `${fullWhen(at)} ${listOf(["Anna", "Bo", "Cilla"])} ${languageName("fi")}`);
  }
  assert.match(told.get("sv") as string, /^29 november 2026 .*Anna, Bo och Cilla finska$/);
  assert.match(told.get("uk") as string, /листопада 2026 .*фінська$/);
  assert.match(told.get("fa") as string, /2026/);
  // An error that this language has no words for is told in English.
  assert.equal(errorWords("SEEN_WRONG"), SENTENCES.SEEN_WRONG);
});
