import assert from "node:assert/strict";
import { tellingFor } from "./bands.ts";
import { Dice } from "./random.ts";
import { type Cast, fill, sentences } from "./template.ts";

const cast = (change: Partial<Cast> = {}): Cast => ({
  hero: "f",
  helper: "n",
  slots: { name: "Ida", "helper.a": "ein Reh" },
  ...change,
});

Deno.test("slots are filled, with a capital where they are asked for with one", () => {
  assert.equal(fill("{Helper.a} sah {name}.", cast(), new Dice(1)), "Ein Reh sah Ida.");
  assert.throws(() => fill("{nobody}", cast(), new Dice(1)), /no slot nobody/);
});

Deno.test("forms follow the hero and the helper", () => {
  const template = "<Er|Sie> kam, und <~er|sie|es> ging.";
  assert.equal(fill(template, cast(), new Dice(1)), "Sie kam, und es ging.");
  assert.equal(fill(template, cast({ hero: "m", helper: "f" }), new Dice(1)), "Er kam, und sie ging.");
});

Deno.test("chance is the same for the same seed, and every option gets its turn", () => {
  const pick = (seed: number) => fill("[a|b|c]", cast(), new Dice("seed", seed));
  const seen = new Set(Array.from({ length: 40 }, (_, seed) => pick(seed)));
  assert.deepEqual([...seen].sort(), ["a", "b", "c"]);
  assert.equal(pick(7), pick(7));
});

Deno.test("empty slots leave no gap behind", () => {
  assert.equal(fill("One. {fact} Two {fact}.", cast({ slots: { fact: "" } }), new Dice(1)), "One. Two.");
});

Deno.test("details are for the older half of a level", () => {
  const levels = ["A. (+B.+)", "C. (+D.+)", "E. (+F. +)G."] as const;
  assert.equal(tellingFor(levels, 0, true).trim(), "A.");
  assert.equal(tellingFor(levels, 1, true), "A. B.");
  assert.equal(tellingFor(levels, 3, false), "E. G.");
  assert.equal(tellingFor(levels, 4, false), "E. F. G.");
});

Deno.test("sentences end where they end, also with quotation marks", () => {
  assert.deepEqual(sentences("“Stop!” Ned ran. He fell… „Ach“, sagte er. «¿Y?» Fin."), [
    "“Stop!”",
    "Ned ran.",
    "He fell…",
    "„Ach“, sagte er.",
    "«¿Y?»",
    "Fin.",
  ]);
});
