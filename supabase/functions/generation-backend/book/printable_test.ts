// What the book's font can set, whatever a model or a user wrote.
import assert from "node:assert/strict";
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
