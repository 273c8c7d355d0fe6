// The personas: plainly made up, complete, and with numbers that fit.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ageOn, organisations, personas, referenceDate } from "../../demo/eid/personas.ts";

const citizens = personas.filter((persona) => !persona.board);
const staff = personas.filter((persona) => persona.board);
/** The last month in which the ages of the reference date still hold. */
const later = `${Number(referenceDate.slice(0, 4)) + 1}-11-01`;

function isLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

test("the check digit is really checked", () => {
  assert.ok(isLuhn("9001152397"));
  assert.ok(!isLuhn("9001152398"));
  assert.ok(!isLuhn("9001512397"));
});

test("every number is twelve digits with a right check digit, and nobody else's", () => {
  for (const { id, personalIdentityNumber } of personas) {
    assert.match(personalIdentityNumber, /^\d{12}$/, id);
    assert.ok(isLuhn(personalIdentityNumber.slice(2)), id);
  }
  assert.equal(new Set(personas.map((p) => p.personalIdentityNumber)).size, personas.length);
  for (const { orgNumber } of Object.values(organisations)) {
    assert.match(orgNumber, /^\d{10}$/);
    assert.ok(isLuhn(orgNumber), orgNumber);
  }
});

test("the birthdate is the number's", () => {
  for (const { id, birthdate, personalIdentityNumber } of personas) {
    assert.equal(birthdate.replaceAll("-", ""), personalIdentityNumber.slice(0, 8), id);
    assert.equal(new Date(birthdate).toISOString().slice(0, 10), birthdate, id);
  }
});

test("ages count from the birthday on", () => {
  assert.equal(ageOn("2011-11-13", "2026-11-12"), 14);
  assert.equal(ageOn("2011-11-13", "2026-11-13"), 15);
});

test("one citizen is fifteen and one is eighty, for eleven months", () => {
  for (const day of [referenceDate, later]) {
    const aged = (age: number) => citizens.filter((p) => ageOn(p.birthdate, day) === age).map((p) => p.id);
    assert.deepEqual(aged(15), ["test.femtonsson"], day);
    assert.deepEqual(aged(80), ["test.attiosson"], day);
  }
  assert.ok(new Set(citizens.map((p) => ageOn(p.birthdate, referenceDate))).size >= 5, "several ages");
});

test("every name is plainly made up", () => {
  for (const { id, name, given_name, family_name } of personas) {
    assert.match(name, /Test/, id);
    assert.equal(name, `${given_name} ${family_name}`, id);
  }
});

test("login names are short, and each is one person's", () => {
  for (const { id } of personas) assert.match(id, /^[a-z]+\.[a-z]+[0-9]?$/);
  assert.equal(new Set(personas.map((p) => p.id)).size, personas.length);
  assert.equal(citizens[0]?.id, "test.testsson");
});

test("one citizen has a level that is too low, all others have three or four", () => {
  const levels = citizens.map((p) => [p.id, /^http:\/\/id\.elegnamnden\.se\/loa\/1\.0\/loa([234])$/.exec(p.acr)?.[1]]);
  assert.deepEqual(levels.filter(([, level]) => level === "2").map(([id]) => id), ["test.lagniva"]);
  assert.ok(levels.every(([, level]) => level !== undefined));
  assert.ok(levels.some(([, level]) => level === "4"));
});

test("each board has two caseworkers and a head, the first caseworker first", () => {
  const boards = JSON.parse(
    readFileSync(new URL("../../demo/boards.json", import.meta.url), "utf8"),
  ) as { id: string }[];
  assert.deepEqual(Object.keys(organisations), boards.map((b) => b.id));
  for (const { id } of boards) {
    const own = staff.filter((p) => p.board === id);
    assert.deepEqual(own.map((p) => p.id), [`${id}.handlaggare`, `${id}.handlaggare2`, `${id}.chef`]);
    assert.ok(own.every((p) => p.title && p.acr === "http://id.swedenconnect.se/loa/1.0/uncertified-loa3"));
    assert.ok(own.every((p) => ageOn(p.birthdate, referenceDate) >= 18));
  }
  assert.equal(staff.length, boards.length * 3);
});
