import type { Episode, EpisodeId } from "../texts.ts";

/** Meetings on the way, in German. */
export const episodes: Record<EpisodeId, Episode> = {
  kite: {
    lesson: "einen Knoten nach dem anderen",
    meet: [
      "{Spot} traf {name} {helper.a.acc}. „O weh“, sagte {helper}. „Mein Drachen hängt fest!“ (+Er hing hoch oben in den Dornen.+)",
      "{Spot} traf {name} {helper.a.acc}. <~Er|Sie|Es> zog an einer langen blauen Schnur. Daran hing ein Papierdrachen, und der steckte im Dornbusch fest. „Je mehr ich ziehe, desto fester wird es“, seufzte {helper}.",
      "{Spot} stieß {name} auf {helper.a.acc}, <~der|die|das> einen Dornbusch so böse ansah, als hätte er etwas Unhöfliches gesagt. Irgendwo darin steckte ein Papierdrachen(+, oder jedenfalls hatte am Morgen noch einer darin gesteckt+), und um jeden Zweig lief seine lange blaue Schnur. „Ich habe gezogen, gerüttelt und geschimpft“, berichtete {helper}, „und jedes Mal ist ein Knoten mehr daraus geworden.“",
    ],
    help: [
      "{Name} sah den ersten Knoten an. Drüber, drunter, auf! (+Dann kam der zweite, dann der dritte.+) Hui, flog der Drachen hoch!",
      "{Name} zog überhaupt nicht. <Er|Sie> suchte das Ende der Schnur und folgte ihr, drüber und drunter, Knoten für Knoten. Als die letzte Schlinge aufging, sprang der Drachen in den Wind wie ein Fisch ins Wasser.",
      "Statt zu ziehen, suchte {name} nach dem allerletzten Ende der Schnur und folgte ihr geduldig, über diesen Zweig und unter jenem hindurch. (+Zweimal verlor <er|sie> den Faden und musste von vorn beginnen, was ärgerlich war, aber weit weniger ärgerlich als die Dornen. +)Als der letzte Knoten aufging, war die Sonne ein gutes Stück weitergewandert, und der Drachen schoss in den Wind, als wäre er nie gefangen gewesen.",
    ],
    gift: [
      "„Einen Knoten nach dem anderen“, sagte {helper}. {Try}",
      "„Weißt du, was du gemacht hast?“, fragte {helper}. „Einen Knoten nach dem anderen!“ {Name} merkte sich die Worte und probierte sie gleich aus. {Try}",
      "„Die meisten wollen alles auf einmal lösen“, sagte {helper} und wickelte die Schnur auf. „Du hast einen Knoten nach dem anderen genommen, und das werde ich mir merken.“ {Name} kam es so vor, als könnte das auch für andere Dinge gelten(+, sogar für solche, in denen gar keine Schnur vorkommt+). {Try}",
    ],
  },
  button: {
    lesson: "schau noch einmal hin, und zwar langsam",
    meet: [
      "{Helper.a} saß {spot}. „Mein Knopf ist weg“, sagte {helper}. „Mein schöner roter Knopf!“ (+Eine Träne kullerte.+)",
      "{Spot} kroch jemand mit der Nase am Boden herum. Es war {helper.a}. „Ich habe meinen roten Knopf verloren“, sagte {helper}, „und ohne ihn flattert mein Mantel wie eine Fahne.“",
      "{Spot} drehte {helper.a} Blätter um, dann Kiesel und schließlich einen ziemlich überraschten Käfer. „Ein Knopf“, erklärte {helper}, ohne aufzublicken, „rund, rot, vier Löcher. Er gehörte meiner Großmutter, und heute früh saß er noch am Mantel(+, dem einzigen Ort, an dem ein Knopf zu etwas nütze ist+).“",
    ],
    help: [
      "Sie suchten hier. Sie suchten dort. {Name} blieb stehen und schaute ganz langsam. (+Da blinkte etwas im Gras.+) Da war er ja!",
      "{Name} rannte zuerst überall gleichzeitig herum, aber davon wurde <ihm|ihr> nur schwindlig. Also setzte <er|sie> sich hin und schaute ein kleines Stück Boden an, und danach das nächste. Im neunten Stück blinkte etwas Rotes zurück.",
      "Sie hatten schon überall gesucht, und so schlug {name} vor, noch einmal überall zu suchen, nur langsamer. (+„Das ist kein besonders kluger Plan“, sagte {helper}. „Nein“, gab {name} zu, „aber es ist der, den wir haben.“ +)Mit Zweigen teilten sie den Boden in Felder ein, und im neunten Feld, genau dort, wo sie beide vor einer Stunde gestanden hatten, lag der Knopf und sah so unschuldig aus wie ein Marienkäfer.",
    ],
    gift: [
      "„Schau noch mal hin. Schau langsam“, sagte {helper}. {Try}",
      "{Helper} nähte den Knopf gleich wieder an und hörte gar nicht mehr auf zu lächeln. „Schau noch einmal hin, und zwar langsam. Ich werde allen erzählen, dass du das gesagt hast.“ {Try}",
      "Während die Nadel auf und ab ging, summte {helper} vor Erleichterung. „Ich habe so angestrengt gesucht, dass ich nichts gesehen habe. Schau noch einmal hin, und zwar langsam: Das ist mehr wert als eine ganze Dose voller Knöpfe.“ {Name} überlegte, was <er|sie> bisher wohl übersehen hatte(+, nur weil <er|sie> so schnell fertig werden wollte+). {Try}",
    ],
  },
  gap: {
    lesson: "zwei schaffen, was einer nicht kann",
    meet: [
      "Halt! Da war ein großes Loch im Weg. Drüben saß {helper.a}. (+„Ich kann nicht heim“, rief {helper}.+)",
      "{Spot} hörte der Weg einfach auf. Vor {name} lag ein Spalt, viel zu breit zum Springen, und drüben winkte {helper.a}. „Die Brücke ist heute Nacht eingestürzt“, rief {helper}, „und mein Abendbrot ist auf deiner Seite!“",
      "{Spot} endete der Weg, ohne auch nur ein Warnschild aufzustellen. Wo die Brücke hätte sein sollen, war ein Spalt, tief, kühl und voller Echos, und von drüben rief {helper.a} etwas herüber, das in Stücken ankam. „… heute Nacht … eingestürzt … Abendbrot … auf deiner Seite!“ (+Dem Echo schien das Wort Abendbrot zu gefallen, denn es behielt es noch eine Weile.+)",
    ],
    help: [
      "{Name} hielt ein Brett fest. Drüben wurde gezogen. Schieb! Zieh! (+Klack, da lag es.+) Jetzt gab es eine Brücke.",
      "Ein Brett war da, aber für einen allein war es zu schwer. {Name} schob von dieser Seite, und {helper} zog von drüben mit einem Seil. „Hau ruck!“, riefen sie, und mit einem Klack lag das Brett quer über dem Spalt.",
      "Ein Brett, das lang genug war, fand {name} bald; aber es allein zu heben war, als wollte man ein Haus am Türgriff hochheben. Da warf {helper} ein Seil herüber. Nun schob der eine, und der andere zog(+; zweimal waren sie verschiedener Meinung, wo links ist, und einmal wäre beinahe alles in die Tiefe gestürzt+), bis das Brett endlich mit einem höchst zufriedenen Klack an seinem Platz lag.",
    ],
    gift: [
      "„Zu zweit geht es“, sagte {helper}. {Try}",
      "Genau in der Mitte trafen sie sich und gaben sich die Hand. „Zwei schaffen, was einer nicht kann“, sagte {helper}. „Vergiss das Fragen nicht!“ {Try}",
      "In der Mitte trafen sie sich, etwas außer Atem, und schauten hinunter in den Spalt, der auf einmal gar nicht mehr schlimm war. „Ich saß den ganzen Morgen da, ehe ich gerufen habe“, gab {helper} zu. „Merkwürdig, wie schwer das Fragen fällt(+, wo doch das Antworten meistens so leicht ist+). Zwei schaffen, was einer nicht kann.“ {Try}",
    ],
  },
  sleepless: {
    lesson: "auch eine Rast gehört zum Weg",
    meet: [
      "{Helper.a} war hellwach. „Ich kann nicht schlafen“, sagte {helper}. (+„Ich habe alles probiert.“+) So ein Pech!",
      "{Spot} wohnte {helper.a} mit ganz roten Augen. „Seit drei Nächten habe ich nicht geschlafen“, flüsterte {helper}. „Kaum liege ich, fällt mir alles ein, was ich noch tun muss.“",
      "{Spot} marschierte {helper.a} im Kreis und zählte laut. „Viertausendundelf Schafe“, stöhnte {helper}, „und keins davon hat geholfen. (+Inzwischen kenne ich sie alle mit Namen. +)Je mehr ich mich anstrenge zu schlafen, desto wacher werde ich.“",
    ],
    help: [
      "{Name} setzte sich ganz nah dazu. <Er|Sie> summte ein leises Lied. (+Hmm, hmm, hmm.+) Zwei Augen fielen zu.",
      "{Name} sagte nicht: „Schlaf jetzt!“, denn das hilft nie. <Er|Sie> setzte sich dazu und erzählte eine lange, langsame Geschichte von einer Schnecke auf dem Weg zum Meer. Noch vor dem zweiten Stein schnarchte jemand.",
      "{Name} wusste, dass noch nie jemand eingeschlafen ist, weil man es ihm befohlen hat. Also begann <er|sie> mit der langsamsten Geschichte, die <ihm|ihr> einfiel: von einer Schnecke, die zum Meer wandert und sich unterwegs jeden Stein ansieht. (+Der erste Stein war grau. Der zweite Stein war ebenfalls grau, aber auf andere Weise. +)Beim dritten Stein ertönte ein Schnarchen, tief und zufrieden, und {name} ließ die Schnecke ganz leise dort, wo sie gerade war.",
    ],
    gift: [
      "Am Morgen lachte {helper}. „Jetzt ruh du dich auch aus“, sagte {helper}. {Try}",
      "Am Morgen streckte sich {helper} und sah doppelt so groß aus. „Auch eine Rast gehört zum Weg“, sagte {helper}. Also schlief {name} auch noch eine Stunde. {Try}",
      "„Ich hatte ganz vergessen“, sagte {helper} am nächsten Morgen und streckte sich von einem Ende zum anderen, „dass Ausruhen nicht das Gegenteil von Vorankommen ist. Auch eine Rast gehört zum Weg.“ Da merkte {name}, wie müde <er|sie> selbst gewesen war(+, und dass es nicht dasselbe ist, sich sehr anzustrengen und es gut zu machen+). {Try}",
    ],
  },
  quarrel: {
    lesson: "zuerst zuhören",
    meet: [
      "„Meins!“ „Nein, meins!“ {Helper.a} und ein Käfer zogen an einem Schirm. (+Sie waren sehr laut.+)",
      "Das Geschrei hörte {name} schon, bevor jemand zu sehen war. {Spot} zogen {helper.a} und ein glänzender Käfer am selben Schirm. „Der gehört mir!“, rief der eine. „Ich habe ihn gefunden!“, rief der andere.",
      "Der Streit war von Weitem zu hören. {Spot} hielt {helper.a} das eine Ende eines gestreiften Schirms, und am anderen hing ein kleiner, aber entschlossener Käfer. „Ich habe ihn zuerst gesehen!“, rief es von links. „Ich habe ihn zuerst getragen!“, rief es von rechts(+, und dann sahen beide {name} an, als säße <er|sie> zu Gericht+).",
    ],
    help: [
      "{Name} hob die Hand. Erst sprach der eine. Dann der andere. (+„Ich mag keinen Regen“, sagte der Käfer.+) Teilen ging ganz leicht!",
      "„Immer nacheinander“, sagte {name} und setzte sich hin, um zuzuhören. Da kam heraus: Der Käfer brauchte den Schirm nur bei Regen, und {helper} nur, wenn die Sonne zu heiß schien. Es gab gar keinen Grund zum Streiten.",
      "{Name} entschied überhaupt nichts. <Er|Sie> fragte nur beide nach dem Grund und tat dann das, was schwerer ist: schweigen, bis die Antwort zu Ende war. Der Käfer fürchtete den Regen(+, denn ein einziger Tropfen kann einen Käfer umwerfen+); {helper} ertrug die Mittagssonne nicht. Es wurde sehr still, als beide merkten, dass es nie im selben Augenblick regnet und glüht.",
    ],
    gift: [
      "„Du hast zugehört“, sagte {helper}. „Das hilft.“ {Try}",
      "„Du hast fast nichts gemacht“, sagte {helper}, „und genau das war richtig. Zuerst zuhören!“ Das versprach {name} und hörte eine Weile sogar sich selbst zu. {Try}",
      "„Seit dem Frühling streiten wir um diesen Schirm“, sagte {helper} ein wenig beschämt, „und nie hat jemand gefragt, warum. Zuerst zuhören! Man sollte es auf alle Schirme drucken.“ {Name} ging weiter und hörte zu: dem Weg, dem Wind und den eigenen Gedanken(+, die weniger sicher waren, als sie geklungen hatten+). {Try}",
    ],
  },
  basket: {
    lesson: "viele kleine Lasten sind leichter als eine große",
    meet: [
      "{Helper.a} hatte einen riesigen Korb. „Der ist zu schwer!“ (+Alle Äpfel mussten heim.+)",
      "{Spot} stand {helper.a} vor einem Korb, der so groß war wie eine Badewanne. Er war bis zum Rand voll mit Äpfeln. „Ich habe sie alle gepflückt“, sagte {helper}, „und jetzt bekomme ich sie nicht vom Fleck.“",
      "{Spot} stand ein Korb, und hinter dem Korb, ganz von ihm verdeckt, stand {helper.a}. „Ich war so stolz auf das Pflücken“, sagte {helper}, „dass ich an das Tragen nicht gedacht habe. (+Das ist das Tückische an Äpfeln: Jeder einzelne wiegt fast nichts. +)Jetzt rührt er sich nicht um Haaresbreite.“",
    ],
    help: [
      "{Name} nahm einen Apfel. Dann noch einen. Hopp, hopp, hopp! (+Bald war der Korb leer.+)",
      "{Name} stemmte sich gegen den Korb, aber er blieb stehen. Also nahm <er|sie> zwei Äpfel, trug sie fort und kam wieder und holte die nächsten zwei. Sie sangen beim Hin und Her, und mittags war der Korb so leicht, dass man ihn mit einem Finger tragen konnte.",
      "Schieben half nicht, Ziehen half nicht, und gutes Zureden half auch nicht. Schließlich nahm {name} drei Äpfel heraus und ging einfach mit ihnen davon. „Das sind doch nur drei“, sagte {helper}. „Jetzt schon“, sagte {name}. (+Nach dem zehnten Gang hörten sie auf zu zählen, und nach dem zwanzigsten erfanden sie Strophen zu einem Lied darüber. +)Mittags war der Korb so leicht, dass er an einem einzigen Finger schaukelte.",
    ],
    gift: [
      "„Immer ein bisschen“, sagte {helper}. {Try}",
      "„Viele kleine Lasten sind leichter als eine große“, sagte {helper} und schenkte {name} den rötesten Apfel. {Name} biss hinein und dachte an den eigenen großen Wunsch. Vielleicht ging auch der in kleinen Bissen. {Try}",
      "{Helper} polierte den rötesten Apfel und überreichte ihn mit einer Verbeugung. „Viele kleine Lasten sind leichter als eine große“, sagte {helper}. „Bei Äpfeln wusste ich das, aber ich bin nie darauf gekommen, es auch zu benutzen.“ {Name} kaute und betrachtete den eigenen großen Wunsch einmal von dieser Seite(+, und zum ersten Mal schien er Henkel zu haben+). {Try}",
    ],
  },
  jug: {
    lesson: "was zerbrochen ist, kann man heilen",
    meet: [
      "Klirr! {Helper.a} sah einen kaputten Krug an. „Er ist mir gefallen“, sagte {helper}. (+Alles war nass.+)",
      "Klirr! {Spot} stand {helper.a} zwischen blauen Scherben und sah aus, als wäre die ganze Welt zerbrochen. „Es war ein Geschenk für meine Schwester“, flüsterte {helper}. „Ich wollte es doch nur ganz vorsichtig tragen.“",
      "Es klirrte, und dann kam jene besondere Stille, die nach einem Klirren kommt. {Spot} stand {helper.a} mitten in sehr vielen blauen Scherben. „Ich war so vorsichtig“, flüsterte {helper}. „Ich war so damit beschäftigt, vorsichtig zu sein, dass ich nicht auf den Weg geachtet habe(+, und jetzt ist das Geschenk für meine Schwester ein Puzzle+).“",
    ],
    help: [
      "{Name} sammelte die Stücke. Leim hier, Leim da. (+Ein Stück sah aus wie ein Stern.+) Der Krug war wieder ganz!",
      "{Name} sammelte die Scherben auf und legte sie hin wie ein Puzzle. Mit Harz klebten sie alles zusammen, Stück für Stück. Nun liefen goldene Linien über den Krug, und er war schöner als vorher.",
      "{Name} legte die Scherben nebeneinander, und nach einer Weile sagte {helper} nicht mehr, es habe keinen Zweck, sondern reichte <ihm|ihr> die nächste. Sie klebten sie mit goldenem Harz. (+Ein winziges Dreieck fehlte und blieb verschwunden; sie beschlossen, es sei ein Fenster. +)Als der Krug wieder stand, liefen helle Linien über ihn wie Flüsse über eine Landkarte, und keiner von beiden wusste noch, warum er ihnen ohne sie gefallen hatte.",
    ],
    gift: [
      "„Man kann es heilen“, sagte {helper}. {Try}",
      "„Ich dachte, alles wäre aus“, sagte {helper}, „dabei war es nur kaputt. Was zerbrochen ist, kann man heilen!“ Das machte {name} Mut, denn einiges war schon schiefgegangen. {Try}",
      "„Ich erzähle meiner Schwester einfach, wie es war“, sagte {helper}, „denn die Linien sind das Schönste daran. Was zerbrochen ist, kann man heilen, und danach hat es etwas zu erzählen.“ {Name} dachte an alle Versuche, die schiefgegangen waren, und beschloss, dass es keine Fehler waren, sondern Stücke(+, und mit Stücken lässt sich etwas anfangen+). {Try}",
    ],
  },
  race: {
    lesson: "lach, wenn es schiefgeht",
    meet: [
      "„Wetten, ich bin schneller?“, rief {helper.a}. Auf die Plätze, los! (+Und schon ging es ab.+)",
      "{Spot} hüpfte {helper.a} auf und ab und dehnte sich. „Endlich jemand zum Wettlaufen!“, rief {helper}. „Bis zum krummen Baum und zurück. Achtung, fertig, los!“ Zum Neinsagen blieb keine Zeit.",
      "{Spot} hatte {helper.a} einen Strich gezogen und stand mit großem Ernst dahinter. „Seit einem Jahr ist hier niemand schneller als ich“, verkündete {helper}, „hauptsächlich, weil sonst niemand da war. (+Gegen niemanden zu gewinnen macht wenig Freude. +)Bis zum krummen Baum und zurück?“ Und noch ehe {name} richtig genickt hatte, lief das Rennen schon.",
    ],
    help: [
      "{Name} rutschte aus. Platsch! Mitten in die Pfütze! (+{Helper} rutschte auch.+) Wie sie da lachten!",
      "{Name} lag vorn, bis der Matsch kam. Die Füße wollten nach links und der Rest nach rechts, und da saß <er|sie>. Einen Augenblick später platschte {helper} daneben. Sie sahen einander an, braun von oben bis unten, und lachten, bis sie Schluckauf hatten.",
      "Elf ganze Schritte lang lag {name} vorn. Dann kam der Matsch, den niemand erwähnt hatte, und im nächsten Augenblick saß {name} darin; und einen Augenblick danach kam {helper} auf dieselbe Weise am selben Ort an. (+Einen Atemzug lang hätte ein Streit daraus werden können. +)Da quakte ein Frosch, genau als sagte jemand „Na und?“, und beide lachten, bis ihnen der Bauch wehtat.",
    ],
    gift: [
      "„Hinfallen ist lustig“, sagte {helper}. {Try}",
      "„Du hast gelacht!“, sagte {helper}. „Ich werde immer böse, wenn etwas schiefgeht. Ab heute lache ich.“ Das fand {name} eine sehr gute Idee. {Try}",
      "„Als ich das letzte Mal gestürzt bin, war ich eine Woche lang böse“, sagte {helper} und wischte sich den Matsch ab. „Lach, wenn es schiefgeht. Es geht sowieso schief, aber dann ist es schneller vorbei.“ {Name} zog weiter(+ und hinterließ eine Spur, die von hinten ausgesprochen fröhlich aussah+). {Try}",
    ],
  },
  shadow: {
    lesson: "geh näher hin, dann wird es kleiner",
    meet: [
      "„Pst!“, sagte {helper.a}. „Ein Ungeheuer!“ (+Ein riesiger Schatten tanzte am Felsen.+)",
      "{Spot} versteckte sich {helper.a} unter einem sehr kleinen Blatt. „Geh nicht weiter!“, flüsterte {helper}. „Um die Ecke ist ein Ungeheuer mit drei Hörnern und einem Schwanz wie eine Säge.“ Und wirklich, am Felsen tanzte ein schrecklicher Schatten.",
      "{Spot} versuchte {helper.a}, sich hinter einem Grashalm zu verstecken, mit mäßigem Erfolg. „Drei Hörner“, flüsterte {helper}, „und ein Schwanz wie eine Säge, und es steht niemals still.“ Um die Ecke, quer über die ganze Felswand, sprang ein Schatten(+, so gewaltig, dass seine Ellbogen nicht mehr daraufpassten+).",
    ],
    help: [
      "{Name} ging ganz leise hin. Noch ein Stück. Guck! (+Der Schatten wurde klein.+) Es war nur ein Blatt am Faden.",
      "Das Herz klopfte, aber {name} ging ein Stück näher, und dann noch eins. Mit jedem Stück wurde der Schatten kleiner. Hinter der Ecke tanzte in der Abendsonne ein trockenes Blatt an einem Faden.",
      "{Name} war gar nicht sicher, ob <er|sie> es wissen wollte. Aber nicht zu wissen war schlimmer, und so schob <er|sie> sich eine Handbreit vor und dann noch eine. (+Es war seltsam: Je näher <er|sie> kam, desto weniger Ungeheuer war da. +)Um die Ecke hing ein trockenes Blatt an einem Spinnenfaden, drehte sich in der tiefen Sonne und warf einen Schatten, der hundertmal so groß war wie es selbst.",
    ],
    gift: [
      "„Geh nah hin, dann wird es klein“, sagte {helper}. {Try}",
      "„Den ganzen Tag habe ich mich vor einem Blatt gefürchtet“, sagte {helper} und kicherte. „Geh näher hin, dann wird es kleiner. Das habe ich gelernt.“ {Name} hatte es auch gelernt. {Try}",
      "{Helper} betrachtete das Blatt von allen Seiten und war ein wenig enttäuscht. „Von den Hörnern habe ich schon allen erzählt“, gestand {helper}. „Geh näher hin, dann wird es kleiner; das hätte mir jemand vor Jahren sagen sollen.“ {Name} steckte das Blatt ein(+, denn es ist nützlich, ein Ungeheuer in der Tasche zu haben+). {Try}",
    ],
  },
  storm: {
    lesson: "jedem Sturm geht die Luft aus",
    meet: [
      "Bumm! Ein Gewitter! {Helper.a} rief: „Komm herein!“ (+Drinnen war es trocken und warm.+)",
      "Der Himmel wurde pflaumenblau, und dann brach das Gewitter los. „Hier herein, schnell!“, rief {helper.a}. {Name} zwängte sich in eine Höhle, die gerade groß genug für zwei war, und sie sahen zu, wie die Welt grau wurde.",
      "Zuerst hielt der Wind inne, als holte er tief Luft; dann ließ er alles auf einmal los. „Hier herein!“, rief {spot} eine Stimme, und {name} purzelte in eine Höhle, in der schon {helper.a} mit verschränkten Armen saß. (+Platz war für eineinhalb. Es ging. +)Draußen wurde die Welt von oben bis unten geschrubbt.",
    ],
    help: [
      "{Helper} zitterte. {Name} machte ein Spiel: Zählen! Eins, zwei, drei, bumm! (+Eins, zwei, drei, vier, bumm!+) Das Gewitter zog fort.",
      "Bei jedem Donner zitterte {helper} wie Wackelpudding. Da erfand {name} ein Spiel: Sie zählten vom Blitz bis zum Donner. Erst bis drei, dann bis fünf, dann bis elf. „Es läuft weg“, sagte {name}, und so war es.",
      "Bei jedem Blitz zuckte {helper} zusammen, obwohl die verschränkten Arme das verbergen sollten. {Name} schlug ein Spiel vor und tat so, als wäre es nur zum Zeitvertreib: Sie zählten vom Blitz bis zum Donner, und wer am besten geraten hatte, bekam einen Punkt. Drei Sekunden; fünf; elf. (+{Helper} gewann mit vier Punkten Vorsprung und hatte ganz vergessen, sich zu fürchten. +)Bei zwanzig klang das Gewitter nur noch, als rückte weit weg jemand Möbel.",
    ],
    gift: [
      "„Jeder Sturm hört auf“, sagte {helper}. {Try}",
      "Der erste Sonnenstrahl fiel in die Höhle. „Jedem Sturm geht die Luft aus“, sagte {helper}. „Man muss nur länger warten können als er.“ {Name} trat hinaus, und alles roch neu. {Try}",
      "Als sie hinauskrochen, tropfte und glänzte das ganze Land. „Jedem Sturm geht die Luft aus“, sagte {helper}. „Das weiß ich schon immer, aber zu zweit glaubt man es leichter.“ {Name} dachte an die Tage, an denen gar nichts gelang(+, und fragte sich, ob man bei denen nicht auch einfach zählen könnte+). {Try}",
    ],
  },
  gate: {
    lesson: "probier es von der anderen Seite",
    meet: [
      "Ein Tor! Es war zu. {Helper.a} drückte und drückte. (+Es ging nicht auf.+)",
      "{Spot} stand ein grünes Tor, und gegen das Tor lehnte sich {helper.a}. „Es geht nicht auf“, schnaufte {helper}. „Seit dem Frühstück drücke ich schon. Ob es ein Zauberwort braucht?“",
      "{Spot} stand ein Tor mit einem Messinggriff, und {helper.a} rannte mit gesenktem Kopf dagegen an. Rums. „Ich habe gedrückt“, sagte {helper} und rieb sich die Stirn, „ich habe gebettelt, ich habe jedes Zauberwort von A bis Rhabarber aufgesagt. (+Ich habe sogar so getan, als wäre es mir egal. +)Es ist das sturste Tor der Welt.“",
    ],
    help: [
      "{Name} sah das Tor an. <Er|Sie> drückte nicht. <Er|Sie> zog! (+Quietsch, da war es offen.+)",
      "{Name} sah sich das Tor von oben und von unten an. Dann fasste <er|sie> den Griff und drückte nicht. <Er|Sie> zog. Das Tor schwang auf wie eine Buchseite, und {helper} plumpste vor Überraschung ins Gras.",
      "{Name} ging um das Tor herum, was leicht war, denn es gab keinen Zaun. Von der anderen Seite war es ein ganz freundliches Tor. Sogar ein kleines Schild hing daran(+, halb vom Efeu zugewachsen+), und auf dem Schild stand ein einziges Wort: ZIEHEN. Eine Weile sagte keiner von beiden etwas; dann nahm {helper} den Griff zwischen zwei Finger, und es ging fast ohne einen Seufzer auf.",
    ],
    gift: [
      "„Versuch es andersherum!“, sagte {helper}. {Try}",
      "„All das Drücken!“, sagte {helper}. „Wenn es nicht geht, probier es von der anderen Seite.“ {Name} nickte und überlegte, wogegen <er|sie> wohl selbst die ganze Zeit drückte. {Try}",
      "„Wenn du es keinem verrätst“, sagte {helper}, „gebe ich dir einen Rat: Wenn es nicht geht, probier es von der anderen Seite.“ {Name} versprach es und drehte die Worte unterwegs hin und her. Was, wenn <er|sie> die ganze Zeit gedrückt hatte(+, wo etwas still darauf wartete, gezogen zu werden+)? {Try}",
    ],
  },
  seed: {
    lesson: "jeden Tag ein bisschen",
    meet: [
      "{Helper.a} sah in einen Topf. „Wachse!“, sagte {helper}. (+„Wachse, wachse, wachse!“+) Der Samen wuchs nicht.",
      "{Spot} beugte sich {helper.a} über einen Blumentopf und rief: „Wachse!“ Nichts geschah. „Vor einer Stunde habe ich ihn gepflanzt“, sagte {helper}, „und vierzigmal habe ich es ihm schon gesagt.“",
      "{Spot} saß {helper.a} mit einer Uhr in der Hand vor einem Blumentopf. „Sie hat Verspätung“, sagte {helper} streng. „Um neun habe ich eine Sonnenblume gepflanzt, jetzt ist es zehn, und zu sehen ist nichts als Erde. (+Zweimal habe ich sie schon ausgegraben, um zu sehen, was sie aufhält. +)Findest du das in Ordnung?“",
    ],
    help: [
      "{Name} gab dem Samen einen Tropfen. Dann spielten sie. Am nächsten Tag noch einen. (+Dann spielten sie wieder.+) Schau, ein Blatt!",
      "{Name} goss ein wenig Wasser in den Topf und stellte ihn in die Sonne. „Und jetzt spielen wir“, sagte <er|sie>. So machten sie es am nächsten Morgen und am übernächsten. Am dritten Tag schaute ein winziger grüner Haken aus der Erde.",
      "„Vielleicht ist sie schüchtern“, sagte {name}, <der|die> vom Warten etwas verstand. Sie gaben ihr ein wenig Wasser, drehten sie zum Licht und taten dann das Allerschwerste: Sie ließen sie in Ruhe. (+Neun Runden spielten sie mit Murmeln und schauten dabei so angestrengt nicht zum Topf, dass es wehtat. +)Am dritten Morgen hatte sich ein blassgrüner Haken durch die Erde geschoben und trug einen Krümel davon auf dem Kopf wie einen Hut.",
    ],
    gift: [
      "„Jeden Tag ein bisschen“, sagte {helper}. {Try}",
      "„Er ist gewachsen, als ich nicht geschrien habe“, staunte {helper}. „Jeden Tag ein bisschen. Das ist das ganze Geheimnis.“ {Name} beschloss, es genauso zu machen: jeden Tag ein bisschen. {Try}",
      "„Sie hat also die ganze Zeit gearbeitet“, sagte {helper} leise, „nur nicht dort, wo ich es sehen konnte. Jeden Tag ein bisschen: Das schreibe ich auf den Topf.“ Seit Tagen hatte {name} geübt und nichts vorzuweisen(+, jedenfalls nichts, was man von oben sehen konnte+), und auf einmal war das nicht mehr so schlimm. {Try}",
    ],
  },
  tower: {
    lesson: "nimm, was du hast",
    meet: [
      "{Helper.a} sprang und sprang. „Ich bin zu klein!“ (+Die Pflaumen hingen zu hoch.+)",
      "{Spot} stand ein Pflaumenbaum, und darunter sprang {helper.a}. Die Pflaumen hingen nur eine Handbreit zu hoch. „Alle sind groß, nur ich nicht“, sagte {helper}. „Das ist ungerecht.“",
      "{Spot} sprang {helper.a} wieder und wieder nach einer Pflaume, die genau eine Handbreit zu hoch hing. „Wenn ich eine Leiter hätte“, keuchte {helper}, „oder längere Beine, oder einen Wind aus dem Süden. (+Oder eine Giraffe; zu einer Giraffe wäre ich sehr höflich. +)Aber ich habe gar nichts.“",
    ],
    help: [
      "„Rauf mit dir!“, sagte {name}. Einer oben, einer unten. (+Wackel, wackel.+) Da hatten sie eine Pflaume!",
      "„Du hast doch mich“, sagte {name}. {Helper} kletterte auf <seine|ihre> Schultern, und zusammen wackelten sie wie ein Pudding. Da fiel eine Pflaume, dann noch eine, bis es Pflaumen regnete.",
      "{Name} sah sich um und zählte auf, was da war, statt was fehlte: ein Baumstumpf, ein altes Seil, sie beide. Stumpf, {name}, {helper}: Das ergab eine Art Turm. (+Er neigte sich nach links und war darüber mit sich selbst nicht einig. +)Beim dritten Strecken löste sich die Pflaume, und der halbe Baum schien ihr zu folgen, sodass es eine ganze Weile lang Pflaumen regnete.",
    ],
    gift: [
      "„Wir nahmen, was wir hatten“, sagte {helper}. {Try}",
      "Sie teilten die Pflaumen und spuckten die Kerne, so weit sie konnten. „Nimm, was du hast“, sagte {helper} mit vollem Mund. „Ich hatte dich!“ {Name} überlegte, was <er|sie> alles hatte. {Try}",
      "„Den ganzen Tag habe ich mir eine Leiter gewünscht“, sagte {helper}, „und dabei saß ich die ganze Zeit auf einem Baumstumpf. Nimm, was du hast!“ Beim Pflaumenessen schrieb {name} in Gedanken auf, was <er|sie> hatte: mehr als gedacht(+, auch wenn ein guter Teil davon Fragen waren+). {Try}",
    ],
  },
  soup: {
    lesson: "geteilt schmeckt es besser",
    meet: [
      "{Helper.a} rührte in einem Topf. „Nur Wasser“, sagte {helper}. (+„Mehr habe ich nicht.“+) Der Topf sah traurig aus.",
      "{Spot} brannte ein kleines Feuer. {Helper.a} rührte in einem Topf, kostete und verzog das Gesicht. „Heißes Wasser“, sagte {helper}. „Ich habe nur eine Möhre, und die hebe ich auf.“",
      "{Spot} hing ein großer Topf über einem kleinen Feuer, und {helper.a} starrte hinein. „Es heißt Suppe des Tages“, sagte {helper}, „aber ehrlich gesagt ist es der Tag ohne die Suppe. (+Es gibt eine Möhre. Seit Dienstag hebe ich sie für etwas Besonderes auf. +)Du hast nicht zufällig etwas dabei?“",
    ],
    help: [
      "{Name} gab eine Bohne hinein. Eine Maus brachte Erbsen. (+Ein Vogel brachte Salz.+) Jetzt war es Suppe!",
      "{Name} hatte nur eine Brotkruste, aber die kam in den Topf. Eine Maus roch es und brachte Erbsen, eine Amsel brachte Kräuter, und zuletzt wanderte auch die Möhre hinein. Bald brodelte und duftete es so, dass alle aus der Gegend mit dem Löffel kamen.",
      "{Name} fand ganz unten in der Tasche eine halbe Brotkruste und ließ sie hineinfallen. Der Duft, so zart er war, lockte eine Maus mit einer Erbse an, und die Maus holte ihre Tanten. Jemand kam mit Thymian, jemand mit Salz(+, jemand mit einer sehr festen Meinung über Pfeffer+); und als schließlich die Möhre folgte, hauchdünn geschnitten, damit alle etwas davon hatten, war es eine Suppe, wie man sie hier noch nie gerochen hatte.",
    ],
    gift: [
      "„Teilen macht satt“, sagte {helper}. {Try}",
      "„Eine Möhre und dreißig Gäste!“, lachte {helper}. „Geteilt schmeckt es besser.“ Nach dem zweiten Teller fühlte sich {name} stark genug für alles. {Try}",
      "„Ich hätte die Möhre allein gegessen“, sagte {helper}, als der letzte Teller ausgeleckt war, „und es wäre ein sehr kleines Abendessen geworden. Geteilt schmeckt es besser.“ Warm bis in die Zehenspitzen erzählte {name} allen von <seinem|ihrem> Plan(+, und mit jedem, der zuhörte, wurde er klarer+). {Try}",
    ],
  },
};
