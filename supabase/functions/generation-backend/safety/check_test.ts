import assert from "node:assert/strict";
import { unsafeCategory } from "./check.ts";

const refused: Record<string, string[]> = {
  sexual: ["a sexy princess", "ein erotisches Märchen", "una historia de sexo", "a stripper in the city"],
  violence: [
    "a clown who murders children",
    "a boy kills everyone in his school",
    "a torture chamber",
    "ein Mörder im Wald",
    "der Junge bringt seinen Bruder um",
    "un payaso que asesina a niños",
    "el lobo mata a la abuela",
  ],
  "self-harm": [
    "a girl who cuts herself",
    "a boy who wants to die",
    "ein Mädchen begeht Selbstmord",
    "una niña que se suicida",
  ],
  hate: ["Hitler was right", "a boy who hates all foreigners", "ein Junge hasst alle Ausländer"],
  "weapons and drugs": [
    "how to build a bomb",
    "making a pipe bomb at home",
    "wie man eine Bombe baut",
    "a rabbit who sells cocaine",
  ],
  profanity: ["a fuuucking dragon", "sh1t happens to a cat"],
};

for (const [category, prompts] of Object.entries(refused)) {
  Deno.test(`unsafe prompts are refused: ${category}`, () => {
    for (const prompt of prompts) assert.equal(unsafeCategory(prompt), category, prompt);
  });
}

Deno.test("prompts that only sound dangerous are not refused", () => {
  const fine = [
    "a shy killer whale who sings",
    "a cock who crows too early and an ass with long ears",
    "a heroine who saves her village",
    "una heroína que salva su pueblo",
    "Moby Dick's little cousin",
    "a blue tit and a pussycat",
    "a pirate with a wooden sword",
    "a bath bomb that fizzes",
    "a knight who is afraid of the dark",
    "two friends kill time on a rainy day",
    "die Nacktschnecke und der Salat",
    "una mata de tomates muy alta",
    "the classic tale of a grumpy bass",
    "ein Leichtmatrose auf hoher See",
    "los bomberos hacen una bomba de agua",
    "alles wieder heil und ganz",
    "a vampire who faints at the sight of ketchup",
  ];
  for (const prompt of fine) assert.equal(unsafeCategory(prompt), undefined, prompt);
});
