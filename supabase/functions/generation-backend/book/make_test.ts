import assert from "node:assert/strict";
import { extractText, getDocumentProxy, getMeta } from "unpdf";
import { ApiError } from "../../_shared/http/errors.ts";
import type { Story } from "../shapes.ts";
import { paint } from "../../../../local/model/picture.ts";
import { tell } from "../../../../local/model/tale.ts";
import { PAGE } from "./look.ts";
import { makeBook, settable, withRoom } from "./make.ts";

const story = (change: Partial<Story> = {}): Story => ({
  title: "The Fox and the Fog",
  language: "en",
  age_min: 4,
  age_max: 6,
  pages: [
    {
      text: "The fox went out. There was no hill.",
      image_prompt: "A fox in thick fog, forest, early morning",
    },
    { text: "Then the fog went home.", image_prompt: "A fox waving, forest, golden evening" },
  ],
  ...change,
});

const open = async (made: Story, pictures: ReadonlyMap<number, Uint8Array> | null = new Map()) => {
  const book = await makeBook(settable(made), pictures);
  const pdf = await getDocumentProxy(book.bytes.slice());
  const { text } = await extractText(pdf, { mergePages: false });
  return { book, pdf, text };
};

/** Words in a row, whatever the line breaks. */
const flat = (text: string) => text.replace(/\s+/g, " ").trim();

Deno.test("a book has a cover, a title page, a page for each page of the story and a colophon", async () => {
  const { book, text } = await open(story());
  assert.equal(book.pageCount, 5);
  assert.equal(text.length, 5);
  assert.match(flat(text[0]), /^The Fox and the Fog$/);
  assert.match(flat(text[1]), /The Fox and the Fog.*A story for ages 4 to 6/);
  assert.match(flat(text[2]), /The fox went out\. There was no hill\. 1$/);
  assert.match(flat(text[3]), /Then the fog went home\. 2$/);
  assert.match(text[4], /The End/);
});

Deno.test("the PDF carries its title and language, is tagged, and says what the pictures show", async () => {
  const picture = await paint("fox, forest, morning", 256, 224);
  const { pdf, book } = await open(story({ language: "de" }), new Map([[0, picture]]));
  const { info } = await getMeta(pdf);
  assert.equal(info.Title, "The Fox and the Fog");
  assert.equal(info.Language, "de");
  assert.deepEqual(await pdf.getMarkInfo(), { Marked: true, UserProperties: false, Suspects: false });
  const tree = JSON.stringify(await (await pdf.getPage(3)).getStructTree());
  assert.match(tree, /"role":"Figure"/);
  assert.match(tree, /A fox in thick fog/);
  assert.match(tree, /"role":"P"/);
  const without = JSON.stringify(await (await pdf.getPage(4)).getStructTree());
  assert.doesNotMatch(without, /"role":"Figure"/);
  assert.equal(book.pictureCount, 1);
});

Deno.test("only embedded fonts are used", async () => {
  const { book } = await open(story());
  const source = new TextDecoder("latin1").decode(book.bytes);
  const names = [...source.matchAll(/\/BaseFont \/(\S+)/g)].map((match) => match[1]);
  assert.ok(names.length > 0);
  for (const name of names) assert.match(name, /^[A-Z]{6}\+PictureBookSerif-(?:Regular|Bold)$/);
});

Deno.test("text of any length stays on its pages, complete and in order", async () => {
  const words = Array.from({ length: 420 }, (_, at) => `word${at}`);
  const pages = [
    { text: `${words.join(" ")}.`, image_prompt: "A fox" },
    { text: "x".repeat(3200), image_prompt: "" },
    { text: "First paragraph.\n\nSecond paragraph.", image_prompt: "" },
  ];
  for (const pictures of [new Map(), null]) {
    const { pdf, text } = await open(story({ pages, age_min: 2, age_max: 3 }), pictures);
    const found = flat(text.join(" ")).match(/word\d+/g);
    assert.deepEqual(found, words);
    assert.match(flat(text.join(" ")), /First paragraph\. Second paragraph\./);
    for (let number = 1; number <= pdf.numPages; number++) {
      const { items } = await (await pdf.getPage(number)).getTextContent();
      for (const item of items) {
        if (!("str" in item) || item.str.trim() === "") continue;
        const [x, y] = [item.transform[4], item.transform[5]];
        assert.ok(x >= 0 && x + item.width <= PAGE.width + 1, `x of ${item.str.slice(0, 30)} on ${number}`);
        assert.ok(y >= 20 && y <= PAGE.height - 20, `y of ${item.str.slice(0, 30)} on ${number}`);
      }
    }
  }
});

Deno.test("no line of the story reaches into the page number or another line", async () => {
  const made = tell({ prompt: "a bear who sings", age: 11, pages: 60, language: "en" });
  const { pdf } = await open({ ...made, language: "en", age_min: 10, age_max: 12 });
  for (let number = 3; number < pdf.numPages; number++) {
    const { items } = await (await pdf.getPage(number)).getTextContent();
    const baselines = items.flatMap((item) =>
      "str" in item && item.str.trim() ? [item.transform[5] as number] : []
    );
    const lines = [...new Set(baselines.map((y) => Math.round(y)))].sort((a, b) => a - b);
    for (const [at, y] of lines.slice(1).entries()) assert.ok(y - lines[at] >= 11, `lines on page ${number}`);
  }
});

Deno.test("Greek and Cyrillic are set as they are, signs without a letter are left out", async () => {
  const { text } = await open(story({
    title: "Η αλεπού 🦊 και το φεγγάρι",
    language: "el",
    pages: [{ text: "Жила-была лиса 👩‍🚀 ﬁn ①, ΐ, ő.", image_prompt: "" }],
  }));
  assert.match(flat(text[0]), /Η αλεπού και το φεγγάρι/);
  assert.match(flat(text[2]), /Жила-была лиса (?:ﬁ|fi)n 1, ΐ, ő\./);
  assert.match(flat(text[1]), /ετών/);
});

Deno.test("a story in a script that the font lacks is refused instead of printed empty", () => {
  const chinese = story({
    title: "狐狸",
    pages: [{ text: "从前有一只小狐狸，它很喜欢看月亮。", image_prompt: "" }],
  });
  assert.throws(
    () => settable(chinese),
    (error) => error instanceof ApiError && error.code === "unsupported_script",
  );
});

Deno.test("one page, sixty pages, long titles, no pictures: every book opens", async () => {
  const sixty = Array.from({ length: 60 }, (_, at) => ({ text: `Page ${at + 1}.`, image_prompt: "" }));
  const cases: [Story, Map<number, Uint8Array> | null, number][] = [
    [story({ pages: sixty.slice(0, 1) }), new Map(), 4],
    [story({ pages: sixty }), new Map(), 63],
    [story({ pages: sixty }), null, 63],
    [story({ title: "Donaudampfschifffahrtsgesellschaftskapitän ".repeat(6).trim() }), new Map(), 5],
    [story({ title: "🦊" }), null, 5],
  ];
  for (const [made, pictures, pages] of cases) {
    const { pdf, book } = await open(made, pictures);
    assert.equal(pdf.numPages, pages);
    assert.equal(book.pageCount, pages);
  }
});

Deno.test("the same story gives the same pages", async () => {
  const [first, second] = await Promise.all([open(story()), open(story())]);
  assert.deepEqual(first.text, second.text);
  assert.equal(first.book.bytes.length, second.book.bytes.length);
});

Deno.test("books are set one after the other, and a hosted instance takes no third", async () => {
  const make = (pages = 60, hasPictures = false) =>
    withRoom(pages, hasPictures, () => makeBook(settable(story()), null));
  const hosted = Reflect.get(globalThis, "EdgeRuntime");
  Reflect.deleteProperty(globalThis, "EdgeRuntime");
  const order: number[] = [];
  await Promise.all([1, 2, 3].map((number) => make().then(() => order.push(number))));
  assert.deepEqual(order, [1, 2, 3]);
  Reflect.set(globalThis, "EdgeRuntime", {});
  try {
    const two = [make(), make()];
    await assert.rejects(
      async () => await make(),
      (error) => error instanceof ApiError && error.code === "temporarily_unavailable",
    );
    await Promise.all(two);
    assert.equal((await make(60, true)).pageCount, 5);
    const one = make(60, true);
    await assert.rejects(make(1), (error) => error instanceof ApiError && error.status === 503);
    await one;
  } finally {
    if (hosted) Reflect.set(globalThis, "EdgeRuntime", hosted);
    else Reflect.deleteProperty(globalThis, "EdgeRuntime");
  }
});

Deno.test("a book without words of its language has none in English", async () => {
  const { text } = await open(story({ language: "pl", title: "Żółw" }));
  assert.deepEqual([flat(text[1]), flat(text.at(-1) ?? "")], ["Żółw", ""]);
});

Deno.test("the longest German word stands on one line", async () => {
  const word = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz";
  const { text } = await open(
    story({ age_min: 2, age_max: 4, pages: [{ text: `Das ${word}.`, image_prompt: "" }] }),
  );
  assert.ok(text[2].split("\n").some((line) => line.includes(word)), text[2]);
});
