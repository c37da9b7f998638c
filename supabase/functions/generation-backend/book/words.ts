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

const words: Record<string, BookWords | undefined> = data;

/** The words in the book's language. Where there are none a book does without: English ones would stand out in it. */
export function wordsFor(language: string): BookWords | undefined {
  return words[language.toLowerCase().split("-")[0]];
}

/** "A story for ages 4 to 7". */
export function agesLine({ ages, oneAge }: BookWords, ageMin: number, ageMax: number): string {
  const line = ageMin === ageMax ? oneAge : ages;
  return line.replace("{a}", String(ageMin)).replace("{b}", String(ageMax));
}
