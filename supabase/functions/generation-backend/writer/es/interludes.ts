import type { Levels } from "../bands.ts";
import type { InterludeId } from "../texts.ts";

/** Pages between two meetings, in Spanish. */
export const interludes: Record<InterludeId, Levels> = {
  night: [
    "Salió la luna. {Name} se acostó. (+Los grillos cantaban.+) ¡A dormir!",
    "Llegó la noche, y {name} se envolvió en la manta. La luna colgaba sobre el camino como una lámpara que alguien olvidó apagar. A lo lejos, un grillo le contaba a la oscuridad un cuento muy largo.",
    "La noche salió de la tierra, primero azul y luego negra. {Name}, bajo la manta, aprendió que la oscuridad está llena de ruidos pequeños: una gota, un roce, un grillo con mucho que decir. (+Ninguno de ellos, oído por separado, era peor que lo que era. +)Antes de que la luna cruzara tres ramas, ya dormía.",
  ],
  rain: [
    "¡Plic, plac! Llovía. {Name} saltó. ¡Plaf! (+El charco también saltó.+)",
    "Por la noche había llovido, y ahora cada charco tenía un trozo de cielo. {Name} saltaba de cielo en cielo. Se mojó los pies, pero valió la pena.",
    "Llovió un día entero, sin enfado, pero a conciencia. {Name} cazó gotas con la lengua y decidió que las de la izquierda sabían mejor. (+No era un descubrimiento útil, pero no todo tiene que serlo. +)Al atardecer se abrió una franja clara bajo las nubes, y cada charco se volvió de oro.",
  ],
  wind: [
    "¡Uuuh! Llegó el viento. Se llevó una hoja. (+Se llevó un sombrero.+) ¡Devuélvelo, viento!",
    "Aquel día el viento quería jugar. Tiraba por detrás y empujaba por delante, y entre una cosa y otra daba volteretas. {Name} se apoyó en él como en una gran pared blanda.",
    "Hacia el mediodía el viento se levantó y vino a ver quién andaba por allí. Revisó el equipaje como un aduanero, no encontró nada que objetar y sopló las migas de la bolsa. (+«Gracias», dijo {name}, porque nunca está de más ser amable con el tiempo. +)Después empujó por la espalda, y durante un buen trecho avanzar no costó ningún trabajo.",
  ],
  letter: [
    "{Name} escribió una carta. «Estoy bien.» (+El sello era una hoja.+) ¡Vuela, carta, vuela!",
    "{Name} escribió una carta a casa en una hoja muy grande. «Estoy bien», decía, «y todavía no lo he logrado, pero casi.» Se la dio a un caracol, que prometió ir deprisa.",
    "A la sombra, {name} escribió una carta a casa. Puso que todo iba bien, lo tachó porque sonaba a que no, y lo volvió a poner. (+Lo difícil de las cartas es que hasta la tercera línea no se sabe lo que se quería decir en la primera. +)Al final decía: «Todavía no. Pero casi.» Un caracol que pasaba se encargó del reparto.",
  ],
  mirror: [
    "{Name} miró en el agua. ¿Quién era? (+¡Tenía la misma nariz!+) «¡Soy yo!», dijo {name}.",
    "{Name} se inclinó sobre el agua quieta, y alguien le devolvió la mirada. Era la misma cara de casa, solo que con más polvo y los ojos más brillantes. «Has llegado lejos», le dijo {name}.",
    "El agua estaba tan quieta que el cielo se había acostado en ella. {Name} se inclinó y se encontró con alguien que tenía su misma cara, llena de polvo, despeinada y un punto más decidida que en el recuerdo. (+Se miraron con mucha educación. +)«Bueno», dijo {name} al fin, «si tú sigues, yo también.»",
  ],
  nap: [
    "¡Uaaah! {Name} tenía sueño. La hierba era blandita. (+Pasó una abeja.+) Solo una siestecita.",
    "Después de comer, {name} se tumbó en la hierba alta, solo un momento. Pasaban nubes: una oveja, una tetera, una ballena muy gorda. Al despertar tenía una mariquita en la nariz.",
    "La tarde era tan tibia y tan ancha que {name} se tumbó justo en medio. Arriba, las nubes se probaban cosas: una oveja, una tetera, la tía de alguien. (+Una de ellas parecía a punto de convertirse en algo importante, pero se lo pensó mejor. +)Una mariquita usó su nariz de mirador, y habría sido una descortesía estornudar.",
  ],
  counting: [
    "Una piedra. Dos caracoles. Tres hojas rojas. (+Cuatro hormigas.+) {Name} lo contó todo.",
    "Para pasar el rato, {name} contaba: un mojón, dos caracoles, tres urracas y tantas hormigas que tuvo que empezar otra vez. Los números eran buena compañía. Siempre venían en el orden correcto.",
    "En los tramos largos y rectos, {name} contaba cosas. Mojones había muy pocos y hormigas demasiadas, pero los caracoles eran la cantidad justa. (+Al anochecer iban cuarenta y uno, aunque quizá a uno lo contó dos veces, porque llevaba la misma dirección. +)Es sorprendente lo lejos que se llega cuando se cree que solo se cuentan caracoles.",
  ],
  song: [
    "¡La, la, la! {Name} cantó. (+Los pájaros también cantaron.+) La canción tenía una sola palabra.",
    "{Name} se inventó una canción para el camino. Solo tenía un verso, pero se podía cantar fuerte, flojito, al revés y con la boca llena. Dos gorriones se la aprendieron enseguida.",
    "En algún momento de la mañana una melodía se le había metido a {name} en la cabeza, y a mediodía ya la tenía amueblada. Necesitaba letra, así que se la puso. (+No rimaba y trataba sobre todo de pan; pero la cantaba con sentimiento. +)Dos gorriones la recogieron, y quizá todavía la canten, un poco mal.",
  ],
  fog: [
    "Todo era blanco. ¿Y el camino? {Name} fue despacio. (+Un pasito, otro pasito.+) ¡Ahí estaba!",
    "Por la mañana el mundo no estaba. Solo había blanco, delante y detrás, y un trocito de camino en el que cabían los pies. {Name} fue de trocito en trocito, y siempre había otro más.",
    "Por la mañana alguien se había llevado el mundo y lo había envuelto en algodón. {Name} veía exactamente un paso por delante. Daba un poco de miedo, hasta que notó que nunca hace falta más que un paso. (+Por detrás, los pasos ya dados se guardaban con el mismo cuidado. +)Hacia las diez, alguien empezó a desenvolver los árboles.",
  ],
  berries: [
    "¡Frambuesas! ¡Ñam, ñam, ñam! (+Una para ahora, otra para luego.+) {Name} acabó con la nariz roja.",
    "Junto al camino crecían frambuesas, tibias del sol. {Name} comió una, y luego otra, y luego perdió la cuenta. Al final tenía la cara como pintada para una fiesta.",
    "Había frambuesas, una ladera entera, y nadie que dijera basta. {Name} empezó por las mejores y acabó por las del fondo, las que hay que ganarse. (+Las espinas cobraron unos hilos de la manta, que parecía un precio justo. +)Pasó un buen rato antes de que alguien pensara en seguir.",
  ],
  map: [
    "{Name} dibujó un mapa. «Aquí está mi casa. Aquí, el monte. (+Aquí hay una cruz. +)¡Y aquí estoy yo!»",
    "{Name} alisó la arena y dibujó un mapa con un palo. La casa era un cuadrito, el camino un garabato muy largo, y en medio se dibujó en grande. Lo que venía después aún estaba vacío, y era la mejor parte.",
    "Con un palo, {name} dibujó en la arena un mapa de todo lo que había pasado. Salió bastante más largo de lo que esperaba. (+Algunas montañas eran más grandes que las de verdad, pero se habían sentido así. +)Más allá del punto que decía «Aquí» solo había arena lisa, sin tocar, y esa parte fue la que {name} miró más tiempo.",
  ],
  stars: [
    "¡Cuántas estrellas! {Name} eligió una. «Tú eres mía.» (+La estrella guiñó un ojo.+) Buenas noches, estrella.",
    "Aquella noche había tantas estrellas que casi no cabían. {Name} eligió una pequeña, en el borde, y le puso un nombre. Desde entonces conocía a alguien allí arriba.",
    "Aquella noche las estrellas bajaron tanto que daban ganas de agacharse. {Name} había oído que su luz ya es muy vieja cuando llega, y pensó que eso requería paciencia. (+«Saliste hace tanto tiempo», le dijo a una pequeña, «y ni siquiera sabías si habría alguien mirando.» +)La pequeña brilló un poco más, por lo que se podía ver, de acuerdo con todo.",
  ],
};
