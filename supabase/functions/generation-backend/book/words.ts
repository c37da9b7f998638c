import data from "./words.json" with { type: "json" };

/** The few words that a book needs beyond its story. */
export interface BookWords {
  /** `{a}` and `{b}` are ages in years. */
  ages: string;
  oneAge: string;
  end: string;
  /** `{title}` is the book's. */
  colophon: string;
  font: string;
  pictures: string;
}

const words: Record<string, BookWords> = data;

/** The words in the book's language, in English when there are none. */
export function wordsFor(language: string): BookWords {
  return words[language.toLowerCase().split("-")[0]] ?? words.en;
}

/** "A story for ages 4 to 7". */
export function agesLine({ ages, oneAge }: BookWords, ageMin: number, ageMax: number): string {
  const line = ageMin === ageMax ? oneAge : ages;
  return line.replace("{a}", String(ageMin)).replace("{b}", String(ageMax));
}
