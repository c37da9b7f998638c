import type { DetailTexts } from "../texts.ts";

/** What makes a German tale the tale of this hero and no other. */
export const details: DetailTexts = {
  skills: {
    whistle: {
      tries: [
        "Beide Backen wurden dick, und heraus kam: pfff.",
        "Pfff, machte die Luft, und dann ganz klein: fip.",
        "Fip, fip, fiii, und schon war der Ton wieder weg.",
      ],
      success: "Fiii-iii-it! Ein heller, runder Pfiff flog über die Hügel.",
    },
    fly: {
      tries: [
        "<Er|Sie> sprang von einem Maulwurfshügel und landete auf dem Bauch.",
        "Einen Herzschlag lang war Luft unter den Füßen.",
        "Es ging bis zum nächsten Busch, und der Busch war weich.",
      ],
      success: "Der Boden ließ sanft los, und die Baumwipfel kamen entgegen.",
    },
    swim: {
      tries: [
        "<Er|Sie> ging bis zu den Knien hinein und wieder heraus.",
        "<Er|Sie> blubberte ins Wasser, und das ist schon halb geschwommen.",
        "Drei Züge, ein Schluck Wasser und zurück ans Ufer.",
      ],
      success: "Das Wasser trug <ihn|sie>, als hätte es nie etwas anderes vorgehabt.",
    },
    sing: {
      tries: [
        "Der erste Ton war eher ein Krächzen.",
        "Die tiefen Töne klappten, die hohen versteckten sich.",
        "Die Hälfte vom Lied war schon schön.",
      ],
      success: "La-la-laaa! Das Lied stieg auf, und sogar die Grillen hörten zu.",
    },
    dance: {
      tries: [
        "<Er|Sie> tanzte und trat sich selbst auf die Zehen.",
        "Links, rechts, links, o je.",
        "Eine ganze Drehung, und erst dann der Plumps.",
      ],
      success: "Drehen, hüpfen, drehen: Die Füße kannten jeden Schritt von allein.",
    },
    read: {
      tries: [
        "Die Buchstaben sahen aus wie Ameisen und liefen auch so herum.",
        "Drei Buchstaben kannte <er|sie> schon und grüßte sie mit Namen.",
        "Ein ganzes Wort blieb stehen und sagte: Sonne.",
      ],
      success: "Die Buchstaben blieben stehen, fassten sich an den Händen und wurden eine Geschichte.",
    },
    bake: {
      tries: [
        "Der Teig klebte überall, nur nicht an sich selbst.",
        "Der erste Kuchen war flach wie ein Hut, auf dem jemand gesessen hat.",
        "Dieser war am Rand zu braun und in der Mitte gut.",
      ],
      success: "Es ging auf, es wurde goldbraun, und es duftete nach Geburtstag.",
    },
    paint: {
      tries: [
        "<Er|Sie> malte ein Pferd, und alle hielten es für einen Tisch.",
        "Auf der Nase war mehr Farbe als auf dem Papier.",
        "Eine Ecke vom Bild stimmte schon genau.",
      ],
      success: "Ein Strich, ein Tupfen Licht, und das Bild fing an zu atmen.",
    },
    sleep: {
      tries: [
        "Ein Auge ging zu, aber das andere wollte zusehen.",
        "Das Kissen war auf beiden Seiten zu warm.",
        "Fast schlief <er|sie>, und dann kam die Frage, ob das schon Schlafen war.",
      ],
      success: "Die Nacht legte eine weiche Hand auf die Stirn, und die Augen fielen zu.",
    },
    climb: {
      tries: [
        "<Er|Sie> kam so hoch wie ein Stuhl.",
        "Der zweite Ast war weiter weg als der erste.",
        "<Er|Sie> schaute nach unten, und das war ein Fehler.",
      ],
      success: "Hand über Hand, und dann war oben nur noch Himmel.",
    },
    ride: {
      tries: [
        "Es wackelte nach links und lag dann rechts.",
        "Drei Meter ohne Umfallen!",
        "Es ging gut bis zur ersten Kurve.",
      ],
      success: "Die Räder summten, der Wind lachte, und niemand hielt mehr fest.",
    },
    play: {
      tries: [
        "Es quietschte wie eine Tür.",
        "Zwei von fünf Tönen waren die richtigen.",
        "Ganz langsam war es schon eine Melodie.",
      ],
      success: "Ein Ton nahm den nächsten an die Hand, und die Melodie spazierte in den Abend hinaus.",
    },
    roar: {
      tries: [
        "Das Maul ging auf, und heraus kam ein Piepsen.",
        "Diesmal war es immerhin ein Husten.",
        "Ein Kieselstein rollte den Hang hinunter, aus reiner Höflichkeit.",
      ],
      success: "ROAAAR! Es rollte das Tal hinunter, und das Tal rollte es zurück.",
    },
    share: {
      tries: [
        "<Er|Sie> teilte einen Krümel, und es war ein sehr kleiner Krümel.",
        "<Er|Sie> gab die Hälfte weg und sah ihr lange nach.",
        "Mit geschlossenen Augen ging das Abgeben leichter.",
      ],
      success: "„Die Hälfte für dich“, und beide Hälften schmeckten größer als das Ganze.",
    },
    talk: {
      tries: [
        "Der Mund ging auf und wieder zu.",
        "Ein Wort kam heraus, und es war ein gutes Wort.",
        "Ein ganzer Satz kam bis zur Hälfte.",
      ],
      success: "Die Worte kamen eins nach dem anderen, und niemand lachte, und alle hörten zu.",
    },
    skate: {
      tries: [
        "<Er|Sie> stand auf dem Eis und saß dann darauf.",
        "Zwei Schritte, einmal rutschen, einmal plumpsen.",
        "Ein langer, schöner Schwung, bis zum Ufer.",
      ],
      success: "Sch, sch: Das Eis zog eine lange weiße Linie hinterher.",
    },
  },
  traits: {
    shy: {
      trait: "<Er|Sie> war so schüchtern, dass <er|sie> sich versteckte, wenn jemand Hallo sagte.",
      growth: "Ein bisschen schüchtern war {name} noch immer, aber jetzt sagte {name} zuerst Hallo.",
    },
    brave: {
      trait: "Mutig war <er|sie>, sogar montags.",
      growth: "{Name} war so mutig wie vorher und ein wenig klüger.",
    },
    curious: {
      trait: "<Er|Sie> schaute unter jeden Stein und hinter jede Tür.",
      growth: "{Name} hatte hundert neue Fragen.",
    },
    lonely: {
      trait: "<Er|Sie> deckte den Tisch immer für zwei, nur für alle Fälle.",
      growth: "Auf dem Tisch standen jetzt zwei Tassen, und beide wurden gebraucht.",
    },
    grumpy: {
      trait: "<Er|Sie> brummte vor dem Frühstück und danach auch.",
      growth: "{Name} brummte noch immer, aber nur bei Regen und meistens zum Spaß.",
    },
    small: {
      trait: "<Er|Sie> war so klein, dass ein Fingerhut ein guter Hut war.",
      growth: "{Name} war genauso klein wie vorher, fühlte sich aber so groß wie ein Baum.",
    },
    sleepy: {
      trait: "<Er|Sie> konnte überall einschlafen, sogar im Stehen.",
      growth: "Morgen würde {name} ausschlafen. Das war verdient.",
    },
    clumsy: {
      trait: "<Er|Sie> stolperte über Dinge, die gar nicht da waren.",
      growth: "{Name} stolperte noch ab und zu und verbeugte sich dann.",
    },
    kind: {
      trait: "<Er|Sie> hatte immer ein gutes Wort und oft einen halben Keks.",
      growth: "Alles Gute, das {name} verschenkt hatte, war wieder nach Hause gekommen.",
    },
    clever: {
      trait: "<Er|Sie> konnte Dinge ausrechnen, von denen andere nur träumen.",
      growth: "{Name} wusste nun, dass Freunde noch mehr wissen als Bücher.",
    },
    timid: {
      trait: "Schon bei einem fallenden Blatt bekam <er|sie> Herzklopfen.",
      growth: "Das Herz klopfte noch immer, aber jetzt klang es wie eine Trommel.",
    },
    impatient: {
      trait: "<Er|Sie> wollte alles auf einmal und am liebsten gestern.",
      growth: "{Name} konnte jetzt warten, jedenfalls bis fünf.",
    },
    proud: {
      trait: "<Er|Sie> trug die Nase sehr hoch und stolperte darum oft.",
      growth: "{Name} war jetzt auf etwas anderes stolz: auf die Freunde.",
    },
    forgetful: {
      trait: "<Er|Sie> vergaß fast alles, manchmal sogar, was <er|sie> vergessen hatte.",
      growth: "{Name} würde vieles vergessen, aber niemals diesen Tag.",
    },
    sad: {
      trait: "Manchmal war <er|sie> traurig und wusste nicht, warum.",
      growth: "Sollte die Traurigkeit wiederkommen, wusste {name} jetzt, wen man rufen kann.",
    },
    funny: {
      trait: "<Er|Sie> brachte sogar Teekannen zum Lachen.",
      growth: "{Name} hatte neue Witze und jemanden, der sie hören wollte.",
    },
    lazy: {
      trait: "<Er|Sie> fand, der beste Weg sei der zum Sofa.",
      growth: "{Name} mochte das Sofa immer noch, aber erst nach einem Abenteuer.",
    },
    noisy: {
      trait: "Wenn <er|sie> flüsterte, klirrten die Fenster.",
      growth: "{Name} war immer noch laut, konnte aber leise sein, wenn es darauf ankam.",
    },
    quiet: {
      trait: "<Er|Sie> war so leise, dass sich Schmetterlinge auf <ihn|sie> setzten.",
      growth: "{Name} war immer noch leise, aber wenn {name} sprach, hörten alle zu.",
    },
    greedy: {
      trait: "<Er|Sie> wollte immer das größte Stück und dann noch eines.",
      growth: "{Name} gab das größte Stück jetzt ab. So schmeckte es besser.",
    },
    any: {
      trait:
        "<Er|Sie> hatte [zwei helle Augen und den Kopf voller Pläne|ein warmes Herz und kalte Füße|ein Lachen, das man drei Türen weiter hörte|sehr viele nützliche Dinge in einer kleinen Tasche].",
      growth: "{Name} wusste nun, dass große Dinge [ganz klein|mit einem Schritt|mit einer Frage] anfangen.",
    },
  },
  pal: {
    intro: "Bei <ihm|ihr> wohnte auch {pal.a}.",
    calm: [
      "{Pal} kam natürlich mit.",
      "{Pal} nickte sehr ernst.",
      "„Das wusste ich!“, sagte {pal}.",
      "{Pal} blieb ganz in der Nähe.",
      "„Und jetzt?“, fragte {pal}.",
      "{Pal} hatte es auch gesehen.",
      "„Schau mal!“, sagte {pal}.",
      "{Pal} hielt Wache.",
      "Und {pal}? {Pal} hatte Hunger.",
      "Ohne {pal.acc} wäre es nur halb so schön gewesen.",
      "{Pal} sagte nichts, und das war genau richtig.",
      "„Weiter!“, rief {pal}.",
      "{Pal} half auch ein bisschen mit.",
      "{Pal} wollte alles ganz aus der Nähe sehen.",
      "„Sind wir bald da?“, fragte {pal}.",
      "{Pal} summte ein wenig vor sich hin.",
    ],
    low: "{Pal} setzte sich ganz dicht daneben.",
    happy: [
      "{Pal} hüpfte vor Freude.",
      "{Pal} lachte und lachte.",
    ],
  },
  thing: [
    "{Thing} war immer dabei.",
    "Wie gut, dass {thing} da war!",
    "Sogar {thing} schien zuzuhören.",
    "{Thing} glänzte ein wenig im Licht.",
  ],
};
