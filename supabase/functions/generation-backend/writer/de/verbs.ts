/**
 * Infinitives of the verbs that prompts are likely to use, by their form after er, sie, es.
 *
 * @module
 */
const irregular: Record<string, string> = {
  fährt: "fahren",
  läuft: "laufen",
  isst: "essen",
  liest: "lesen",
  sieht: "sehen",
  gibt: "geben",
  hilft: "helfen",
  trifft: "treffen",
  wird: "werden",
  schläft: "schlafen",
  trägt: "tragen",
  bäckt: "backen",
  backt: "backen",
  fängt: "fangen",
  hält: "halten",
  fällt: "fallen",
  spricht: "sprechen",
  vergisst: "vergessen",
  nimmt: "nehmen",
  bricht: "brechen",
  wirft: "werfen",
  stirbt: "sterben",
  wächst: "wachsen",
  lässt: "lassen",
  rät: "raten",
  lädt: "laden",
  schlägt: "schlagen",
  wäscht: "waschen",
  verlässt: "verlassen",
  gewinnt: "gewinnen",
  tut: "tun",
  geht: "gehen",
  steht: "stehen",
  sammelt: "sammeln",
  bastelt: "basteln",
  rettet: "retten",
  findet: "finden",
  reitet: "reiten",
  klettert: "klettern",
  wandert: "wandern",
  zaubert: "zaubern",
  segelt: "segeln",
  schaukelt: "schaukeln",
  erobert: "erobern",
  angelt: "angeln",
  bewundert: "bewundern",
  verändert: "verändern",
  füttert: "füttern",
  feiert: "feiern",
  kichert: "kichern",
  erntet: "ernten",
  arbeitet: "arbeiten",
  öffnet: "öffnen",
  rechnet: "rechnen",
  zeichnet: "zeichnen",
  wartet: "warten",
  begleitet: "begleiten",
  bereitet: "bereiten",
};

/** "rettet" → "retten"; `undefined` when the word does not look like a verb in the third person. */
export function infinitiveOf(verb: string): string | undefined {
  const known = irregular[verb];
  if (known) return known;
  const separable = /^(auf|aus|ab|an|ein|mit|nach|vor|zu|weg|zurück|herum)(.+)$/.exec(verb);
  if (separable) {
    const rest = infinitiveOf(separable[2]);
    return rest && `${separable[1]}${rest}`;
  }
  return /^\p{Ll}{2,}t$/u.test(verb) &&
      !/(?:nicht|fast|laut|leicht|acht|bunt|rot|weit|oft|jetzt|dort|mit|erst|selbst|sonst|tot|gut)$/.test(
        verb,
      )
    ? `${verb.replace(/e?t$/, "")}en`
    : undefined;
}

/** Verbs for skills that the details know. */
export const skills: Record<string, string> = {
  pfeifen: "whistle",
  fliegen: "fly",
  schwimmen: "swim",
  singen: "sing",
  tanzen: "dance",
  lesen: "read",
  backen: "bake",
  kochen: "bake",
  malen: "paint",
  zeichnen: "paint",
  schlafen: "sleep",
  einschlafen: "sleep",
  klettern: "climb",
  radfahren: "ride",
  fahrradfahren: "ride",
  spielen: "play",
  brüllen: "roar",
  teilen: "share",
  sprechen: "talk",
  reden: "talk",
  schlittschuhlaufen: "skate",
};
