import type { DetailTexts } from "../texts.ts";

/** What makes a Spanish tale the tale of this hero and no other. */
export const details: DetailTexts = {
  skills: {
    whistle: {
      tries: [
        "se le hincharon las mejillas y salió un pfff.",
        "pfff, hizo el aire, y luego un fiu muy pequeño.",
        "fiu, fiu, fiiiu, y el sonido se escapó.",
      ],
      success: "¡Fiiiu-fiu! Un silbido claro y redondo voló por encima de las colinas.",
    },
    fly: {
      tries: [
        "saltó desde un montoncito de tierra y aterrizó de barriga.",
        "durante un latido hubo aire debajo de los pies.",
        "llegó hasta el arbusto de al lado, y el arbusto era blando.",
      ],
      success: "El suelo se soltó con suavidad, y las copas de los árboles salieron a su encuentro.",
    },
    swim: {
      tries: [
        "entró hasta las rodillas y volvió a salir.",
        "hizo burbujas, y eso ya es medio nadar.",
        "tres brazadas, un trago de agua y vuelta a la orilla.",
      ],
      success: "El agua lo sostuvo todo, como si nunca hubiera querido otra cosa.",
    },
    sing: {
      tries: [
        "la primera nota fue más bien un graznido.",
        "salían las notas graves, pero las agudas se escondían.",
        "la mitad de la canción ya era bonita.",
      ],
      success: "¡La-la-laaa! La canción subió, y hasta los grillos callaron para escuchar.",
    },
    dance: {
      tries: [
        "bailó y se pisó sus propios pies.",
        "izquierda, derecha, izquierda, ¡ay!",
        "una vuelta entera, y solo después el tropezón.",
      ],
      success: "Vuelta, salto, vuelta: los pies se sabían cada paso.",
    },
    read: {
      tries: [
        "las letras parecían hormigas y corrían como hormigas.",
        "ya conocía tres letras y las saludaba por su nombre.",
        "una palabra entera se quedó quieta y dijo: sol.",
      ],
      success: "Las letras se quedaron quietas, se dieron la mano y se volvieron un cuento.",
    },
    bake: {
      tries: [
        "la masa se pegaba a todo menos a sí misma.",
        "el primer pastel salió plano como un sombrero aplastado.",
        "este estaba tostado por fuera y rico por dentro.",
      ],
      success: "Subió, se doró y olía a cumpleaños.",
    },
    paint: {
      tries: [
        "pintó un caballo, y todos pensaron que era una mesa.",
        "había más pintura en la nariz que en el papel.",
        "una esquina del dibujo ya estaba bien.",
      ],
      success: "Un trazo, un punto de luz, y el dibujo empezó a respirar.",
    },
    sleep: {
      tries: [
        "se cerró un ojo, pero el otro quería mirar.",
        "la almohada estaba caliente por los dos lados.",
        "casi se durmió, y entonces se preguntó si ya dormía.",
      ],
      success: "La noche le puso una mano suave en la frente, y los ojos se cerraron.",
    },
    climb: {
      tries: [
        "subió tan alto como una silla.",
        "la segunda rama estaba más lejos que la primera.",
        "miró hacia abajo, y eso fue un error.",
      ],
      success: "Mano tras mano, y arriba ya no quedaba más que cielo.",
    },
    ride: {
      tries: [
        "se fue a la izquierda y se cayó a la derecha.",
        "¡tres metros sin caerse!",
        "todo iba bien hasta la primera curva.",
      ],
      success: "Las ruedas zumbaban, el viento reía, y nadie sujetaba por detrás.",
    },
    play: {
      tries: [
        "chirriaba como una puerta.",
        "dos notas de cada cinco eran las buenas.",
        "muy despacio, ya era una melodía.",
      ],
      success: "Una nota le dio la mano a la siguiente, y la melodía salió a pasear por la tarde.",
    },
    roar: {
      tries: [
        "abrió la boca y salió un pío.",
        "esta vez fue por lo menos una tos.",
        "una piedrecita rodó cuesta abajo, por pura cortesía.",
      ],
      success: "¡GROAAAR! Rodó por el valle, y el valle lo devolvió rodando.",
    },
    share: {
      tries: [
        "compartió una miga, y era una miga muy pequeña.",
        "dio la mitad y se quedó mirándola mucho rato.",
        "con los ojos cerrados era más fácil dar.",
      ],
      success: "«La mitad para ti», y las dos mitades supieron más grandes que el todo.",
    },
    talk: {
      tries: [
        "abrió la boca y la volvió a cerrar.",
        "salió una palabra, y era una buena palabra.",
        "una frase entera llegó hasta la mitad.",
      ],
      success: "Las palabras salieron de una en una, y nadie se rio, y todos escucharon.",
    },
    skate: {
      tries: [
        "se puso de pie en el hielo, y luego se sentó.",
        "dos pasos, un resbalón y un golpe.",
        "un deslizamiento largo y bonito, hasta la orilla.",
      ],
      success: "Ris, ras: el hielo fue dibujando una larga curva blanca.",
    },
  },
  traits: {
    shy: {
      trait: "Era tan tímid<o|a> que se escondía cuando alguien decía hola.",
      growth: "{Name} seguía siendo un poco tímid<o|a>, pero ahora decía hola antes que nadie.",
    },
    brave: {
      trait: "Era muy valiente, incluso los lunes.",
      growth: "{Name} era igual de valiente que antes y sabía un poco más.",
    },
    curious: {
      trait: "Miraba debajo de cada piedra y detrás de cada puerta.",
      growth: "{Name} tenía cien preguntas nuevas.",
    },
    lonely: {
      trait: "Ponía la mesa para dos, por si acaso.",
      growth: "Ahora había dos tazas en la mesa, y las dos se usaban.",
    },
    grumpy: {
      trait: "Gruñía antes del desayuno, y después también.",
      growth: "{Name} seguía gruñendo, pero solo si llovía y casi siempre en broma.",
    },
    small: {
      trait: "Era tan pequeñ<o|a> que un dedal le servía de sombrero.",
      growth: "{Name} era igual de pequeñ<o|a> que antes, pero se sentía como un árbol.",
    },
    sleepy: {
      trait: "Se dormía en cualquier parte, incluso de pie.",
      growth: "Mañana {name} dormiría hasta tarde. Bien ganado estaba.",
    },
    clumsy: {
      trait: "Tropezaba con cosas que ni siquiera estaban.",
      growth: "{Name} todavía tropezaba a veces, y luego hacía una reverencia.",
    },
    kind: {
      trait: "Siempre tenía una palabra amable y a menudo media galleta.",
      growth: "Todo lo bueno que {name} había dado había vuelto a casa.",
    },
    clever: {
      trait: "Sabía hacer cuentas con las que otros solo sueñan.",
      growth: "{Name} ya sabía que los amigos saben más que los libros.",
    },
    timid: {
      trait: "Hasta una hoja que caía le aceleraba el corazón.",
      growth: "El corazón aún le hacía pum, pero ahora sonaba como un tambor.",
    },
    impatient: {
      trait: "Lo quería todo a la vez y, a ser posible, ayer.",
      growth: "{Name} había aprendido a esperar, por lo menos hasta cinco.",
    },
    proud: {
      trait: "Llevaba la nariz muy alta y por eso tropezaba mucho.",
      growth: "Ahora {name} estaba orgullos<o|a> de otra cosa: de sus amigos.",
    },
    forgetful: {
      trait: "Se le olvidaba casi todo, a veces hasta lo que había olvidado.",
      growth: "A {name} se le olvidarían muchas cosas, pero nunca aquel día.",
    },
    sad: {
      trait: "A veces se ponía triste y no sabía por qué.",
      growth: "Si la tristeza volvía, {name} ya sabía a quién llamar.",
    },
    funny: {
      trait: "Hacía reír hasta a las teteras.",
      growth: "{Name} tenía chistes nuevos y a quién contárselos.",
    },
    lazy: {
      trait: "Pensaba que el mejor camino era el del sofá.",
      growth: "A {name} le seguía gustando el sofá, pero solo después de una aventura.",
    },
    noisy: {
      trait: "Cuando susurraba, temblaban las ventanas.",
      growth: "{Name} seguía haciendo ruido, pero sabía callar cuando importaba.",
    },
    quiet: {
      trait: "Era tan callad<o|a> que las mariposas se le posaban encima.",
      growth: "{Name} seguía siendo callad<o|a>, pero cuando hablaba, todos escuchaban.",
    },
    greedy: {
      trait: "Siempre quería el trozo más grande, y luego otro.",
      growth: "Ahora {name} regalaba el trozo más grande. Así sabía mejor.",
    },
    any: {
      trait:
        "Tenía [dos ojos brillantes y la cabeza llena de planes|el corazón caliente y los pies fríos|una risa que se oía a tres puertas|muchísimas cosas útiles en una bolsa pequeña].",
      growth: "{Name} ya sabía que las cosas grandes empiezan [muy pequeñas|con un paso|con una pregunta].",
    },
  },
  pal: {
    intro: "Con <él|ella> vivía {pal.a}.",
    calm: [
      "{Pal} también iba, claro.",
      "{Pal} asintió con mucha seriedad.",
      "«¡Lo sabía!», dijo {pal}.",
      "{Pal} se quedó muy cerca.",
      "«¿Y ahora?», preguntó {pal}.",
      "{Pal} también lo había visto.",
      "«¡Mira!», dijo {pal}.",
      "{Pal} montaba guardia.",
      "¿Y {pal}? {Pal} tenía hambre.",
      "Sin {pal}, todo habría sido la mitad de bonito.",
      "{Pal} no dijo nada, y así estaba bien.",
      "«¡Adelante!», gritó {pal}.",
      "{Pal} también ayudó un poco.",
      "{Pal} quería verlo todo de cerca.",
      "«¿Falta mucho?», preguntó {pal}.",
      "{Pal} tarareaba algo.",
    ],
    low: "{Pal} se sentó a su lado, muy cerca.",
    happy: [
      "{Pal} saltó de alegría.",
      "{Pal} se reía sin parar.",
    ],
  },
  thing: [
    "{Thing} siempre iba cerca.",
    "{Name} sujetó fuerte {thing}.",
    "¡Qué bien tener a mano {thing}!",
    "Hasta {thing} parecía escuchar.",
    "{Thing} brilló un poco a la luz.",
  ],
};
