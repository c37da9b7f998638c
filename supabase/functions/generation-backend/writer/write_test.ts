import assert from "node:assert/strict";
import { automatedReadability } from "automated-readability";
import { fleschKincaid } from "flesch-kincaid";
import { syllable } from "syllable";
import { ApiError } from "../../_shared/http/errors.ts";
import { sentences } from "./template.ts";
import { offlineLanguages, writeOffline } from "./write.ts";

const bands = [[2, 3], [4, 5], [6, 7], [8, 9], [10, 12]] as const;
const prompts: Record<string, string[]> = {
  en: [
    "a shy dragon who learns to whistle",
    "a fox who lost her red scarf",
    "an owl who is afraid of the dark",
  ],
  de: [
    "Ein schüchterner Drache, der pfeifen lernt",
    "Ein Hase, der seinen roten Hut verloren hat",
    "Eine Eule hat Angst vor der Dunkelheit",
  ],
  es: [
    "Un dragón tímido que aprende a silbar",
    "Una liebre que perdió su sombrero rojo",
    "Un búho que tiene miedo a la oscuridad",
  ],
};

function write(prompt: string, language: string, pages = 12, ages: readonly [number, number] = [4, 7]) {
  return writeOffline({ prompt, language, pages, age_min: ages[0], age_max: ages[1] });
}

const textOf = (story: ReturnType<typeof write>) =>
  story.pages.map((page) => page.text).join(" ").replace(/\s+/g, " ");
const sentencesOf = (story: ReturnType<typeof write>) => sentences(textOf(story));

Deno.test("every number of pages from 1 to 60 is written out, each page with text and a picture", () => {
  for (let pages = 1; pages <= 60; pages++) {
    const story = write(prompts.en[0], "en", pages);
    assert.equal(story.pages.length, pages);
    for (const page of story.pages) assert.ok(page.text.length > 10 && page.image_prompt.length > 10);
  }
});

Deno.test("the same wish gives the same story, another wish another", () => {
  assert.deepEqual(write(prompts.en[0], "en"), write(prompts.en[0], "en"));
  const wishes = [
    "a fox",
    "a fox who sings",
    "a vixen",
    "a fox on the moon",
    "a fox who lost a key",
    "a happy fox",
    "A fox",
  ];
  const texts = wishes.map((wish) => textOf(write(wish, "en")));
  assert.equal(new Set(texts).size, wishes.length);
});

Deno.test("no sentence is said twice, not even in sixty pages", () => {
  for (const language of offlineLanguages) {
    for (const prompt of prompts[language]) {
      for (const ages of bands) {
        const all = sentencesOf(write(prompt, language, 60, ages));
        const repeated = all.filter((sentence, at) => all.indexOf(sentence) !== at);
        assert.deepEqual(repeated, [], `${language} ${ages} ${prompt}`);
      }
    }
  }
});

Deno.test("nothing of the templates shows, and no article is left without its joint", () => {
  for (const language of offlineLanguages) {
    for (const prompt of [...prompts[language], "🦊 ???", "x", "Emma", "12345", "<b>{name}</b> [a|b]"]) {
      for (const pages of [1, 3, 12, 60]) {
        for (const ages of bands) {
          const story = write(prompt, language, pages, ages);
          const whole = [story.title, textOf(story), ...story.pages.map((page) => page.image_prompt)].join(
            " ",
          );
          assert.doesNotMatch(whole, /[{}[\]<>|]|\(\+|undefined|null| {2}|\. ?\./, `${language} ${prompt}`);
          assert.doesNotMatch(textOf(story), /\s[,.!?;:](?!\.)/, `${language} ${prompt}`);
          if (language === "es") assert.doesNotMatch(whole, /(?<!\p{L})(?:a|de) el (?!\p{Lu})/u);
        }
      }
    }
  }
});

Deno.test("the reading level rises with the age band: Flesch-Kincaid for English", () => {
  const grade = (ages: readonly [number, number]) => {
    const texts = prompts.en.flatMap((prompt) => sentencesOf(write(prompt, "en", 30, ages)));
    const words = texts.flatMap((text) => text.match(/[\p{L}'’]+/gu) ?? []);
    const syllables = words.reduce((sum, word) => sum + syllable(word), 0);
    return fleschKincaid({ sentence: texts.length, word: words.length, syllable: syllables });
  };
  const grades = bands.map(grade);

  for (const [at, level] of grades.slice(1).entries()) {
    assert.ok(
      level > grades[at] + 0.3,
      `grade ${level} for ${bands[at + 1]} after ${grades[at]} for ${bands[at]}`,
    );
  }
  assert.ok(grades[0] < 1.5 && grades[4] > 4, `grades ${grades}`);
});

Deno.test("the reading level rises with the age band: automated readability index for every language", () => {
  for (const language of offlineLanguages) {
    const indices = bands.map((ages) => {
      const texts = prompts[language].flatMap((prompt) => sentencesOf(write(prompt, language, 30, ages)));
      const words = texts.flatMap((text) => text.match(/[\p{L}'’]+/gu) ?? []);
      return automatedReadability({
        sentence: texts.length,
        word: words.length,
        character: words.join("").length,
      });
    });
    for (const [at, index] of indices.slice(1).entries()) {
      assert.ok(index > indices[at], `${language}: ${index} for ${bands[at + 1]} after ${indices[at]}`);
    }
  }
});

Deno.test("the story is about what the prompt says", () => {
  const cases: [language: string, prompt: string, ...said: RegExp[]][] = [
    ["en", "a shy dragon who learns to whistle", /shy dragon/, /could whistle|can whistle/],
    ["en", "Lena and her cat Momo look for the lost moon", /Lena/, /Momo/, /the lost moon/],
    [
      "en",
      "a hedgehog with a magic pencil who could talk to trees",
      /hedgehog/,
      /the magic pencil/i,
      /could talk to trees/,
    ],
    ["en", "my dog Bruno goes to the beach", /Bruno/, /to the beach/],
    ["en", "why is the sky blue?", /why is the sky blue\?/],
    ["de", "Die kleine Eule Wanda hat Angst vor der Dunkelheit", /Wanda/, /Angst vor der Dunkelheit/],
    [
      "de",
      "Ein Roboter eröffnet eine Bäckerei auf dem Mond",
      /ein Roboter/,
      /eine Bäckerei auf dem Mond eröffnen/,
    ],
    [
      "de",
      "Geschichte von einem mutigen kleinen Igel, der das Meer sehen will",
      /ein mutiger kleiner Igel/,
      /das Meer sehen/,
    ],
    ["es", "La princesa Clara salva el reino", /Clara/, /una princesa/, /salvar el reino/],
    ["es", "Un pingüino viaja a la luna", /un pingüino/, /viajar a la luna/],
  ];
  for (const [language, prompt, ...said] of cases) {
    const text = textOf(write(prompt, language, 12, [6, 7]));
    for (const pattern of said) assert.match(text, pattern, prompt);
  }
});

Deno.test("a language that nobody here writes is refused by name", () => {
  assert.throws(
    () => write("un renard", "fr"),
    (error) =>
      error instanceof ApiError && error.code === "unsupported_language" && error.fields.field === "language",
  );
  assert.doesNotThrow(() => write("Ein Fuchs", "de-AT"));
});

Deno.test("a prompt in letters that no story can be told with is refused, signs and accents are not", () => {
  const foreign = [
    ["一条害羞的龙学会吹口哨", "es"],
    ["恥ずかしがり屋のドラゴン", "en"],
    ["تنين خجول يتعلم الصفير", "en"],
    ["Застенчивый дракон", "de"],
    ["a cat named 美咲 who sings", "en"],
  ];
  for (const [prompt, language] of foreign) {
    assert.throws(
      () => write(prompt, language),
      (error) =>
        error instanceof ApiError && error.code === "unsupported_script" && error.fields.field === "prompt",
      prompt,
    );
  }
  for (
    const prompt of ["🦄🌈✨", "Zoë and Björn", "Łukasz, a fox", "Nguyễn sings ½ ① → ♥", "a fox named Аня"]
  ) {
    assert.doesNotThrow(() => write(prompt, "en"), prompt);
  }
});
