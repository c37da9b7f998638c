/**
 * Who may appear in a tale, in three languages.
 *
 * @module
 */

/** How somebody gets about. */
export type Move = "walk" | "fly" | "swim" | "hop" | "roll" | "creep";

/** Where somebody is at home when the prompt does not say. */
export type Habitat = "land" | "sea" | "space" | "city" | "snow" | "castle" | "farm" | "sky" | "beach";

export type Sex = "m" | "f" | "n";

/** A noun for a character. `kind` is also what the illustrator draws. */
export interface Character {
  kind: string;
  move: Move;
  habitat: Habitat;
  en: { one: string; many: string; sex?: Sex };
  /** `oblique` is the form after `den`, `dem`: it differs for weak nouns only. */
  de: { one: string; oblique: string; many: string; gender: Sex };
  es: { one: string; many: string; gender: Sex };
}

/** kind · move · habitat · English · German (one/oblique/many gender) · Spanish (one/many gender) · sex, if fixed */
const rows: readonly (readonly [string, Move, Habitat, string, string, string, Sex?])[] = [
  ["dragon", "fly", "castle", "dragon/dragons", "Drache/Drachen/Drachen m", "dragón/dragones m"],
  [
    "dinosaur",
    "walk",
    "land",
    "dinosaur/dinosaurs",
    "Dinosaurier/Dinosaurier/Dinosaurier m",
    "dinosaurio/dinosaurios m",
  ],
  ["cat", "walk", "city", "cat/cats", "Katze/Katze/Katzen f", "gata/gatas f"],
  ["tomcat", "walk", "city", "tomcat/tomcats", "Kater/Kater/Kater m", "gato/gatos m"],
  ["kitten", "walk", "city", "kitten/kittens", "Kätzchen/Kätzchen/Kätzchen n", "gatito/gatitos m"],
  ["dog", "walk", "city", "dog/dogs", "Hund/Hund/Hunde m", "perro/perros m"],
  ["puppy", "walk", "city", "puppy/puppies", "Welpe/Welpen/Welpen m", "cachorro/cachorros m"],
  ["bear", "walk", "land", "bear/bears", "Bär/Bären/Bären m", "oso/osos m"],
  [
    "polar bear",
    "walk",
    "snow",
    "polar bear/polar bears",
    "Eisbär/Eisbären/Eisbären m",
    "oso polar/osos polares m",
  ],
  ["panda", "walk", "land", "panda/pandas", "Panda/Panda/Pandas m", "panda/pandas m"],
  ["fox", "walk", "land", "fox/foxes", "Fuchs/Fuchs/Füchse m", "zorro/zorros m"],
  ["wolf", "walk", "land", "wolf/wolves", "Wolf/Wolf/Wölfe m", "lobo/lobos m"],
  ["rabbit", "hop", "land", "rabbit/rabbits", "Kaninchen/Kaninchen/Kaninchen n", "conejo/conejos m"],
  ["bunny", "hop", "land", "bunny/bunnies", "Häschen/Häschen/Häschen n", "conejito/conejitos m"],
  ["hare", "hop", "land", "hare/hares", "Hase/Hasen/Hasen m", "liebre/liebres f"],
  ["mouse", "walk", "land", "mouse/mice", "Maus/Maus/Mäuse f", "ratona/ratonas f"],
  ["mole", "creep", "land", "mole/moles", "Maulwurf/Maulwurf/Maulwürfe m", "topo/topos m"],
  ["hedgehog", "walk", "land", "hedgehog/hedgehogs", "Igel/Igel/Igel m", "erizo/erizos m"],
  [
    "squirrel",
    "hop",
    "land",
    "squirrel/squirrels",
    "Eichhörnchen/Eichhörnchen/Eichhörnchen n",
    "ardilla/ardillas f",
  ],
  ["raccoon", "walk", "land", "raccoon/raccoons", "Waschbär/Waschbären/Waschbären m", "mapache/mapaches m"],
  ["badger", "walk", "land", "badger/badgers", "Dachs/Dachs/Dachse m", "tejón/tejones m"],
  ["otter", "walk", "land", "otter/otters", "Otter/Otter/Otter m", "nutria/nutrias f"],
  ["deer", "walk", "land", "deer/deer", "Reh/Reh/Rehe n", "cierva/ciervas f"],
  ["lion", "walk", "land", "lion/lions", "Löwe/Löwen/Löwen m", "león/leones m"],
  ["tiger", "walk", "land", "tiger/tigers", "Tiger/Tiger/Tiger m", "tigre/tigres m"],
  ["monkey", "hop", "land", "monkey/monkeys", "Affe/Affen/Affen m", "mono/monos m"],
  ["elephant", "walk", "land", "elephant/elephants", "Elefant/Elefanten/Elefanten m", "elefante/elefantes m"],
  ["giraffe", "walk", "land", "giraffe/giraffes", "Giraffe/Giraffe/Giraffen f", "jirafa/jirafas f"],
  ["hippo", "walk", "land", "hippo/hippos", "Nilpferd/Nilpferd/Nilpferde n", "hipopótamo/hipopótamos m"],
  ["koala", "walk", "land", "koala/koalas", "Koala/Koala/Koalas m", "koala/koalas m"],
  ["horse", "walk", "farm", "horse/horses", "Pferd/Pferd/Pferde n", "caballo/caballos m"],
  ["pony", "walk", "farm", "pony/ponies", "Pony/Pony/Ponys n", "poni/ponis m"],
  ["unicorn", "walk", "castle", "unicorn/unicorns", "Einhorn/Einhorn/Einhörner n", "unicornio/unicornios m"],
  ["donkey", "walk", "farm", "donkey/donkeys", "Esel/Esel/Esel m", "burro/burros m"],
  ["cow", "walk", "farm", "cow/cows", "Kuh/Kuh/Kühe f", "vaca/vacas f", "f"],
  ["pig", "walk", "farm", "pig/pigs", "Schwein/Schwein/Schweine n", "cerdito/cerditos m"],
  ["piglet", "walk", "farm", "piglet/piglets", "Ferkel/Ferkel/Ferkel n", "cerdito/cerditos m"],
  ["sheep", "walk", "farm", "sheep/sheep", "Schaf/Schaf/Schafe n", "oveja/ovejas f"],
  ["lamb", "walk", "farm", "lamb/lambs", "Lamm/Lamm/Lämmer n", "corderito/corderitos m"],
  ["goat", "walk", "farm", "goat/goats", "Ziege/Ziege/Ziegen f", "cabra/cabras f"],
  ["hen", "walk", "farm", "hen/hens", "Huhn/Huhn/Hühner n", "gallina/gallinas f", "f"],
  ["chick", "walk", "farm", "chick/chicks", "Küken/Küken/Küken n", "pollito/pollitos m"],
  ["duck", "walk", "farm", "duck/ducks", "Ente/Ente/Enten f", "pata/patas f"],
  ["goose", "walk", "farm", "goose/geese", "Gans/Gans/Gänse f", "oca/ocas f"],
  ["bird", "fly", "land", "bird/birds", "Vogel/Vogel/Vögel m", "pájaro/pájaros m"],
  ["owl", "fly", "land", "owl/owls", "Eule/Eule/Eulen f", "lechuza/lechuzas f"],
  ["raven", "fly", "land", "raven/ravens", "Rabe/Raben/Raben m", "cuervo/cuervos m"],
  ["parrot", "fly", "land", "parrot/parrots", "Papagei/Papagei/Papageien m", "loro/loros m"],
  ["penguin", "walk", "snow", "penguin/penguins", "Pinguin/Pinguin/Pinguine m", "pingüino/pingüinos m"],
  ["stork", "fly", "land", "stork/storks", "Storch/Storch/Störche m", "cigüeña/cigüeñas f"],
  ["pigeon", "fly", "city", "pigeon/pigeons", "Taube/Taube/Tauben f", "paloma/palomas f"],
  ["bat", "fly", "land", "bat/bats", "Fledermaus/Fledermaus/Fledermäuse f", "murciélago/murciélagos m"],
  ["frog", "hop", "land", "frog/frogs", "Frosch/Frosch/Frösche m", "rana/ranas f"],
  ["toad", "hop", "land", "toad/toads", "Kröte/Kröte/Kröten f", "sapo/sapos m"],
  [
    "turtle",
    "creep",
    "sea",
    "turtle/turtles",
    "Schildkröte/Schildkröte/Schildkröten f",
    "tortuga/tortugas f",
  ],
  ["snail", "creep", "land", "snail/snails", "Schnecke/Schnecke/Schnecken f", "caracola/caracolas f"],
  ["lizard", "creep", "land", "lizard/lizards", "Eidechse/Eidechse/Eidechsen f", "lagartija/lagartijas f"],
  [
    "crocodile",
    "creep",
    "land",
    "crocodile/crocodiles",
    "Krokodil/Krokodil/Krokodile n",
    "cocodrilo/cocodrilos m",
  ],
  ["snake", "creep", "land", "snake/snakes", "Schlange/Schlange/Schlangen f", "serpiente/serpientes f"],
  ["fish", "swim", "sea", "fish/fish", "Fisch/Fisch/Fische m", "pez/peces m"],
  ["whale", "swim", "sea", "whale/whales", "Wal/Wal/Wale m", "ballena/ballenas f"],
  ["dolphin", "swim", "sea", "dolphin/dolphins", "Delfin/Delfin/Delfine m", "delfín/delfines m"],
  ["shark", "swim", "sea", "shark/sharks", "Hai/Hai/Haie m", "tiburón/tiburones m"],
  ["octopus", "swim", "sea", "octopus/octopuses", "Krake/Kraken/Kraken m", "pulpo/pulpos m"],
  ["crab", "creep", "sea", "crab/crabs", "Krabbe/Krabbe/Krabben f", "cangrejo/cangrejos m"],
  [
    "seahorse",
    "swim",
    "sea",
    "seahorse/seahorses",
    "Seepferdchen/Seepferdchen/Seepferdchen n",
    "caballito de mar/caballitos de mar m",
  ],
  ["jellyfish", "swim", "sea", "jellyfish/jellyfish", "Qualle/Qualle/Quallen f", "medusa/medusas f"],
  [
    "starfish",
    "creep",
    "sea",
    "starfish/starfish",
    "Seestern/Seestern/Seesterne m",
    "estrella de mar/estrellas de mar f",
  ],
  ["seal", "swim", "snow", "seal/seals", "Robbe/Robbe/Robben f", "foca/focas f"],
  [
    "mermaid",
    "swim",
    "sea",
    "mermaid/mermaids",
    "Meerjungfrau/Meerjungfrau/Meerjungfrauen f",
    "sirena/sirenas f",
    "f",
  ],
  ["bee", "fly", "land", "bee/bees", "Biene/Biene/Bienen f", "abeja/abejas f"],
  [
    "butterfly",
    "fly",
    "land",
    "butterfly/butterflies",
    "Schmetterling/Schmetterling/Schmetterlinge m",
    "mariposa/mariposas f",
  ],
  [
    "ladybird",
    "creep",
    "land",
    "ladybird/ladybirds",
    "Marienkäfer/Marienkäfer/Marienkäfer m",
    "mariquita/mariquitas f",
  ],
  [
    "firefly",
    "fly",
    "land",
    "firefly/fireflies",
    "Glühwürmchen/Glühwürmchen/Glühwürmchen n",
    "luciérnaga/luciérnagas f",
  ],
  ["caterpillar", "creep", "land", "caterpillar/caterpillars", "Raupe/Raupe/Raupen f", "oruga/orugas f"],
  ["ant", "creep", "land", "ant/ants", "Ameise/Ameise/Ameisen f", "hormiga/hormigas f"],
  ["spider", "creep", "land", "spider/spiders", "Spinne/Spinne/Spinnen f", "araña/arañas f"],
  ["robot", "roll", "city", "robot/robots", "Roboter/Roboter/Roboter m", "robot/robots m"],
  [
    "alien",
    "walk",
    "space",
    "alien/aliens",
    "Außerirdische/Außerirdischen/Außerirdischen m",
    "extraterrestre/extraterrestres m",
  ],
  [
    "astronaut",
    "walk",
    "space",
    "astronaut/astronauts",
    "Astronaut/Astronauten/Astronauten m",
    "astronauta/astronautas m",
  ],
  ["star", "fly", "sky", "star/stars", "Stern/Stern/Sterne m", "estrella/estrellas f"],
  ["moon", "fly", "sky", "moon/moons", "Mond/Mond/Monde m", "luna/lunas f"],
  ["cloud", "fly", "sky", "cloud/clouds", "Wolke/Wolke/Wolken f", "nube/nubes f"],
  ["comet", "fly", "space", "comet/comets", "Komet/Kometen/Kometen m", "cometa/cometas m"],
  ["girl", "walk", "city", "girl/girls", "Mädchen/Mädchen/Mädchen n", "niña/niñas f", "f"],
  ["boy", "walk", "city", "boy/boys", "Junge/Jungen/Jungen m", "niño/niños m", "m"],
  ["child", "walk", "city", "child/children", "Kind/Kind/Kinder n", "niño/niños m"],
  [
    "princess",
    "walk",
    "castle",
    "princess/princesses",
    "Prinzessin/Prinzessin/Prinzessinnen f",
    "princesa/princesas f",
    "f",
  ],
  ["prince", "walk", "castle", "prince/princes", "Prinz/Prinzen/Prinzen m", "príncipe/príncipes m", "m"],
  ["queen", "walk", "castle", "queen/queens", "Königin/Königin/Königinnen f", "reina/reinas f", "f"],
  ["king", "walk", "castle", "king/kings", "König/König/Könige m", "rey/reyes m", "m"],
  ["knight", "walk", "castle", "knight/knights", "Ritter/Ritter/Ritter m", "caballero/caballeros m"],
  ["pirate", "walk", "beach", "pirate/pirates", "Pirat/Piraten/Piraten m", "pirata/piratas m"],
  ["wizard", "walk", "castle", "wizard/wizards", "Zauberer/Zauberer/Zauberer m", "mago/magos m", "m"],
  ["witch", "fly", "land", "witch/witches", "Hexe/Hexe/Hexen f", "bruja/brujas f", "f"],
  ["fairy", "fly", "land", "fairy/fairies", "Fee/Fee/Feen f", "hada/hadas f", "f"],
  ["elf", "walk", "land", "elf/elves", "Elf/Elfen/Elfen m", "elfo/elfos m"],
  ["giant", "walk", "land", "giant/giants", "Riese/Riesen/Riesen m", "gigante/gigantes m"],
  ["gnome", "walk", "land", "gnome/gnomes", "Zwerg/Zwerg/Zwerge m", "gnomo/gnomos m"],
  ["troll", "walk", "land", "troll/trolls", "Troll/Troll/Trolle m", "trol/troles m"],
  ["monster", "walk", "land", "monster/monsters", "Monster/Monster/Monster n", "monstruo/monstruos m"],
  ["ghost", "fly", "castle", "ghost/ghosts", "Gespenst/Gespenst/Gespenster n", "fantasma/fantasmas m"],
  [
    "snowman",
    "hop",
    "snow",
    "snowman/snowmen",
    "Schneemann/Schneemann/Schneemänner m",
    "muñeco de nieve/muñecos de nieve m",
    "m",
  ],
  [
    "grandmother",
    "walk",
    "city",
    "grandmother/grandmothers",
    "Großmutter/Großmutter/Großmütter f",
    "abuela/abuelas f",
    "f",
  ],
  [
    "grandfather",
    "walk",
    "city",
    "grandfather/grandfathers",
    "Großvater/Großvater/Großväter m",
    "abuelo/abuelos m",
    "m",
  ],
  ["baker", "walk", "city", "baker/bakers", "Bäcker/Bäcker/Bäcker m", "panadero/panaderos m"],
  [
    "gardener",
    "walk",
    "city",
    "gardener/gardeners",
    "Gärtnerin/Gärtnerin/Gärtnerinnen f",
    "jardinera/jardineras f",
  ],
  ["train", "roll", "city", "train/trains", "Zug/Zug/Züge m", "tren/trenes m"],
  ["car", "roll", "city", "car/cars", "Auto/Auto/Autos n", "coche/coches m"],
  ["tractor", "roll", "farm", "tractor/tractors", "Traktor/Traktor/Traktoren m", "tractor/tractores m"],
  ["boat", "swim", "beach", "boat/boats", "Boot/Boot/Boote n", "barco/barcos m"],
  ["tree", "walk", "land", "tree/trees", "Baum/Baum/Bäume m", "árbol/árboles m"],
];

const pair = (text: string) => text.split("/") as [string, string];

function character([kind, move, habitat, en, de, es, sex]: typeof rows[number]): Character {
  const [enOne, enMany] = pair(en);
  const [deWords, deGender] = de.split(/ (?=[mfn]$)/);
  const [one, oblique, many] = deWords.split("/");
  const [esWords, esGender] = es.split(/ (?=[mf]$)/);
  const [esOne, esMany] = pair(esWords);
  return {
    kind,
    move,
    habitat,
    en: { one: enOne, many: enMany, sex },
    de: { one, oblique, many, gender: deGender as Sex },
    es: { one: esOne, many: esMany, gender: esGender as Sex },
  };
}

/** Every character the writer and the illustrator know. */
export const characters: readonly Character[] = rows.map(character);

const byKind = new Map(characters.map((entry) => [entry.kind, entry]));

/** The character called `kind`. Throws when there is none: kinds in our own tables must exist. */
export function characterOf(kind: string): Character {
  const found = byKind.get(kind);
  if (!found) throw new Error(`no character called ${kind}`);
  return found;
}
