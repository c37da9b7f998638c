import { traitIn } from "../traits.ts";
import { characterFor } from "./nouns.ts";

/** Verbs for skills that the details know. */
export const skills: Record<string, string> = {
  silbar: "whistle",
  volar: "fly",
  nadar: "swim",
  cantar: "sing",
  bailar: "dance",
  leer: "read",
  cocinar: "bake",
  hornear: "bake",
  pintar: "paint",
  dibujar: "paint",
  dormir: "sleep",
  trepar: "climb",
  escalar: "climb",
  montar: "ride",
  tocar: "play",
  jugar: "play",
  rugir: "roar",
  compartir: "share",
  hablar: "talk",
  patinar: "skate",
};

/** Infinitives of verbs whose third person does not tell them. */
const irregular: Record<string, string> = {
  hace: "hacer",
  tiene: "tener",
  puede: "poder",
  quiere: "querer",
  vuela: "volar",
  encuentra: "encontrar",
  juega: "jugar",
  cuenta: "contar",
  sueña: "soñar",
  come: "comer",
  aprende: "aprender",
  vende: "vender",
  corre: "correr",
  lee: "leer",
  cree: "creer",
  rompe: "romper",
  bebe: "beber",
  teje: "tejer",
  mete: "meter",
  protege: "proteger",
  recoge: "recoger",
  vence: "vencer",
  conoce: "conocer",
  crece: "crecer",
  abre: "abrir",
  escribe: "escribir",
  descubre: "descubrir",
  vive: "vivir",
  sube: "subir",
  comparte: "compartir",
  construye: "construir",
  duerme: "dormir",
  pide: "pedir",
  sigue: "seguir",
  viste: "vestir",
  sirve: "servir",
  ríe: "reír",
  va: "ir",
  da: "dar",
  despierta: "despertar",
  riega: "regar",
  consigue: "conseguir",
  dirige: "dirigir",
  construyen: "construir",
  hacen: "hacer",
  abren: "abrir",
  juegan: "jugar",
};

/** Words in -ía that are a present tense: the others are nouns, or the past of verbs that this does not tell. */
const inIa = /^(?:env|conf|gu|esp|enfr|desaf|vac)ía$/;

/** "salva" → "salvar"; `undefined` for what is no verb that can be aimed at. */
export function infinitiveOf(verb: string): string | undefined {
  if (
    /^(?:es|está|era|vive|tiene|puede|ama|adora|llama|sabe|se|y|con|en|de|a|la|una|para|que|su|hay|gusta|gran)$/
      .test(verb) || /ía$/.test(verb) && !inIa.test(verb) || traitIn([verb]) || characterFor(verb)
  ) return;
  return irregular[verb] ??
    (/\p{Ll}{2,}aba$/u.test(verb)
      ? verb.replace(/ba$/, "r")
      : /\p{Ll}{2,}an$/u.test(verb)
      ? `${verb.slice(0, -1)}r`
      : /\p{Ll}{2,}a$/u.test(verb)
      ? `${verb}r`
      : undefined);
}
