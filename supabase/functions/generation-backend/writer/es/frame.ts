import type { FrameTexts } from "../texts.ts";

/** Beginning, turn and end of every Spanish tale. */
export const frame: FrameTexts = {
  open: [
    [
      "Aquí está {name}. {Name} era {hero.a}. {Fact} (+{Trait}+) {Name} vivía {place}.",
      "Había una vez {hero.a} que se llamaba {name}. {Fact} {Trait} {Name} vivía {place}, donde todos se conocían.",
      "No hace mucho tiempo, y no muy lejos de aquí, vivía {hero.a} que se llamaba {name}. {Fact} {Trait} Había crecido {place}(+, donde los días eran largos y las noticias casi siempre llegaban viejas+), y casi todos habrían dicho que allí nunca iba a pasar nada extraordinario.",
    ],
    [
      "Había una vez {hero.a}. Se llamaba {name}. {Fact} (+{Trait}+) Su casa estaba {place}.",
      "{Place} vivía {hero.a}, y su nombre era {name}. {Fact} {Trait} Pero un día todo iba a cambiar.",
      "Quien hubiera pasado cierta mañana por allí, {place}, quizá se habría fijado en {hero.a} que miraba pensativ<o|a> hacia ninguna parte. Era {name}. {Fact} {Trait} (+Las historias suelen empezar justo en esos momentos, cuando alguien mira hacia ninguna parte. +)Aquella mañana, algo estaba a punto de cambiar.",
    ],
    [
      "¡Hola, {name}! {Name} era {hero.a}. {Fact} (+{Trait}+) Vivía {place}. ¿Qué haría hoy?",
      "Todo el mundo conocía a {name}. Era {hero.a} y vivía {place}. {Fact} {Trait}",
      "Hay cuentos de gigantes y cuentos de reyes; este trata de {hero.a}. Se llamaba {name} y vivía {place}(+, muy fácil de encontrar para quien no tuviera prisa+). {Fact} {Trait} Nadie había pedido una aventura, pero las aventuras rara vez esperan a que las pidan.",
    ],
  ],
  home: [
    "{Name} tenía una cama pequeña. Tenía una taza grande. (+Cada mañana el sol decía hola.+) Se estaba bien allí.",
    "{Name} tenía una cama bajo la ventana y una taza azul con una grieta. Por la mañana entraba la luz y se sentaba en la manta como una invitada. Era una buena vida, solo que a veces un poco callada.",
    "Su casa era un lugar pequeño y torcido, con una cama bajo la ventana, una taza azul con una grieta y un estante para las cosas que algún día podrían hacer falta. Por las tardes {name} se sentaba allí a oír cómo se hacía de noche. (+No le faltaba alegría; era más bien como si en algún sitio faltara una página. +)Y últimamente, justo antes de dormir, volvía siempre la misma idea.",
  ],
  setout: [
    "¡En marcha! Más y más lejos. (+¡Adiós, casita!+) El mundo era grande.",
    "A la mañana siguiente, {name} guardó un trozo de pan, una manta y una buena cantidad de valor. Cerró la puerta, la abrió otra vez para despedirse de la taza azul y se puso en marcha. El camino empezaba allí mismo, como suelen hacer los caminos.",
    "{Name} tardó una hora en hacer el equipaje y un minuto en ver que casi nada hacía falta. Al final quedaron un trozo de pan, una manta y un ovillo de cuerda. (+La cuerda, pensó, nunca ha estropeado un viaje. +)La puerta se cerró con el ruido de todos los días, aunque no era un día como todos, y {name} {moved} hacia donde el camino desaparecía.",
  ],
  brief: [
    "{Name} probó y probó. Entonces llegó {helper.a}. «¡{Lesson}!», dijo {helper}. (+{Name} se quedó pensando.+)",
    "Al principio no salía de ninguna manera. {Try} Entonces llegó {helper.a} y se sentó un rato. «Solo conozco un secreto», dijo {helper}, «y es este: {lesson}.»",
    "Era más difícil de lo que parecía desde casa. {Try} Justo cuando {name} empezaba a preparar excusas, pasó por allí {helper.a}, miró un rato y carraspeó. «Yo no entiendo mucho», dijo {helper}, «pero hay algo que me ha servido para casi todo: {lesson}.» (+Era una frase tan sencilla que {name} estuvo a punto de no oír lo que llevaba dentro.+)",
  ],
  low: [
    "{Name} se sentó. «No puedo.» (+Le cayó una lágrima.+) Fue un día muy triste.",
    "Aquella tarde {name} se sentó en una piedra y no se levantó más. «No lo lograré nunca», dijo. La piedra no dijo nada, y el cielo estaba gris de punta a punta.",
    "Y entonces llegó un día en que no quedaba nada: ni pan, ni plan, ni buen humor. {Name} se sentó en una piedra y agachó la cabeza. «Otros pueden hacer estas cosas», le dijo a la piedra, «y yo, sencillamente, no soy otros.» (+La piedra, que llevaba nueve millones de años siendo piedra, lo encontró muy bien, pero no lo dijo. +)Poco a poco oscureció.",
  ],
  turn: [
    "¿Quién era? ¡Era {friend}! «¡{Lesson.first}!», dijo {friend}. (+{Others}+) {Name} se levantó.",
    "Entonces {name} oyó una voz conocida. Era {friend}, casi sin aliento. «Tú me ayudaste», dijo {friend}, «y ahora vengo yo por ti. Recuerda: ¡{lesson.first}!» {Others} De pronto la tarde ya no era tan gris.",
    "Algo se movió en la oscuridad, y luego se oyó una voz que {name} habría reconocido en cualquier parte. «Así que estabas aquí», dijo {friend}. «Llevo todo el día de camino, porque alguien me contó que te habías sentado.» {Others} «Una vez me diste algo», siguió diciendo {friend}, «y pensé que quizá ahora te hacía falta a ti: {lesson.first}.» (+Es extraño que alguien te devuelva tu propio valor después de haberlo cuidado. +){Name} notó que algo se ponía de pie por dentro, y después se puso de pie todo lo demás.",
  ],
  celebrate: [
    "¡Viva! Bailaron. Comieron tarta. (+{Friend} bailó a la pata coja.+) ¡Qué día!",
    "¡Aquello merecía una fiesta! Hubo tarta de ciruelas y limonada, y alguien trajo un tambor. {Friend} bailó hasta muy tarde, y {name} tuvo que contarlo todo desde el principio, dos veces.",
    "Nadie había preparado una fiesta, y por eso salió estupenda. Hubo tarta de ciruelas, hubo limonada en tazas que no hacían juego, y {friend} dio un discurso que consistía sobre todo en la palabra «bueno». (+Todos estuvieron de acuerdo en que era uno de los mejores discursos que habían oído. +){Name} tuvo que contar la historia tres veces, y cada vez importaban más las partes calladas y menos las ruidosas.",
  ],
  end: [
    [
      "¡En casa otra vez! ¡Qué alegría! (+{Growth}+) Buenas noches, {name}. ¡Que duermas bien!",
      "Cuando salió la luna, {name} estaba otra vez en la cama bajo la ventana. {Growth} Sonrió, se dio la vuelta y se durmió antes de acabar la idea.",
      "Muy tarde, {name} descansaba en la cama bajo la ventana, y todo estaba donde siempre: la taza, la grieta, el estante. {Growth} (+Quizá los viajes sirvan para eso: se vuelve al mismo lugar, y el lugar ha crecido. +)Fuera, el viento pasaba las hojas de los árboles como si buscara el próximo cuento.",
    ],
    [
      "El sol se fue. {Name} bostezó. (+{Growth}+) ¡Buenas noches, mundo!",
      "Y así fue como pasó. {Growth} Si algún día pasas por allí, busca una luz en la ventana: es {name}, que está pensando algo nuevo.",
      "Allí todavía se cuenta la historia, y no siempre bien; en algunas versiones salen gigantes. {Growth} (+Cuando alguien preguntaba qué había sido lo más difícil, la respuesta era siempre la misma: el primer paso y, claro, el siguiente. +)Pero {name}, que lo sabía mejor que nadie, se limitaba a sonreír y a poner agua para el té.",
    ],
    [
      "¡Lo logró! ¡Bravo, {name}! (+{Growth}+) ¿Y al día siguiente? ¡A jugar otra vez!",
      "Por la noche se sentaron todos juntos, y durante un rato nadie dijo nada, porque todo estaba bien. {Growth} Entonces salió una estrella, y después todas las demás.",
      "Por la noche se sentaron unos junto a otros a mirar cómo se iba la luz, y nadie necesitaba decir nada. {Growth} (+Aún había muchísimas cosas que {name} no sabía, y descubrió con sorpresa que eso daba ganas de que llegara mañana. +)Muy lejos se abrió una puerta, y salió la primera estrella.",
    ],
  ],
};
