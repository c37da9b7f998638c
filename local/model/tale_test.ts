// The stand-in's stories hold for every prompt: sentences of the data's own, and one quotation.
import assert from "node:assert/strict";
import fc from "fast-check";
import german from "./data/de.json" with { type: "json" };
import english from "./data/en.json" with { type: "json" };
import kinds from "./data/kinds.json" with { type: "json" };
import spanish from "./data/es.json" with { type: "json" };
import { understand } from "./prompt.ts";
import { effort } from "../../tests/support/effort.ts";
import { tell, type Wish } from "./tale.ts";

const languages = { en: english, de: german, es: spanish };
const QUOTES = { en: "“”", de: "„“", es: "«»" };
type Language = keyof typeof languages;

const WORD = "[\\p{L}\\p{M}'’-]{1,21}\\.?";
const HERO = `(?:${WORD} ){0,2}${WORD}`;
const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** One or more of the texts that the data can say, as a pattern; `WISH` stands for the prompt. */
function patternOf(language: Language, level: 0 | 1 | 2): RegExp {
  const { opens, wishes, secrets, quests, places, meets, troubles, farewells, interludes } =
    languages[language];
  const oneOf = (texts: string[]) => `(?:${texts.join("|")})`;
  const friends = Object.values(languages[language].friends);
  const names: Record<string, string> = {
    hero: HERO,
    a_kind: oneOf(Object.values(kinds).map((kind) => kind[language])),
    a_friend: oneOf(friends.map(([some]) => some)),
    friend: oneOf(friends.map(([, the]) => the)),
    Friend: oneOf(friends.map(([, the]) => the.charAt(0).toUpperCase() + the.slice(1))),
    gift: oneOf(Object.values(languages[language].gifts)),
  };
  const all = [opens, wishes, secrets, meets, farewells, Object.values(places), Object.values(interludes)]
    .flat()
    .concat(
      Object.values(troubles).flat(),
      Object.values(quests).flatMap(({ want, climax, end }) => [want, climax, end]),
    );
  const sources = all.map((text) => {
    const older = level < 2 ? text.replace(/<[^>]*>/g, "") : text;
    const told = (level < 1 ? older.replace(/\{[^}]*\}/g, "") : older).replace(/[{}<>]/g, "").replace(
      / {2,}/g,
      " ",
    ).trim();
    return quoted(told).replace(/#wish#/g, "WISH").replace(/#(\w+)#/g, (_, name) => names[name]);
  });
  // Many begin with a hero, who is looked for once.
  const { true: heroic = [], false: others = [] } = Object.groupBy(
    sources,
    (source) => String(source.startsWith(HERO)) as "true" | "false",
  );
  const deeds = heroic.map((source) => source.slice(HERO.length));
  const one = `(?:${[...others, `${HERO}(?:${deeds.join("|")})`].join("|")})`;
  return new RegExp(`^${one}(?: ${one})*$`, "u");
}

const patterns = Object.fromEntries(
  (Object.keys(languages) as Language[]).map((
    language,
  ) => [language, ([0, 1, 2] as const).map((level) => patternOf(language, level))]),
);

function check(wish: Wish): void {
  const { title, pages } = tell(wish);
  const language = wish.language as Language;
  const { quotation } = understand(wish.prompt, language);
  const level = wish.age < 5 ? 0 : wish.age < 8 ? 1 : 2;
  const own = patterns[language][level];
  assert.ok(title.length <= 200 && title !== "");
  assert.equal(pages.length, wish.pages);
  assert.equal(new Set(pages.map(({ text }) => text)).size, wish.pages, "two pages are the same");
  const [first, ...others] = pages.map(({ text }) => text);
  const isQuoted = quotation !== undefined;
  const [open, close] = QUOTES[language];
  const opening = isQuoted
    ? first.replace(`${open}${quotation}${close}`, () => `${open}WISH${close}`)
    : first;
  for (const text of [opening, ...others]) assert.ok(own.test(text), text);
  assert.equal(opening.includes("WISH"), isQuoted);
  assert.deepEqual(tell(wish), { title, pages });
}

const words = fc.constantFrom(
  ..."a the fox dragon no without called named Miso Zoë moon robot who ein eine kleiner Drache namens Fips der heißt ohne keine und sin llamado Lucía el gato que y 3 , . ! ? “ ” „ « » ' # #hero# [hero:x] {a} <b> </b> <img src=x> \\ / & 🦊 龙 кот אריה \uE000 $& $1"
    .split(" "),
);
const prompts = fc.oneof(
  fc.array(words, { maxLength: 30 }).map((all) => all.join(" ")),
  fc.string({ unit: "grapheme", maxLength: 80 }),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", minLength: 900, maxLength: 1000 }),
  fc.constantFrom(
    "",
    " ",
    "...",
    "!!!",
    "a",
    "no",
    "Ana",
    "Ana, Ben, Cem and Dora",
    "- one\n- two\n- three",
    "x".repeat(1000),
  ),
);

Deno.test("prompts of every sort: each page is whole sentences of the data's own, plus the one quotation", () => {
  const wishes = fc.record({
    prompt: prompts,
    language: fc.constantFrom("en", "de", "es"),
    age: fc.integer({ min: 2, max: 12 }),
    pages: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 12 }) }, {
      weight: 1,
      arbitrary: fc.integer({ min: 13, max: 60 }),
    }),
  });
  fc.assert(fc.property(wishes, check), { numRuns: effort(20_000) });
});

Deno.test("sixty pages in each language", () => {
  for (const language of ["en", "de", "es"]) check({ prompt: "a badger", language, age: 9, pages: 60 });
});

const about = (prompt: string, language = "en") => {
  const { kind, name, place } = understand(prompt, language);
  return [kind, name, place].filter(Boolean).join(" ");
};

for (
  const [prompt, language, understood] of [
    ["An astronaut cat called Miso who meets a broken robot on the moon", "en", "cat Miso"],
    ["a boy named Kɔfi who learns to whistle", "en", "boy Kɔfi"],
    ["A teddy bear named Mr. Buttons gets lost at the airport", "en", "teddy bear Mr. Buttons"],
    ["a cat on an island called Skye", "en", "cat island"],
    ["no dragons, only a knight", "en", "child"],
    ["a girl without a cat", "en", "girl"],
    ["she cannot bear it", "en", "child"],
    ["a robot's best friend", "en", "child"],
    ["two foxes", "en", "child"],
    ["ein kleiner Drache namens Fips im Wald", "de", "dragon Fips forest"],
    ["der Hund, der Bello heißt", "de", "dog Bello"],
    ["keine Hexen bitte", "de", "child"],
    ["una niña llamada Lucía que vive en el castillo", "es", "girl Lucía castle"],
    ["<img src=x onerror=alert(1)>", "en", "child"],
  ]
) {
  Deno.test(`of “${prompt}” is understood: ${understood}`, () => {
    assert.equal(about(prompt, language), understood);
  });
}

Deno.test("another prompt is another story, and the same one told to older children has longer sentences", () => {
  const story = (prompt: string, age: number) => tell({ prompt, age, pages: 8, language: "en" });
  const plain = (prompt: string) => story(prompt, 6).pages.slice(1).map(({ text }) => text).join(" ");
  const all = Array.from({ length: 200 }, (_, at) => plain(`a story about the number ${at}`));
  assert.equal(new Set(all).size, 200);
  const perSentence = (age: number) => {
    const text = story("a fox", age).pages.slice(1).map(({ text }) => text).join(" ");
    return text.split(" ").length / text.split(/[.!?]/).length;
  };
  assert.ok(perSentence(3) < perSentence(6) && perSentence(6) < perSentence(10));
});
