/**
 * What may be said of those one meets: stems in German, both genders in Spanish.
 *
 * @module
 */
export interface Adjective {
  en: string;
  de: string;
  es: { m: string; f: string };
}

const adjective = (en: string, de: string, m: string, f = m): Adjective => ({ en, de, es: { m, f } });

/** Adjectives for helpers; each is used once in a tale. */
export const adjectives: readonly Adjective[] = [
  adjective("old", "alt", "anciano", "anciana"),
  adjective("little", "klein", "pequeño", "pequeña"),
  adjective("sleepy", "schläfrig", "dormilón", "dormilona"),
  adjective("friendly", "freundlich", "simpático", "simpática"),
  adjective("busy", "fleißig", "atareado", "atareada"),
  adjective("proud", "stolz", "orgulloso", "orgullosa"),
  adjective("gentle", "sanft", "tierno", "tierna"),
  adjective("round", "rund", "redondito", "redondita"),
  adjective("quiet", "still", "callado", "callada"),
  adjective("cheerful", "fröhlich", "alegre"),
  adjective("curious", "neugierig", "curioso", "curiosa"),
  adjective("patient", "geduldig", "paciente"),
  adjective("tired", "müd", "cansado", "cansada"),
  adjective("clever", "klug", "listo", "lista"),
  adjective("dusty", "staubig", "polvoriento", "polvorienta"),
  adjective("polite", "höflich", "educado", "educada"),
];
