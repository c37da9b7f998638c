/**
 * Where tales happen: for each setting its spots on the way and who may be met there.
 *
 * @module
 */

/** A place as it is said after a verb of being: "lived by the mill". */
export interface Spot {
  en: string;
  de: string;
  es: string;
}

export interface Setting {
  /** What the illustrator paints behind everything. */
  scenery:
    | "forest"
    | "sea"
    | "space"
    | "city"
    | "snow"
    | "castle"
    | "farm"
    | "desert"
    | "mountain"
    | "garden"
    | "beach"
    | "sky";
  /** Words that name the setting in a prompt, in any language, lower case. */
  words: readonly string[];
  home: Spot;
  spots: readonly Spot[];
  helpers: readonly string[];
}

const spot = (en: string, de: string, es: string): Spot => ({ en, de, es });

const land: readonly Spot[] = [
  spot("by the old stone bridge", "an der alten Steinbrücke", "junto al viejo puente de piedra"),
  spot("at the edge of the wood", "am Waldrand", "al borde del bosque"),
  spot("under the tall oak", "unter der hohen Eiche", "bajo el gran roble"),
  spot("beside the quiet pond", "am stillen Teich", "junto al estanque tranquilo"),
  spot("on the windy hill", "auf dem windigen Hügel", "en la colina del viento"),
  spot("among the poppies", "mitten im Mohnfeld", "entre las amapolas"),
  spot("near the old mill", "bei der alten Mühle", "cerca del viejo molino"),
  spot("behind the waterfall", "hinter dem Wasserfall", "detrás de la cascada"),
  spot("between the mossy rocks", "zwischen den moosigen Steinen", "entre las rocas cubiertas de musgo"),
  spot("at the crossroads", "an der Wegkreuzung", "en el cruce de caminos"),
  spot("in the plum orchard", "im Pflaumengarten", "en el huerto de ciruelos"),
  spot("down in the valley", "unten im Tal", "abajo en el valle"),
  spot("by the reedy river", "am Fluss im hohen Schilf", "a la orilla del río"),
  spot("under the silver birches", "unter den weißen Birken", "bajo los abedules blancos"),
];
const landHelpers = [
  "owl",
  "hedgehog",
  "frog",
  "squirrel",
  "mole",
  "raven",
  "badger",
  "snail",
  "goat",
  "hare",
  "turtle",
  "bear",
  "stork",
  "deer",
  "goose",
  "raccoon",
];

/** The settings, the general one first. */
export const settings: Record<string, Setting> = {
  land: {
    scenery: "forest",
    words: [
      "forest",
      "wood",
      "woods",
      "jungle",
      "meadow",
      "valley",
      "wald",
      "dschungel",
      "wiese",
      "bosque",
      "selva",
      "prado",
      "valle",
    ],
    home: spot("at the foot of a green hill", "am Fuß eines grünen Hügels", "al pie de una colina verde"),
    spots: land,
    helpers: landHelpers,
  },
  garden: {
    scenery: "garden",
    words: ["garden", "park", "orchard", "garten", "park", "jardín", "parque", "huerto"],
    home: spot(
      "at the end of a wild garden",
      "am Ende eines wilden Gartens",
      "al fondo de un jardín salvaje",
    ),
    spots: [
      spot("under the rose arch", "unter dem Rosenbogen", "bajo el arco de rosas"),
      spot("beside the watering can", "neben der Gießkanne", "junto a la regadera"),
      spot("between the sunflowers", "zwischen den Sonnenblumen", "entre los girasoles"),
      spot("behind the garden shed", "hinter dem Gartenhaus", "detrás de la caseta"),
      spot("on the garden wall", "auf der Gartenmauer", "sobre el muro del jardín"),
      spot("by the pumpkin patch", "am Kürbisbeet", "junto a las calabazas"),
    ],
    helpers: [
      "snail",
      "bee",
      "butterfly",
      "mole",
      "ladybird",
      "hedgehog",
      "toad",
      "caterpillar",
      "ant",
      "spider",
    ],
  },
  sea: {
    scenery: "sea",
    words: [
      "sea",
      "ocean",
      "underwater",
      "reef",
      "meer",
      "ozean",
      "unterwasser",
      "riff",
      "mar",
      "océano",
      "arrecife",
    ],
    home: spot("in a blue corner of the sea", "in einer blauen Ecke des Meeres", "en un rincón azul del mar"),
    spots: [
      spot("between the red corals", "zwischen den roten Korallen", "entre los corales rojos"),
      spot("beside the sunken ship", "neben dem versunkenen Schiff", "junto al barco hundido"),
      spot("in the seaweed forest", "im Wald aus Seetang", "en el bosque de algas"),
      spot("on the white sandbank", "auf der weißen Sandbank", "en el banco de arena blanca"),
      spot("at the edge of the deep", "am Rand der Tiefe", "al borde de las profundidades"),
      spot("under the stone arch", "unter dem Felsenbogen", "bajo el arco de roca"),
      spot("near the singing shells", "bei den singenden Muscheln", "cerca de las conchas que cantan"),
      spot(
        "where the warm current begins",
        "wo die warme Strömung beginnt",
        "donde empieza la corriente cálida",
      ),
    ],
    helpers: [
      "octopus",
      "turtle",
      "crab",
      "seahorse",
      "whale",
      "jellyfish",
      "starfish",
      "dolphin",
      "seal",
      "fish",
      "shark",
      "mermaid",
    ],
  },
  beach: {
    scenery: "beach",
    words: [
      "beach",
      "island",
      "shore",
      "coast",
      "harbour",
      "harbor",
      "lighthouse",
      "strand",
      "insel",
      "küste",
      "hafen",
      "leuchtturm",
      "playa",
      "isla",
      "costa",
      "puerto",
      "faro",
    ],
    home: spot("in a small house by the sea", "in einem kleinen Haus am Meer", "en una casita junto al mar"),
    spots: [
      spot("beside the lighthouse", "neben dem Leuchtturm", "junto al faro"),
      spot("on the long pier", "auf dem langen Steg", "en el largo muelle"),
      spot("between the dunes", "zwischen den Dünen", "entre las dunas"),
      spot("under the upturned boat", "unter dem umgedrehten Boot", "bajo la barca volcada"),
      spot("at the rock pool", "am Felsenbecken", "en la poza entre las rocas"),
      spot("where the waves turn back", "wo die Wellen umkehren", "donde las olas dan la vuelta"),
    ],
    helpers: ["crab", "turtle", "seal", "pigeon", "goose", "starfish", "duck", "parrot", "hedgehog", "dog"],
  },
  space: {
    scenery: "space",
    words: [
      "moon",
      "space",
      "planet",
      "mars",
      "galaxy",
      "stars",
      "rocket",
      "mond",
      "weltraum",
      "weltall",
      "planeten",
      "rakete",
      "luna",
      "espacio",
      "planeta",
      "marte",
      "galaxia",
      "cohete",
    ],
    home: spot("on a very small planet", "auf einem sehr kleinen Planeten", "en un planeta muy pequeño"),
    spots: [
      spot("beside a silver crater", "neben einem silbernen Krater", "junto a un cráter de plata"),
      spot("on the ring of Saturn", "auf dem Ring des Saturn", "en el anillo de Saturno"),
      spot("behind the Milky Way", "hinter der Milchstraße", "detrás de la Vía Láctea"),
      spot("at the comet stop", "an der Kometenhaltestelle", "en la parada de cometas"),
      spot(
        "on the dark side of the moon",
        "auf der dunklen Seite des Mondes",
        "en la cara oculta de la luna",
      ),
      spot("between two green suns", "zwischen zwei grünen Sonnen", "entre dos soles verdes"),
      spot("in a valley of stardust", "in einem Tal aus Sternenstaub", "en un valle de polvo de estrellas"),
      spot(
        "near the last lamp of the galaxy",
        "bei der letzten Laterne der Galaxie",
        "cerca de la última farola de la galaxia",
      ),
    ],
    helpers: ["robot", "alien", "comet", "star", "astronaut", "moon", "cloud", "owl", "turtle", "mouse"],
  },
  sky: {
    scenery: "sky",
    words: ["sky", "clouds", "himmel", "wolken", "cielo", "nubes"],
    home: spot("high up between the clouds", "hoch oben zwischen den Wolken", "muy arriba, entre las nubes"),
    spots: [
      spot("on the softest cloud", "auf der weichsten Wolke", "en la nube más blanda"),
      spot("at the end of the rainbow", "am Ende des Regenbogens", "al final del arcoíris"),
      spot("beside the weathercock", "neben dem Wetterhahn", "junto a la veleta"),
      spot("where the north wind sleeps", "wo der Nordwind schläft", "donde duerme el viento del norte"),
      spot("above the last mountain", "über dem letzten Berg", "sobre la última montaña"),
      spot("in the shade of the moon", "im Schatten des Mondes", "a la sombra de la luna"),
    ],
    helpers: ["stork", "bird", "bat", "star", "cloud", "butterfly", "owl", "raven", "bee", "moon"],
  },
  city: {
    scenery: "city",
    words: [
      "city",
      "town",
      "street",
      "school",
      "house",
      "library",
      "museum",
      "bakery",
      "playground",
      "train station",
      "kitchen",
      "stadt",
      "straße",
      "schule",
      "haus",
      "bibliothek",
      "bäckerei",
      "spielplatz",
      "bahnhof",
      "küche",
      "ciudad",
      "calle",
      "escuela",
      "casa",
      "biblioteca",
      "museo",
      "panadería",
      "cocina",
    ],
    home: spot(
      "in a tall house in the middle of town",
      "in einem hohen Haus mitten in der Stadt",
      "en una casa alta en medio de la ciudad",
    ),
    spots: [
      spot("in front of the bakery", "vor der Bäckerei", "delante de la panadería"),
      spot("at the bus stop", "an der Bushaltestelle", "en la parada del autobús"),
      spot("on the roof terrace", "auf der Dachterrasse", "en la azotea"),
      spot("beside the fountain", "neben dem Brunnen", "junto a la fuente"),
      spot("behind the library", "hinter der Bücherei", "detrás de la biblioteca"),
      spot("under the railway bridge", "unter der Eisenbahnbrücke", "bajo el puente del tren"),
      spot("in the park", "im Park", "en el parque"),
      spot("on the market square", "auf dem Marktplatz", "en la plaza del mercado"),
    ],
    helpers: [
      "pigeon",
      "baker",
      "gardener",
      "dog",
      "robot",
      "grandmother",
      "mouse",
      "raven",
      "kitten",
      "grandfather",
      "car",
      "train",
    ],
  },
  snow: {
    scenery: "snow",
    words: [
      "snow",
      "ice",
      "winter",
      "arctic",
      "antarctica",
      "north pole",
      "south pole",
      "schnee",
      "eis",
      "arktis",
      "nordpol",
      "südpol",
      "nieve",
      "hielo",
      "invierno",
      "ártico",
      "polo norte",
      "polo sur",
    ],
    home: spot(
      "where the snow never melts",
      "dort, wo der Schnee nie schmilzt",
      "donde la nieve nunca se derrite",
    ),
    spots: [
      spot("beside the frozen lake", "neben dem gefrorenen See", "junto al lago helado"),
      spot("on the blue iceberg", "auf dem blauen Eisberg", "en el iceberg azul"),
      spot("under the northern lights", "unter dem Nordlicht", "bajo la aurora boreal"),
      spot("behind the snowdrift", "hinter der Schneewehe", "detrás del montón de nieve"),
      spot("in the ice cave", "in der Eishöhle", "en la cueva de hielo"),
      spot("among the white firs", "zwischen den weißen Tannen", "entre los abetos blancos"),
    ],
    helpers: ["penguin", "seal", "polar bear", "hare", "owl", "snowman", "fox", "whale", "wolf", "deer"],
  },
  desert: {
    scenery: "desert",
    words: ["desert", "savanna", "africa", "wüste", "savanne", "afrika", "desierto", "sabana", "áfrica"],
    home: spot("at the edge of the great desert", "am Rand der großen Wüste", "al borde del gran desierto"),
    spots: [
      spot("in the shade of a rock", "im Schatten eines Felsens", "a la sombra de una roca"),
      spot("at the oasis", "an der Oase", "en el oasis"),
      spot("behind the highest dune", "hinter der höchsten Düne", "detrás de la duna más alta"),
      spot("beside the dry riverbed", "neben dem trockenen Flussbett", "junto al cauce seco"),
      spot("under three palm trees", "unter drei Palmen", "bajo tres palmeras"),
      spot("near the old well", "beim alten Brunnen", "cerca del viejo pozo"),
    ],
    helpers: ["lizard", "turtle", "elephant", "giraffe", "snake", "lion", "monkey", "owl", "goat", "spider"],
  },
  mountain: {
    scenery: "mountain",
    words: [
      "mountain",
      "mountains",
      "cave",
      "volcano",
      "berg",
      "berge",
      "höhle",
      "vulkan",
      "montaña",
      "montañas",
      "cueva",
      "volcán",
    ],
    home: spot("high up in the mountains", "hoch oben in den Bergen", "en lo alto de las montañas"),
    spots: [
      spot("at the mouth of the cave", "am Eingang der Höhle", "a la entrada de la cueva"),
      spot("on the narrow path", "auf dem schmalen Pfad", "en el sendero estrecho"),
      spot("beside the mountain lake", "neben dem Bergsee", "junto al lago de montaña"),
      spot("under the eagle's rock", "unter dem Adlerfelsen", "bajo la roca del águila"),
      spot("behind the waterfall", "hinter dem Wasserfall", "detrás de la cascada"),
      spot(
        "in the last meadow below the snow",
        "auf der letzten Wiese unter dem Schnee",
        "en el último prado bajo la nieve",
      ),
    ],
    helpers: ["goat", "raven", "bear", "owl", "hare", "fox", "gnome", "sheep", "bat", "mole"],
  },
  castle: {
    scenery: "castle",
    words: [
      "castle",
      "kingdom",
      "palace",
      "tower",
      "schloss",
      "burg",
      "königreich",
      "palast",
      "turm",
      "castillo",
      "reino",
      "palacio",
      "torre",
    ],
    home: spot(
      "in the smallest tower of a castle",
      "im kleinsten Turm einer Burg",
      "en la torre más pequeña de un castillo",
    ),
    spots: [
      spot("on the drawbridge", "auf der Zugbrücke", "en el puente levadizo"),
      spot("in the rose garden", "im Rosengarten", "en la rosaleda"),
      spot("under the long table", "unter der langen Tafel", "bajo la larga mesa"),
      spot("at the foot of the tower", "am Fuß des Turms", "al pie de la torre"),
      spot("behind the stables", "hinter den Ställen", "detrás de los establos"),
      spot("beside the moat", "neben dem Burggraben", "junto al foso"),
      spot("in the royal kitchen", "in der königlichen Küche", "en la cocina real"),
    ],
    helpers: [
      "knight",
      "owl",
      "ghost",
      "frog",
      "queen",
      "wizard",
      "mouse",
      "horse",
      "raven",
      "gnome",
      "fairy",
      "king",
    ],
  },
  farm: {
    scenery: "farm",
    words: [
      "farm",
      "barn",
      "field",
      "village",
      "bauernhof",
      "scheune",
      "feld",
      "dorf",
      "granja",
      "granero",
      "campo",
      "pueblo",
    ],
    home: spot(
      "on a farm with a red barn",
      "auf einem Hof mit roter Scheune",
      "en una granja con un granero rojo",
    ),
    spots: [
      spot("behind the red barn", "hinter der roten Scheune", "detrás del granero rojo"),
      spot("on top of the haystack", "oben auf dem Heuhaufen", "en lo alto del pajar"),
      spot("beside the duck pond", "neben dem Ententeich", "junto al estanque de los patos"),
      spot("in the cornfield", "im Maisfeld", "en el maizal"),
      spot("at the old gatepost", "am alten Torpfosten", "junto al viejo poste"),
      spot("under the apple trees", "unter den Apfelbäumen", "bajo los manzanos"),
    ],
    helpers: ["hen", "cow", "sheep", "donkey", "duck", "goat", "horse", "pig", "goose", "mouse", "dog"],
  },
};

/** Spots and helpers for a tale in `key`, the general ones last, so that even a long tale has enough. */
export function wayThrough(key: string): { spots: readonly Spot[]; helpers: readonly string[] } {
  const { spots, helpers } = settings[key];
  const dry = key !== "sea" && key !== "space" && key !== "sky";
  return {
    spots: dry ? [...new Set([...spots, ...land])] : spots,
    helpers: [...new Set([...helpers, ...landHelpers])],
  };
}
