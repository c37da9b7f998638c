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

const words: Record<string, BookWords> = {
  en: {
    ages: "A story for ages {a} to {b}",
    oneAge: "A story for age {a}",
    end: "The End",
    colophon: "“{title}” was made for one reader and is meant to be read aloud.",
    font: "Set in Literata, published under the SIL Open Font License.",
    pictures: "Words and pictures were composed by a computer.",
  },
  de: {
    ages: "Eine Geschichte für Kinder von {a} bis {b} Jahren",
    oneAge: "Eine Geschichte für Kinder mit {a} Jahren",
    end: "Ende",
    colophon: "„{title}“ wurde für ein einziges Kind gemacht und will vorgelesen werden.",
    font: "Gesetzt aus der Literata, veröffentlicht unter der SIL Open Font License.",
    pictures: "Text und Bilder hat ein Computer zusammengestellt.",
  },
  es: {
    ages: "Un cuento para edades de {a} a {b} años",
    oneAge: "Un cuento para niños de {a} años",
    end: "Fin",
    colophon: "«{title}» se hizo para una sola persona y está pensado para leerse en voz alta.",
    font: "Compuesto en Literata, publicada bajo la licencia SIL Open Font License.",
    pictures: "El texto y las imágenes los compuso un ordenador.",
  },
  fr: {
    ages: "Une histoire pour les enfants de {a} à {b} ans",
    oneAge: "Une histoire pour les enfants de {a} ans",
    end: "Fin",
    colophon: "« {title} » a été fait pour un seul lecteur et se lit à voix haute.",
    font: "Composé en Literata, publié sous la licence SIL Open Font License.",
    pictures: "Le texte et les images ont été composés par un ordinateur.",
  },
  el: {
    ages: "Μια ιστορία για παιδιά {a} έως {b} ετών",
    oneAge: "Μια ιστορία για παιδιά {a} ετών",
    end: "Τέλος",
    colophon: "Το «{title}» φτιάχτηκε για έναν μόνο αναγνώστη και διαβάζεται μεγαλόφωνα.",
    font: "Στοιχειοθετήθηκε με Literata, υπό την άδεια SIL Open Font License.",
    pictures: "Το κείμενο και οι εικόνες συντέθηκαν από υπολογιστή.",
  },
  ru: {
    ages: "История для детей от {a} до {b} лет",
    oneAge: "История для детей {a} лет",
    end: "Конец",
    colophon: "«{title}» сделана для одного читателя и предназначена для чтения вслух.",
    font: "Набрано шрифтом Literata по лицензии SIL Open Font License.",
    pictures: "Текст и картинки составлены компьютером.",
  },
};

/** The words in the book's language, in English when there are none. */
export function wordsFor(language: string): BookWords {
  return words[language.toLowerCase().split("-")[0]] ?? words.en;
}

/** "A story for ages 4 to 7". */
export function agesLine({ ages, oneAge }: BookWords, ageMin: number, ageMax: number): string {
  const line = ageMin === ageMax ? oneAge : ages;
  return line.replace("{a}", String(ageMin)).replace("{b}", String(ageMax));
}
