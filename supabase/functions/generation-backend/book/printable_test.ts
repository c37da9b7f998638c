// What the book's font can set, whatever a model or a user wrote.
import assert from "node:assert/strict";
import { ApiError } from "../../_shared/http/errors.ts";
import { loadFonts } from "./fonts.ts";
import { printable } from "./printable.ts";

const { has } = loadFonts();
const set = (text: string) => printable(text, has);

/** The same in each language: nothing is lost, nothing is changed. */
const KEPT = [
  "Wani ƙaramin ɓera yana son ɗan kada. Ƙofar gidan tana da kyau ƙwarai.",
  "Ɔkraman ketewa bi dɔ ne yɔnko. Ɛnnɛ yɛ da pa. Kɔfi",
  "Ðevi sue aɖe yi ƒuta. Exɔ̃ ŋku.",
  "N bɛ taa so. Ɲinɛ, ŋɔmi, dɔgɔkun",
  "Як рӯбоҳи хурд дар ҷангал зиндагӣ мекард.",
  "Иу чысыл рувас цард хъӕды. ЦӀока а, Ӏаж а.",
  "Šúŋka čík’ala waŋ ȟé él ǧí. Uʹccpõõǥǥ ǩeässa jânnam ǯ.",
  "Kṛṣṇa, Ḥanumān, ṭīkā, ṁ. Þæt yoȝ ƿynn Ǣ ǫ ø",
  "ƙ ɔ ҷ ẞ Ə Ŋ ꞌ Ҙ Ӷ Ԥ ἀ ω ầ ʻO Kaʻiulani ﬁn ½",
  "Zażółć gęślą jaźń. Çağla İğne ışık. Nguyễn Thị Hường. Ἐν ἀρχῇ ἦν ὁ λόγος, ᾧ. Ђорђе Њ. Қазақ тілі, ұ, һ.",
  "« Bonjour ! » dit-il : « Qui est là ? » … ‼ © → ∞",
  "He waited ... and waited . … !!! …",
];
for (const text of KEPT) {
  Deno.test(`this is set as it is: ${text.slice(0, 30)}`, () =>
    assert.equal(set(text), text.normalize("NFC")));
}

Deno.test("only what is missing is touched", () => {
  const cases = {
    "A 🦊 fox  ran\u200d away\u0007 , 3️⃣ of 🇩🇪, 👩‍👩‍👧!": "A fox ran away , 3 of,!",
    "The fox waited。 “Hello，fox！” it said？": "The fox waited. “Hello,fox!” it said?",
    "a\tb\vc\fd\u0085e\u2028f\u2029g": "a b c d e f g",
    "one\n\n\n\ntwo \n three": "one\n\ntwo\nthree",
    "abc \u202etxet\u202c def \ud83e.": "abc txet def.",
    "🦊🦊🦊": "",
  };
  for (const [text, expected] of Object.entries(cases)) assert.equal(set(text), expected, text);
});

Deno.test("a letter that the font lacks refuses the book and is named", () => {
  const around = "There was only one like him. ".repeat(50);
  const missing = {
    [`${around}a girl called 美咲`]: "美",
    "The letter א is first.": "א",
    "Ѩ": "Ѩ",
    "ℵ": "א",
  };
  for (const [text, letter] of Object.entries(missing)) {
    assert.throws(
      () => set(text),
      (error) =>
        error instanceof ApiError && error.code === "unsupported_script" &&
        error.message.includes(`“${letter}”`),
    );
  }
});

Deno.test("a word that no line holds is broken between its letters, and nothing else of the text changes", () => {
  const word = "ɔ̃".repeat(6000);
  const broken = set(`Once. ${word} End.`);
  assert.ok(broken.split(" ").every((part) => part.length <= 81 && !/^\p{M}/u.test(part)));
  assert.equal(broken.replaceAll(" ", ""), `Once.${word}End.`);
  assert.ok(set(`a${"\u0301".repeat(6000)}`).length < 12);
  const usual = "A paragraph.\n\nAnother one, with a Donaudampfschifffahrtsgesellschaft in it.";
  assert.equal(set(usual), usual);
});
