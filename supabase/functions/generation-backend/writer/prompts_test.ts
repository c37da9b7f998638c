// What prompts say, and what they do not: each of these was once told wrong.
import assert from "node:assert/strict";
import { readScene, usualOf } from "../illustrator/scene.ts";
import { writeOffline } from "./write.ts";

interface Case {
  prompt: string;
  said?: RegExp[];
  unsaid?: RegExp[];
  ages?: readonly [number, number];
  pages?: number;
}

function check(language: string, cases: Case[]): void {
  for (const { prompt, said = [], unsaid = [], ages = [6, 7], pages = 12 } of cases) {
    const story = writeOffline({ prompt, language, pages, age_min: ages[0], age_max: ages[1] });
    const text = [story.title, ...story.pages.map((page) => page.text)].join(" ").replace(/\s+/g, " ");
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
    { prompt: "a cat without a tail who finds a hat", said: [/find the hat/] },
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
    { prompt: "The Big Race", said: [/the Big Race/], unsaid: [/named Big|name was Big/] },
    { prompt: "a trip to Paris", unsaid: [/named Paris|name was Paris|Paris and/] },
    { prompt: "Christmas with Emma", said: [/Emma/, /about Christmas/], unsaid: [/christmas/] },
  ]);
});

Deno.test("German: what a prompt denies does not become the goal", () => {
  check("de", [
    {
      prompt: "Ein Junge, der nicht ins Bett will",
      said: [/der nicht ins Bett will/],
      unsaid: [/Er wollte ins Bett|\p{L}+ will ins Bett/u],
    },
    { prompt: "Tim will nicht ins Bett", said: [/der nicht ins Bett will/], unsaid: [/Tim will ins Bett/] },
    {
      prompt: "Eine Prinzessin, die keine Angst vor Drachen hat",
      said: [/die keine Angst vor Drachen hat/],
      unsaid: [/hatte Angst vor/],
    },
    { prompt: "Ein Bär, der nicht schlafen kann", said: [/wollte schlafen/] },
  ]);
});

Deno.test("German: a wish is about what is wished for", () => {
  check("de", [
    {
      prompt: "Meine Tochter Leni wünscht sich, mit Walen sprechen zu können",
      said: [/ein Mädchen/, /Sie wollte mit Walen sprechen/],
      unsaid: [/wollte sich|eine Tochter/],
    },
    { prompt: "Ein Hase wünscht sich einen Freund", said: [/einen Freund finden/] },
    { prompt: "Der Fuchs und sein Freund suchen den Schatz", said: [/den Schatz finden/] },
    {
      prompt: "Die kleine Hexe Lilli verliert ihren Zauberstab",
      said: [/Lilli suchte? ihren Zauberstab/],
      unsaid: [/suchte? die kleine Hexe/],
    },
  ]);
});

Deno.test("German: names and nouns say who somebody is, and names are kept", () => {
  check("de", [
    {
      prompt: "Tim und seine Schwester Anna gehen in den Wald",
      said: [/ein Junge/, /eine Schwester namens Anna/],
    },
    { prompt: "Ein Hase mit seiner Oma", said: [/eine Oma/], unsaid: [/ein Oma/] },
    { prompt: "Eine Maus und ihr Freund", said: [/Ohne den Freund/], unsaid: [/Ohne der/], pages: 60 },
    { prompt: "Ein Ritter namens Anna", said: [/ihr Name war Anna|Anna[^.]*\. Sie/] },
    { prompt: "Zwei Schwestern bauen ein Boot", said: [/eine von zwei Schwestern/, /ein Boot bauen/] },
    {
      prompt: "Die Zwillinge Ben und Ella gehen an den Strand",
      said: [/ein Zwilling/, /Ella/, /an den Strand/],
      unsaid: [/Zwillinge/],
    },
    { prompt: "Alles Gute zum Geburtstag, Emma!", said: [/Emma und|Was Emma/] },
  ]);
});

Deno.test("Spanish: what a prompt denies does not become the goal", () => {
  check("es", [
    {
      prompt: "Una princesa que no tiene miedo a nada",
      said: [/la que no tiene miedo a nada/],
      unsaid: [/[Tt]enía miedo a/],
    },
    { prompt: "Tim no quiere ir a la cama", said: [/no quiere ir a la cama/], unsaid: [/Tim quiere ir/] },
    { prompt: "un oso que no puede dormir", said: [/: dormir\./] },
    {
      prompt: "Mi hija Leni desea poder hablar con las ballenas",
      said: [/: hablar con las ballenas/, /una niña/],
    },
  ]);
});

Deno.test("Spanish: names say who the hero is, and of several one is told of", () => {
  check("es", [
    { prompt: "Mi hijo Hugo y su perro", said: [/un niño/, /un perro/], unsaid: [/un hijo/] },
    {
      prompt: "Martina y su hermano Leo construyen una cabaña",
      said: [/una niña/, /construir una cabaña/, /un hermano llamado Leo/],
      unsaid: [/un niño/],
    },
    { prompt: "Unas ranas que cantan", said: [/una rana/, /: cantar/], unsaid: [/Unas/] },
    { prompt: "unos gatos negros", said: [/un gato negro/] },
    { prompt: "tres ratones ciegos", said: [/el más pequeño de tres ratones/] },
    { prompt: "Los tres cerditos", said: [/el más pequeño de tres cerditos/], unsaid: [/un tres/] },
    {
      prompt: "dos hermanas que se llaman Teo y Ana",
      said: [/la más pequeña de dos hermanas/, /Teo/, /una niña llamada Ana/],
      unsaid: [/se llaman/],
    },
    { prompt: "El primer día de colegio de Pablo", said: [/Pablo/], unsaid: [/díar/] },
    { prompt: "¡Feliz cumpleaños, Emma!", said: [/«¡Feliz cumpleaños, Emma!»/] },
    { prompt: "Una rana buscaba un tesoro", said: [/encontrar el tesoro/] },
  ]);
});

Deno.test("who lives in the sea is shown there on every page of a tale in the sea", () => {
  const prompts: [language: string, prompt: string][] = [
    ["en", "Otto, an octopus, builds a castle on the sea floor"],
    ["en", "octopus school under the sea"],
    ["en", "an octopus who can't decide which of her eight hats to wear"],
    ["en", "a squid who sings"],
    ["de", "Ein Oktopus, der trommelt"],
    ["es", "Un pulpo que vive en el mar"],
  ];
  for (const [language, prompt] of prompts) {
    const { pages } = writeOffline({ prompt, language, pages: 12, age_min: 4, age_max: 6 });
    const lines = pages.map((page) => page.image_prompt);
    const usual = usualOf(lines);
    assert.deepEqual(usual, { hero: "octopus", scenery: "sea" }, prompt);
    for (const [page, line] of lines.entries()) {
      assert.equal(readScene(line, usual, page).scenery, "sea", line);
    }
    assert.doesNotMatch(lines.join(" "), /\b[Aa] [aeiou]/);
  }
});
