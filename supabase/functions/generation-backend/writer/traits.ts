/**
 * What heroes are like: words that a prompt may use, in any language, for each trait that the details know.
 *
 * @module
 */
const words: Record<string, string> = {
  shy: "shy bashful schüchtern scheu tímido tímida vergonzoso vergonzosa",
  brave: "brave bold fearless courageous mutig tapfer furchtlos valiente",
  curious: "curious inquisitive neugierig curioso curiosa",
  lonely: "lonely alone einsam allein solitario solitaria solo sola",
  grumpy: "grumpy cranky angry mürrisch grummelig grantig wütend gruñón gruñona enfadado enfadada",
  small: "tiny small smallest winzig klein kleinst pequeñito pequeñita diminuto diminuta pequeño pequeña",
  sleepy:
    "sleepy tired schläfrig müd müde verschlafen dormilón dormilona soñoliento soñolienta cansado cansada",
  clumsy: "clumsy tollpatschig ungeschickt torpe patoso patosa",
  kind: "kind friendly gentle good-hearted freundlich lieb nett amable bondadoso bondadosa cariñoso cariñosa",
  clever: "clever smart wise klug schlau gescheit listo lista inteligente sabio sabia",
  timid: "timid scared fearful anxious nervous ängstlich furchtsam miedoso miedosa asustado asustada",
  impatient: "impatient ungeduldig impaciente",
  proud: "proud vain stolz eitel orgulloso orgullosa presumido presumida",
  forgetful: "forgetful vergesslich olvidadizo olvidadiza",
  sad: "sad unhappy traurig unglücklich triste",
  funny: "funny silly cheeky lustig albern frech gracioso graciosa divertido divertida travieso traviesa",
  lazy: "lazy faul perezoso perezosa",
  noisy: "loud noisy laut ruidoso ruidosa",
  quiet: "quiet silent leis leise still callado callada silencioso silenciosa",
  greedy: "greedy selfish gierig selbstsüchtig geizig egoísta avaricioso avariciosa",
};

const byWord = new Map(
  Object.entries(words).flatMap(([trait, list]) => list.split(" ").map((word) => [word, trait] as const)),
);

/** The first trait among `candidates`, which are lower-case words; German ones may carry an ending. */
export function traitIn(candidates: string[]): string | undefined {
  for (const word of candidates) {
    const trait = byWord.get(word) ?? byWord.get(word.replace(/(?:e[nrsm]?)$/, ""));
    if (trait) return trait;
  }
}
