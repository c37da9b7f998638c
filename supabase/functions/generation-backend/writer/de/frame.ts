import type { FrameTexts } from "../texts.ts";

/** Beginning, turn and end of every German tale. */
export const frame: FrameTexts = {
  open: [
    [
      "Das ist {name}. {Name} war {hero.a}. {Fact} (+{Trait}+) {Name} wohnte {place}.",
      "Es war einmal {hero.a}, und <sein|ihr> Name war {name}. {Fact} {Trait} {Name} wohnte {place}, wo jeder jeden kannte.",
      "Vor nicht allzu langer Zeit und gar nicht so weit von hier lebte {hero.a} namens {name}. {Fact} {Trait} <Er|Sie> war {place} aufgewachsen(+, wo die Tage lang waren und Neuigkeiten meistens schon alt, wenn sie ankamen+), und fast alle hätten gesagt, dass dort niemals etwas Besonderes geschehen werde.",
    ],
    [
      "Es war einmal {name}. {Name} war {hero.a}. {Fact} (+{Trait}+) Zu Hause war <er|sie> {place}.",
      "{Place} lebte {hero.a} namens {name}. {Fact} {Trait} Doch eines Tages sollte alles anders werden.",
      "Wer an einem bestimmten Morgen vorbeigekommen wäre, {place}, dem wäre vielleicht {hero.a} aufgefallen, <der|die> nachdenklich ins Leere sah. Das war {name}. {Fact} {Trait} (+Meistens beginnen Geschichten genau in solchen Augenblicken, in denen jemand ins Leere sieht. +)An jenem Morgen sollte sich etwas ändern.",
    ],
    [
      "Hallo, {name}! {Name} war {hero.a}. {Fact} (+{Trait}+) <Er|Sie> wohnte {place}. Was wollte {name} heute tun?",
      "Alle kannten {name}. <Er|Sie> war {hero.a} und wohnte {place}. {Fact} {Trait}",
      "Es gibt Geschichten über Riesen und Geschichten über Könige; in dieser hier geht es um jemand anderen. {Name} war {hero.a} und wohnte {place}(+, leicht zu finden für alle, die es nicht eilig hatten+). {Fact} {Trait} Niemand hatte um ein Abenteuer gebeten, aber Abenteuer warten selten darauf, dass man sie bittet.",
    ],
  ],
  home: [
    "{Name} hatte ein kleines Bett. {Name} hatte eine große Tasse. (+Jeden Morgen sagte die Sonne Hallo.+) Es war schön dort.",
    "{Name} hatte ein Bett unter dem Fenster und eine blaue Tasse mit einem Sprung. Morgens kam das Licht herein und setzte sich auf die Decke wie ein Gast. Es war ein gutes Leben, nur manchmal ein bisschen still.",
    "Zu Hause, das war ein kleiner, schiefer Ort mit einem Bett unter dem Fenster, einer blauen Tasse mit Sprung und einem Regal für Dinge, die man eines Tages brauchen könnte. Abends saß {name} dort und hörte zu, wie es spät wurde. (+Unglücklich war <er|sie> nicht; es war eher so, als fehlte irgendwo eine Seite. +)Und in letzter Zeit kehrte kurz vor dem Einschlafen immer derselbe Gedanke zurück.",
  ],
  setout: [
    "Los ging es! Immer weiter, immer weiter. (+Tschüss, Zuhause!+) Die Welt war groß.",
    "Am nächsten Morgen packte {name} ein Stück Brot, eine Decke und eine ordentliche Menge Mut ein. Dann machte <er|sie> die Tür zu, machte sie noch einmal auf, um der blauen Tasse Lebewohl zu sagen, und zog los. Der Weg begann gleich vor dem Haus, wie Wege das so tun.",
    "Eine Stunde lang packte {name}, und nur eine Minute dauerte es, bis klar war, dass fast nichts davon gebraucht wurde. Übrig blieben ein Stück Brot, eine Decke und ein Knäuel Schnur. (+Schnur, fand <er|sie>, hat noch keine Reise schlechter gemacht. +)Die Tür fiel zu wie an jedem Tag, obwohl es kein Tag wie jeder andere war, und {name} {moved} dorthin, wo der Weg verschwand.",
  ],
  brief: [
    "{Name} probierte und probierte. Da kam {helper.a}. „{Lesson}!“, sagte {helper}. (+Darüber dachte {name} nach.+)",
    "Zuerst ging es überhaupt nicht. {Try} Da kam {helper.a} vorbei und setzte sich eine Weile dazu. „Ich kenne nur ein einziges Geheimnis“, sagte {helper}, „und es lautet: {Lesson}.“",
    "Es war schwerer, als es von zu Hause aus ausgesehen hatte. {Try} Gerade als {name} begann, sich Ausreden zurechtzulegen, kam {spot} {helper.a} vorbei, sah eine Weile zu und räusperte sich. „Viel verstehe ich nicht davon“, sagte {helper}, „aber eines hat mir bei fast allem geholfen: {Lesson}.“ (+Es war ein so einfacher Satz, dass {name} beinahe überhört hätte, was darin steckte.+)",
  ],
  low: [
    "{Name} setzte sich hin. „Ich kann das nicht.“ (+Eine Träne rollte.+) Es war ein trauriger Tag.",
    "An jenem Abend setzte sich {name} auf einen Stein und stand nicht mehr auf. „Das schaffe ich nie“, sagte <er|sie>. Der Stein schwieg, und der Himmel war grau von einem Ende zum anderen.",
    "Und dann kam ein Tag, an dem nichts mehr übrig war: kein Brot, kein Plan und keine gute Laune. {Name} setzte sich auf einen Stein und ließ den Kopf hängen. „Andere können so etwas“, sagte <er|sie> zu dem Stein, „und ich bin eben nicht andere.“ (+Der Stein, der seit neun Millionen Jahren ein Stein war, fand das völlig in Ordnung, sagte es aber nicht. +)Langsam wurde es dunkel.",
  ],
  turn: [
    "Wer war da? Es war {friend}! „{Lesson.first}!“, sagte {friend}. (+{Others}+) Da stand {name} wieder auf.",
    "Da hörte {name} eine Stimme, die <er|sie> kannte. Es war {friend}, ganz außer Atem. „Du hast mir geholfen“, sagte {friend}, „und jetzt bin ich für dich da. Weißt du noch: {Lesson.first}!“ {Others} Auf einmal war der Abend gar nicht mehr so grau.",
    "Im Dunkeln raschelte es, und dann kam eine Stimme, die {name} überall erkannt hätte. „Hier steckst du also“, sagte {friend}. „Den ganzen Tag bin ich unterwegs, weil mir jemand erzählt hat, dass du dich hingesetzt hast.“ {Others} „Du hast mir einmal etwas geschenkt“, fuhr {friend} fort, „und ich dachte, vielleicht brauchst du es jetzt selbst: {Lesson.first}.“ (+Es ist etwas Seltsames, den eigenen Mut von jemandem zurückzubekommen, der gut auf ihn aufgepasst hat. +)In {name} stand etwas auf, und dann stand auch der Rest von <ihm|ihr> auf.",
  ],
  celebrate: [
    "Hurra! Sie tanzten. Sie aßen Kuchen. (+{Friend} tanzte auf einem Bein.+) War das ein Tag!",
    "Das musste gefeiert werden! Es gab Pflaumenkuchen und Limonade, und jemand hatte eine Trommel mitgebracht. {Friend} tanzte bis in die Nacht, und {name} musste alles von Anfang an erzählen, und zwar zweimal.",
    "Niemand hatte ein Fest geplant, und so wurde es ein hervorragendes. Es gab Pflaumenkuchen, es gab Limonade aus Tassen, die nicht zusammenpassten, und {friend} hielt eine Rede, die hauptsächlich aus dem Wort „also“ bestand. (+Alle waren sich einig, dass es eine der besten Reden war, die sie je gehört hatten. +)Dreimal musste {name} die ganze Geschichte erzählen, und jedes Mal wurden die stillen Stellen wichtiger und die lauten weniger wichtig.",
  ],
  end: [
    [
      "Wieder zu Hause! {Name} war froh. (+{Growth}+) Gute Nacht, {name}. Schlaf schön!",
      "Als der Mond aufging, lag {name} wieder in dem Bett unter dem Fenster. {Growth} <Er|Sie> lächelte, drehte sich einmal um und schlief, noch ehe der Gedanke zu Ende war.",
      "Spät in der Nacht lag {name} in dem Bett unter dem Fenster, und alles war noch da, wo es immer gewesen war: die Tasse, der Sprung, das Regal. {Growth} (+Vielleicht sind Reisen ja dazu da: Man kommt an denselben Ort zurück, und er ist gewachsen. +)Draußen blätterte der Wind in den Bäumen, als suchte er schon nach der nächsten Geschichte.",
    ],
    [
      "Die Sonne ging unter. {Name} gähnte. (+{Growth}+) Gute Nacht, große Welt!",
      "Und so ist es gekommen. {Growth} Wenn du einmal vorbeikommst, dann achte auf das Licht im Fenster: Das ist {name} und denkt sich etwas Neues aus.",
      "Noch heute erzählt man sich dort die Geschichte, und nicht immer richtig; in manchen Fassungen kommen Riesen vor. {Growth} (+Auf die Frage, was das Schwierigste gewesen sei, kam immer dieselbe Antwort: der erste Schritt, und dann natürlich der danach. +)Aber {name}, <der|die> es wissen muss, lächelte nur und setzte Teewasser auf.",
    ],
    [
      "Geschafft! {Name} konnte lachen. (+{Growth}+) Und am nächsten Tag? Da spielten sie wieder!",
      "Am Abend saßen die Freunde beisammen, und eine Weile sagte niemand etwas, weil alles gut war. {Growth} Dann kam ein Stern heraus, und dann kamen alle anderen.",
      "Am Abend saßen sie nebeneinander und sahen zu, wie das Licht ging, und niemand musste etwas sagen. {Growth} (+Es gab noch sehr vieles, was {name} nicht wusste, und zu <seiner|ihrer> eigenen Überraschung war das etwas, worauf man sich freuen konnte. +)Irgendwo weit weg ging eine Tür auf, und der erste Stern trat heraus.",
    ],
  ],
};
