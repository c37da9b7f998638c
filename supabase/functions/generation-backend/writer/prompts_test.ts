// What prompts say, and what they do not: each of these was once told wrong.
import assert from "node:assert/strict";
import { writeOffline } from "./write.ts";

function tell(language: string, prompt: string, ages: readonly [number, number] = [6, 7]): string {
  const { title, pages } = writeOffline({ prompt, language, pages: 12, age_min: ages[0], age_max: ages[1] });
  return [title, ...pages.map((page) => page.text)].join(" ").replace(/\s+/g, " ");
}

interface Case {
  prompt: string;
  said?: RegExp[];
  unsaid?: RegExp[];
  ages?: readonly [number, number];
}

function check(language: string, cases: Case[]): void {
  for (const { prompt, said = [], unsaid = [], ages } of cases) {
    const text = tell(language, prompt, ages);
    for (const pattern of said) assert.match(text, pattern, prompt);
    for (const pattern of unsaid) assert.doesNotMatch(text, pattern, prompt);
  }
}

Deno.test("English: what a prompt denies does not become the goal", () => {
  check("en", [
    {
      prompt: "a boy who does not want to go to bed",
      said: [/He did not want to go to bed\./],
      unsaid: [/want to go to bed!|goes to bed|will go to bed/i],
    },
    { prompt: "Tom doesn't want to go to school", said: [/did not want/], unsaid: [/will go to school/] },
    { prompt: "a princess who isn't afraid of anything", said: [/not afraid/], unsaid: [/was afraid of/] },
    { prompt: "a girl who never goes to bed on time", said: [/never went to bed/], unsaid: [/will go/] },
    { prompt: "a fox who can't swim", said: [/wanted to swim/] },
    { prompt: "a boy who does not want to go to bed", ages: [2, 4], unsaid: [/“I want to go to bed!”/] },
  ]);
});

Deno.test("English: a wish is about what is wished for", () => {
  check("en", [
    {
      prompt: "My daughter Leni wishes she could talk to whales",
      said: [/she wanted to talk to whales/, /Leni .* was a girl/],
      unsaid: [/wish she/i],
    },
    { prompt: "a pig who wishes for a friend", said: [/find a friend/] },
    {
      prompt: "an otter who collects stones",
      said: [/otter/, /e collected stones\./],
      unsaid: [/was stones/],
    },
    { prompt: "a fox who looks for shells", said: [/find shells/], unsaid: [/was shells/] },
    { prompt: "a girl who lost her shoes", said: [/her shoes/], unsaid: [/shoes was/] },
    { prompt: "🦄🌈✨", ages: [2, 4], unsaid: [/What about where/] },
  ]);
});

Deno.test("English: names and pronouns say who the hero is, and names are kept", () => {
  check("en", [
    { prompt: "Tom is jealous of his new baby sister", said: [/a boy/, /his name was Tom/] },
    { prompt: "A knight named Ann", said: [/her name was Ann|Ann .*she/], unsaid: [/his name|\bhe said/] },
    { prompt: "two sisters who build a boat", said: [/the smaller of two sisters/] },
    { prompt: "twins Ben and Ella go to the beach", said: [/a twin\b/, /Ella/], unsaid: [/twins|ben and/] },
    { prompt: "Happy birthday Emma!", said: [/Emma/, /the birthday/], unsaid: [/emma/] },
    { prompt: "Christmas with Emma", said: [/Emma/, /about Christmas/], unsaid: [/christmas/] },
  ]);
});
