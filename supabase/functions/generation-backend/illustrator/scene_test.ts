import assert from "node:assert/strict";
import { characters } from "../words/characters.ts";
import { floats } from "./cast/draw.ts";
import { castOf, readScene, usualOf } from "./scene.ts";

const usual = { hero: "fox", scenery: "forest" };

Deno.test("who appears in a line is found in order, each once, longest names first", () => {
  assert.deepEqual(castOf("A polar bear and two mice meet the polar bear's aunt, a bear"), [
    "polar bear",
    "mouse",
    "bear",
  ]);
  assert.deepEqual(castOf("The foxes and a ladybug under the moon"), ["fox", "ladybird"]);
  assert.deepEqual(castOf("nobody at all"), []);
});

Deno.test("a line sets place, hour, weather, mood and props", () => {
  const scene = readScene(
    "A fox sadly sitting in the rain at the beach with an umbrella, golden evening",
    usual,
    0,
  );
  assert.equal(scene.scenery, "beach");
  assert.equal(scene.hour, "dusk");
  assert.equal(scene.weather, "rain");
  assert.equal(scene.mood, "sad");
  assert.ok(scene.props.includes("umbrella"));
});

Deno.test("the book's hero is in every picture, and never more than two others", () => {
  const scene = readScene("An owl, a mouse, a hare and a toad at a feast", usual, 3);
  assert.deepEqual(scene.cast, ["fox", "owl", "mouse"]);
});

Deno.test("a moon to look at is not a place to be", () => {
  assert.equal(readScene("A fox looking at the moon", usual, 0).scenery, "forest");
  assert.equal(readScene("A fox on the moon", usual, 0).scenery, "space");
});

Deno.test("those who live in the water do not sleep in beds", () => {
  const scene = readScene("The fish tucked up in bed", { hero: "fish", scenery: "sea" }, 0);
  assert.equal(scene.indoors, false);
  assert.ok(!scene.props.includes("bed"));
});

Deno.test("a seal lies on the ground, and in a bed", () => {
  const scene = readScene("The seal tucked up in bed", { hero: "seal", scenery: "snow" }, 0);
  assert.equal(scene.indoors, true);
  assert.ok(scene.props.includes("bed"));
  assert.deepEqual(["seal", "otter", "whale"].map(floats), [false, false, true]);
});

Deno.test("a book is set where its lines end, not in what they speak of", () => {
  const lines = ["A fish looking at a castle, sea, dusk", "The fish dreaming of a farm, sea"];
  assert.deepEqual(usualOf(lines), { hero: "fish", scenery: "sea" });
});

Deno.test("the hero of a book is whoever most of its pictures name", () => {
  const lines = ["A bear in the snow", "A bear and an owl", "The bear sleeps in the snow", ""];
  assert.deepEqual(usualOf(lines), { hero: "bear", scenery: "snow" });
  assert.deepEqual(usualOf([""]), { hero: "creature", scenery: "forest" });
});

Deno.test("every character can be told from a line by its English name", () => {
  const celestial = ["moon", "star", "cloud", "tree", "boat"];
  for (const { kind, en } of characters) {
    if (!celestial.includes(kind)) assert.deepEqual(castOf(`the ${en.one} waits`), [kind], kind);
  }
});
