// What the book's font can set, whatever a model or a user wrote.
import assert from "node:assert/strict";
import { ApiError } from "../../_shared/http/errors.ts";
import { printable } from "./printable.ts";

const everything = () => true;

Deno.test("a word that no line holds is broken, and nothing else of the text changes", () => {
  const word = "é".repeat(6000);
  const set = printable(`Once. ${word} End.`, everything);
  assert.ok(set.split(" ").every((part) => [...part].length <= 80));
  assert.equal(set.replaceAll(" ", ""), `Once.${word}End.`);
  const usual = "A paragraph.\n\nAnother one, with a Donaudampfschifffahrtsgesellschaft in it.";
  assert.equal(printable(usual, everything), usual);
});

Deno.test("a word without a letter that can be set is refused, however long the text around it", () => {
  const has = (codePoint: number) => codePoint < 0x250;
  const around = "There was only one like him. ".repeat(50);
  assert.throws(
    () => printable(`${around} He was a 一条龙, and that was that.`, has),
    (error) => error instanceof ApiError && error.code === "unsupported_script",
  );
  assert.equal(printable("A ℵ 🦊 fox in Hawaiʻi named Nguyễn.", has), "A fox in Hawaii named Nguyen.");
});
