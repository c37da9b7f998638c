import type { Levels } from "../bands.ts";
import type { InterludeId } from "../texts.ts";

/** Pages between two meetings, in German. */
export const interludes: Record<InterludeId, Levels> = {
  night: [
    "Der Mond war da. {Name} legte sich hin. (+Die Grillen sangen.+) Schlaf gut!",
    "Es wurde Nacht, und {name} rollte sich in die Decke. Der Mond hing über dem Weg wie eine Lampe, die jemand auszuschalten vergessen hatte. Weit weg erzählte eine Grille dem Dunkel eine lange Geschichte.",
    "Die Nacht stieg aus der Erde, erst blau, dann schwarz. {Name} lag unter der Decke und lernte, dass die Dunkelheit voller kleiner Geräusche ist: ein Tropfen, ein Rascheln, eine Grille, die viel zu sagen hat. (+Einzeln betrachtet war keines davon schlimmer als das, was es war. +)Ehe der Mond an drei Zweigen vorbeigezogen war, schlief <er|sie>.",
  ],
  rain: [
    "Tropf, tropf! Es regnete. {Name} sprang. Platsch! (+Die Pfütze sprang auch.+)",
    "In der Nacht hatte es geregnet, und nun lag in jeder Pfütze ein Stück Himmel. {Name} sprang von Himmel zu Himmel. Nass wurde <er|sie> dabei, aber das war es wert.",
    "Einen ganzen Tag lang regnete es, nicht böse, aber gründlich. {Name} fing Tropfen mit der Zunge und fand, dass die von links besser schmeckten. (+Es war keine nützliche Entdeckung, aber nützlich muss ja nicht alles sein. +)Gegen Abend öffnete sich unter den Wolken ein heller Streifen, und jede Pfütze wurde zu Gold.",
  ],
  wind: [
    "Hui! Da kam der Wind. Er nahm ein Blatt. (+Er nahm einen Hut.+) Gib ihn her, Wind!",
    "An diesem Tag wollte der Wind spielen. Er zog {name} von hinten und schob von vorn, und dazwischen schlug er Purzelbäume. {Name} lehnte sich an ihn wie an eine große weiche Wand.",
    "Gegen Mittag stand der Wind auf und kam nachsehen, wer da war. Er ging durch das Gepäck wie ein Zöllner, fand nichts zu beanstanden und blies die Krümel aus der Tasche. (+„Danke“, sagte {name}, denn es schadet nicht, höflich zum Wetter zu sein. +)Dann fasste er von hinten an, und eine gute Meile lang ging es ganz von allein voran.",
  ],
  letter: [
    "{Name} schrieb einen Brief. „Es geht mir gut.“ (+Ein Blatt war die Marke.+) Flieg, Brief, flieg!",
    "{Name} schrieb auf einem großen Blatt einen Brief nach Hause. „Es geht mir gut“, stand darin, „und geschafft habe ich es noch nicht, aber fast.“ Den gab <er|sie> einer Schnecke mit, die versprach, sich zu beeilen.",
    "Im Schatten schrieb {name} einen Brief nach Hause. <Er|Sie> schrieb, es gehe gut, strich es durch, weil es klang, als stimme es nicht, und schrieb es noch einmal. (+Das Schwierige an Briefen ist, dass man erst in der dritten Zeile merkt, was man in der ersten sagen wollte. +)Am Ende stand da: „Noch nicht. Aber fast.“ Eine Schnecke, die gerade vorbeikam, übernahm die Zustellung.",
  ],
  mirror: [
    "{Name} sah ins Wasser. Wer war das? (+Die Nase war ganz gleich!+) „Das bin ja ich!“, sagte {name}.",
    "{Name} beugte sich über das stille Wasser, und jemand schaute zurück. Es war dasselbe Gesicht wie zu Hause, nur ein wenig staubiger und mit helleren Augen. „Weit bist du gekommen“, sagte {name} zu dem Gesicht.",
    "Das Wasser war so still, dass der Himmel sich hineingelegt hatte. {Name} beugte sich vor und begegnete jemandem mit dem eigenen Gesicht, staubig, zerzaust und eine Spur entschlossener als in der Erinnerung. (+Sie musterten einander höflich. +)„Also gut“, sagte {name} schließlich, „wenn du weitergehst, dann gehe ich auch.“",
  ],
  nap: [
    "Uaah! {Name} war müde. Das Gras war weich. (+Eine Biene summte.+) Nur ein kleines Schläfchen.",
    "Nach dem Mittagessen legte sich {name} ins hohe Gras, nur für einen Augenblick. Wolken zogen vorbei: ein Schaf, eine Teekanne, ein sehr dicker Wal. Beim Aufwachen saß auf der Nasenspitze ein Marienkäfer.",
    "Der Nachmittag war so warm und so weit, dass {name} sich mitten hineinlegte. Oben probierten die Wolken etwas an: ein Schaf, eine Teekanne, jemandes Tante. (+Eine davon wollte offenbar etwas Bedeutendes werden, überlegte es sich dann aber anders. +)Ein Marienkäfer benutzte die Nase als Aussichtsturm, und es wäre unfreundlich gewesen zu niesen.",
  ],
  counting: [
    "Ein Stein. Zwei Schnecken. Drei rote Blätter. (+Vier kleine Ameisen.+) {Name} zählte alles.",
    "Zum Zeitvertreib zählte {name}: einen Meilenstein, zwei Schnecken, drei Elstern und so viele Ameisen, dass <er|sie> von vorn anfangen musste. Zahlen waren gute Gesellschaft. Sie kamen immer in der richtigen Reihenfolge.",
    "Auf den langen, geraden Strecken zählte {name} die Dinge am Weg. Meilensteine waren zu wenige und Ameisen zu viele, aber Schnecken waren genau richtig. (+Am Abend waren es einundvierzig, wobei eine davon vielleicht zweimal gezählt worden war, da sie in dieselbe Richtung wollte. +)Erstaunlich, wie weit man kommt, während man glaubt, nur Schnecken zu zählen.",
  ],
  song: [
    "La, la, la! {Name} sang ein Lied. (+Die Vögel sangen mit.+) Es hatte nur ein Wort.",
    "{Name} dachte sich ein Lied für unterwegs aus. Es hatte nur eine Zeile, aber die konnte man laut singen, leise, rückwärts und mit vollem Mund. Zwei Spatzen lernten sie sofort.",
    "Irgendwann am Morgen war {name} eine Melodie in den Kopf gestiegen, und bis zum Mittag hatte sie sich dort eingerichtet. Sie brauchte Worte, also bekam sie welche. (+Sie reimten sich nicht, und meistens ging es um Brot; aber gesungen wurden sie mit Gefühl. +)Zwei Spatzen schnappten sie auf, und vielleicht singen sie sie noch heute, ein bisschen falsch.",
  ],
  fog: [
    "Alles war weiß. Wo war der Weg? {Name} ging langsam. (+Ein Stück, noch ein Stück.+) Da war er!",
    "Am Morgen war die Welt weg. Es gab nur noch Weiß, vorn und hinten, und ein Stückchen Weg, gerade groß genug zum Stehen. {Name} ging von Stückchen zu Stückchen, und jedes Mal war noch eines da.",
    "Am Morgen hatte jemand die Welt abgeholt und in Watte gepackt. Genau einen Schritt weit konnte {name} sehen. Das war beunruhigend, bis <er|sie> merkte, dass mehr als ein Schritt nie gebraucht wird. (+Hinter <ihm|ihr> wurden die gegangenen Schritte ebenso sorgfältig wieder eingepackt. +)Gegen zehn begann jemand, die Bäume auszupacken.",
  ],
  berries: [
    "Rote Beeren! Mmh, mmh, mmh. (+Eine für jetzt, eine für später.+) {Name} bekam eine rote Nase.",
    "Am Weg wuchsen Himbeeren, warm von der Sonne. {Name} aß eine, dann noch eine, und dann zählte <er|sie> nicht mehr mit. Danach sah <sein|ihr> Gesicht aus wie für ein Fest bemalt.",
    "Es gab Himbeeren, einen ganzen Hang voll, und niemanden, der sagte, wann es genug sei. {Name} begann mit den schönsten und endete mit denen ganz hinten, die man sich verdienen muss. (+Die Dornen nahmen ein paar Fäden von der Decke als Bezahlung, was ein fairer Preis zu sein schien. +)Es dauerte, bis jemand wieder ans Weitergehen dachte.",
  ],
  map: [
    "{Name} malte eine Karte. „Hier ist mein Haus. Hier ist der Berg. (+Hier ist ein Kreuz. +)Und hier bin ich!“",
    "{Name} strich ein Stück Sand glatt und malte mit einem Stock eine Karte. Das Zuhause war ein kleines Viereck, der Weg ein langer Kringel, und in die Mitte malte <er|sie> sich selbst, sehr groß. Was danach kam, war noch leer, und das war das Schönste.",
    "Mit einem Stock zeichnete {name} eine Karte in den Sand, von allem bisher. Sie wurde um einiges länger als erwartet. (+Manche Berge waren größer als in Wirklichkeit, aber sie hatten sich so angefühlt. +)Hinter der Stelle mit der Aufschrift „Hier“ kam nur noch glatter, unberührter Sand, und den sah {name} am längsten an.",
  ],
  stars: [
    "So viele Sterne! {Name} suchte einen aus. „Du gehörst mir.“ (+Der Stern blinzelte.+) Gute Nacht, Stern.",
    "In dieser Nacht waren so viele Sterne da, dass sie kaum Platz hatten. {Name} suchte sich einen kleinen am Rand aus und gab ihm einen Namen. Von da an gab es dort oben jemanden, den <er|sie> kannte.",
    "In dieser Nacht kamen die Sterne so tief herunter, dass man sich ducken wollte. {Name} hatte gehört, dass ihr Licht schon sehr alt ist, wenn es ankommt, und dachte, dass dazu Geduld gehört. (+„So lange bist du schon unterwegs“, sagte <er|sie> zu einem kleinen, „und dabei wusstest du nicht einmal, ob jemand hinschaut.“ +)Der kleine funkelte, soweit man das beurteilen konnte, zustimmend.",
  ],
};
