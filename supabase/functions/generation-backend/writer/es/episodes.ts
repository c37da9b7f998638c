import type { Episode, EpisodeId } from "../texts.ts";

/** Meetings on the way, in Spanish. */
export const episodes: Record<EpisodeId, Episode> = {
  kite: {
    lesson: "un nudo después de otro",
    meet: [
      "{Spot}, {name} vio a {helper.a}. «¡Ay!», dijo {helper}. «¡Mi cometa está atascada!» (+Colgaba muy alto, entre espinas.+)",
      "{Spot}, {name} encontró a {helper.a} que tiraba de un largo hilo azul. El hilo era de una cometa, y la cometa estaba enredada en un espino. «Cuanto más tiro, más se aprieta», suspiró {helper}.",
      "{Spot}, {name} se topó con {helper.a} que miraba un espino como si este hubiera dicho una grosería. En algún lugar de dentro había una cometa(+, o al menos la había habido aquella mañana+), y alrededor de cada rama corría su largo hilo azul. «He tirado, la he sacudido y le he gritado», explicó {helper}, «y cada vez se ha hecho un nudo más.»",
    ],
    help: [
      "{Name} miró el primer nudo. Arriba, abajo, ¡fuera! (+Luego el segundo, luego el tercero.+) ¡La cometa voló!",
      "{Name} no tiró de nada. Buscó la punta del hilo y la siguió, por arriba y por abajo, nudo tras nudo. Cuando se soltó la última vuelta, la cometa saltó al viento como un pez al agua.",
      "En vez de tirar, {name} buscó la mismísima punta del hilo y empezó a seguirla con paciencia, por encima de esta rama y por debajo de aquella. (+Dos veces se perdió y tuvo que volver a empezar, lo cual era molesto, aunque bastante menos molesto que las espinas. +)Cuando se abrió el último nudo, el sol había avanzado un buen trecho por el cielo, y la cometa saltó al viento como si nunca hubiera estado presa.",
    ],
    gift: [
      "«Un nudo después de otro», dijo {helper}. {Try}",
      "«¿Sabes qué has hecho?», preguntó {helper}. «Un nudo después de otro.» {Name} guardó esas palabras y las probó enseguida. {Try}",
      "«Casi todos quieren deshacerlo todo de golpe», dijo {helper} mientras enrollaba el hilo. «Tú has ido un nudo después de otro, y no pienso olvidarlo.» A {name} le pareció que aquello podía valer también para otras cosas(+, incluso para las que no llevaban ningún hilo dentro+). {Try}",
    ],
  },
  button: {
    lesson: "mira otra vez, y mira despacio",
    meet: [
      "{Helper.a} buscaba algo. «¡Mi botón!», dijo {helper}. «¡Mi botón rojo!» (+Le cayó una lágrima.+)",
      "{Spot} alguien se arrastraba con la nariz pegada al suelo. Era {helper.a}. «He perdido mi botón rojo», dijo {helper}, «y sin él mi abrigo se mueve como una bandera.»",
      "{Spot}, {helper.a} daba la vuelta a las hojas, a las piedras y a un escarabajo bastante sorprendido. «Un botón», explicó {helper} sin levantar la vista, «redondo, rojo, con cuatro agujeros. Era de mi abuela, y esta mañana todavía estaba en mi abrigo(+, que es el único sitio donde un botón sirve para algo+).»",
    ],
    help: [
      "Miraron aquí. Miraron allá. {Name} paró y miró despacio. (+Algo brilló en la hierba.+) ¡Allí estaba!",
      "Al principio {name} corría y miraba a todas partes a la vez, pero solo se mareaba. Entonces se sentó y miró un trocito de suelo, y luego el trocito de al lado. En el noveno, algo rojo le guiñó un ojo.",
      "Ya habían buscado por todas partes, así que {name} propuso buscar otra vez por todas partes, solo que más despacio. (+«No es un plan muy brillante», dijo {helper}. «No», admitió {name}, «pero es el que tenemos.» +)Dividieron el suelo en cuadros con ramitas, y en el noveno, justo donde los dos habían estado una hora antes, apareció el botón, con el aire inocente de una mariquita.",
    ],
    gift: [
      "«Mira otra vez. Mira despacio», dijo {helper}. {Try}",
      "{Helper} cosió el botón enseguida y no dejaba de sonreír. «Mira otra vez, y mira despacio. Le diré a todo el mundo que lo dijiste tú.» {Try}",
      "Mientras la aguja iba y venía, {helper} tarareaba de puro alivio. «Buscaba con tanta fuerza que no veía nada. Mira otra vez, y mira despacio: eso vale más que una lata entera de botones.» {Name} se preguntó qué se le habría escapado hasta entonces(+ por querer terminar tan deprisa+). {Try}",
    ],
  },
  gap: {
    lesson: "dos pueden lo que uno no puede",
    meet: [
      "¡Alto! Había un hueco muy grande. Al otro lado estaba {helper.a}. (+«No puedo ir a casa», gritó {helper}.+)",
      "{Spot} el camino se acababa de golpe. Delante de {name} había un hueco demasiado ancho, y al otro lado {helper.a} hacía señas. «El puente se cayó anoche», gritó {helper}, «¡y mi cena está de tu lado!»",
      "{Spot} el camino se acababa sin poner siquiera un cartel de aviso. Donde debía estar el puente había un hueco hondo, fresco y lleno de ecos, y desde el otro lado {helper.a} gritaba algo que llegaba a pedazos. «… anoche… se cayó… mi cena… ¡de tu lado!» (+Al eco pareció gustarle la palabra cena, porque se la quedó un buen rato.+)",
    ],
    help: [
      "{Name} sujetó una tabla. Del otro lado tiraron. ¡Empuja! ¡Tira! (+¡Clac, ya está!+) Ya había puente.",
      "Había una tabla, pero pesaba demasiado para llevarla a solas. {Name} empujaba desde este lado, y {helper} tiraba de una cuerda desde el otro. «¡Aúpa!», gritaron, y con un clac la tabla quedó bien puesta.",
      "{Name} encontró una tabla lo bastante larga, pero levantarla a solas era como querer levantar una casa por el pomo de la puerta. Entonces {helper} lanzó una cuerda. A un lado se empujaba y al otro se tiraba(+; dos veces no se pusieron de acuerdo sobre dónde estaba la izquierda, y una vez casi se cae todo al fondo+), hasta que por fin la tabla cayó en su sitio con un clac de lo más satisfecho.",
    ],
    gift: [
      "«Entre dos se puede», dijo {helper}. {Try}",
      "Se encontraron justo en medio y se dieron la mano. «Dos pueden lo que uno no puede», dijo {helper}. «No te olvides de pedir ayuda.» {Try}",
      "Se encontraron en medio, casi sin aliento, y miraron hacia abajo, al hueco que ya no daba ningún miedo. «Pasé toda la mañana aquí antes de llamar», confesó {helper}. «Es curioso lo que cuesta pedir(+, con lo fácil que suele ser contestar+). Dos pueden lo que uno no puede.» {Try}",
    ],
  },
  sleepless: {
    lesson: "descansar también es camino",
    meet: [
      "{Helper.a} no podía dormir. «No tengo sueño», dijo {helper}. (+«Lo he probado todo.»+) ¡Qué pena!",
      "{Spot} vivía {helper.a} con los ojos muy rojos. «Llevo tres noches sin dormir», susurró {helper}. «Me acuesto, y entonces pienso en todo lo que tengo que hacer.»",
      "{Spot}, {helper.a} caminaba en círculos y contaba en voz alta. «Cuatro mil once ovejas», gimió {helper}, «y ninguna ha servido de nada. (+A estas alturas las conozco a todas por su nombre. +)Cuanto más me esfuerzo en dormir, más me despierto.»",
    ],
    help: [
      "{Name} se sentó muy cerca. Cantó bajito. (+Mmm, mmm, mmm.+) Dos ojos se cerraron.",
      "{Name} no dijo «¡Duérmete ya!», porque eso nunca funciona. Se sentó a su lado y contó un cuento largo y lento sobre un caracol que iba hacia el mar. Antes de la segunda piedra, alguien ya roncaba.",
      "{Name} sabía que nadie se ha dormido nunca porque se lo manden. Así que empezó el cuento más lento que se le ocurrió: el de un caracol que va andando hasta el mar y se para a mirar cada piedra. (+La primera piedra era gris. La segunda también era gris, pero de otra manera. +)En la tercera piedra se oyó un ronquido, hondo y feliz, y {name} dejó el caracol allí donde estaba, sin hacer ruido.",
    ],
    gift: [
      "Por la mañana, {helper} sonrió. «Ahora descansa tú», dijo {helper}. {Try}",
      "Por la mañana, {helper} se estiró y parecía el doble de grande. «Descansar también es camino», dijo {helper}. Así que {name} durmió una horita más. {Try}",
      "«Había olvidado», dijo {helper} a la mañana siguiente, estirándose de punta a punta, «que descansar no es lo contrario de avanzar. Descansar también es camino.» {Name} notó entonces todo el cansancio que llevaba encima(+, y que esforzarse mucho y hacerlo bien no siempre son la misma cosa+). {Try}",
    ],
  },
  quarrel: {
    lesson: "primero escucha",
    meet: [
      "«¡Es mío!» «¡No, mío!» {Helper.a} y un escarabajo tiraban de un paraguas. (+Gritaban mucho.+)",
      "{Name} oyó los gritos mucho antes de ver a nadie. {Spot}, {helper.a} y un escarabajo brillante tiraban del mismo paraguas. «¡Es mío!», gritaba uno. «¡Lo encontré yo!», gritaba el otro.",
      "La pelea se oía desde muy lejos. {Spot}, {helper.a} agarraba una punta de un paraguas de rayas, y de la otra colgaba un escarabajo pequeño pero decidido. «¡Yo lo vi primero!», se oía por la izquierda. «¡Yo lo llevé primero!», se oía por la derecha(+, y luego miraron a {name} como se mira a un juez+).",
    ],
    help: [
      "{Name} levantó la mano. Primero habló uno. Luego el otro. (+«No me gusta la lluvia», dijo el escarabajo.+) ¡Se podía compartir!",
      "«De uno en uno», dijo {name}, y se sentó a escuchar. Resultó que el escarabajo solo quería el paraguas cuando llovía, y {helper} solo cuando el sol quemaba. No había ningún motivo para pelear.",
      "{Name} no decidió nada. Solo les preguntó por qué y después hizo lo más difícil, que es callar hasta que la respuesta se acaba. El escarabajo tenía miedo de la lluvia(+, porque una sola gota puede tumbar a un escarabajo+); {helper} no soportaba el sol del mediodía. Se hizo un gran silencio cuando se dieron cuenta de que nunca llueve y quema en el mismo momento.",
    ],
    gift: [
      "«Has escuchado», dijo {helper}. «Eso ayuda.» {Try}",
      "«Casi no has hecho nada», dijo {helper}, «y era justo lo que hacía falta. ¡Primero escucha!» {Name} lo prometió, y durante un rato se escuchó incluso por dentro. {Try}",
      "«Llevamos desde la primavera peleando por este paraguas», dijo {helper} con algo de vergüenza, «y nadie nos había preguntado nunca por qué. Primero escucha. Deberían escribirlo en los paraguas.» {Name} siguió adelante y escuchó: el camino, el viento y sus propios pensamientos(+, que no estaban tan seguros como parecían+). {Try}",
    ],
  },
  basket: {
    lesson: "muchas cargas pequeñas pesan menos que una grande",
    meet: [
      "{Helper.a} tenía una cesta enorme. «¡Pesa demasiado!» (+Había que llevar las manzanas a casa.+)",
      "{Spot}, {helper.a} miraba una cesta tan grande como una bañera. Estaba llena de manzanas hasta el borde. «Las he recogido todas», dijo {helper}, «y ahora no puedo moverlas.»",
      "{Spot} había una cesta, y detrás de la cesta, sin que se le viera, estaba {helper.a}. «Me gustó tanto recogerlas», dijo {helper}, «que no pensé en llevarlas. (+Es lo malo de las manzanas: cada una de ellas no pesa casi nada. +)Ahora no se mueve ni un pelo.»",
    ],
    help: [
      "{Name} llevó una manzana. Luego otra. ¡Hop, hop, hop! (+Pronto no quedó ninguna.+)",
      "{Name} empujó la cesta, pero la cesta no se movió. Entonces tomó dos manzanas, se las llevó y volvió a por otras dos. Iban y venían cantando, y a mediodía la cesta pesaba tan poco que se podía llevar con un dedo.",
      "Empujar no servía, tirar no servía y hablar con la cesta tampoco. Al final {name} sacó tres manzanas y se marchó con ellas. «Son solo tres», dijo {helper}. «Ahora sí», dijo {name}. (+Después del décimo viaje dejaron de contar, y después del vigésimo inventaban estrofas para una canción. +)A mediodía la cesta pesaba tan poco que se columpiaba de un solo dedo.",
    ],
    gift: [
      "«Poquito a poco», dijo {helper}. {Try}",
      "«Muchas cargas pequeñas pesan menos que una grande», dijo {helper}, y le dio a {name} la manzana más roja. {Name} la mordió y pensó en su gran deseo. Quizá también se podía comer a bocados. {Try}",
      "{Helper} sacó brillo a la manzana más roja y se la entregó con una reverencia. «Muchas cargas pequeñas pesan menos que una grande», dijo {helper}. «Con las manzanas ya lo sabía, pero nunca se me había ocurrido usarlo.» {Name} masticó y miró su gran deseo desde ese lado(+, y por primera vez le pareció que tenía asas+). {Try}",
    ],
  },
  jug: {
    lesson: "lo roto se puede arreglar",
    meet: [
      "¡Crac! {Helper.a} miraba una jarra rota. «Se me cayó», dijo {helper}. (+Todo estaba mojado.+)",
      "¡Crac! {Spot}, {helper.a} miraba unos pedazos azules como si se hubiera roto el mundo entero. «Era un regalo para mi hermana», susurró {helper}. «Yo solo quería llevarla con mucho cuidado.»",
      "Se oyó un crac, y luego ese silencio especial que viene después de un crac. {Spot} estaba {helper.a} en medio de muchísimos pedazos azules. «Iba con tanto cuidado», susurró {helper}. «Me ocupaba tanto del cuidado que olvidé mirar por dónde iba(+, y ahora el regalo de mi hermana es un rompecabezas+).»",
    ],
    help: [
      "{Name} juntó los trozos. Cola aquí, cola allá. (+Un trozo parecía una estrella.+) ¡La jarra estaba entera!",
      "{Name} recogió los pedazos y los puso en el suelo como un rompecabezas. Los pegaron con resina, uno por uno. Ahora la jarra tenía líneas doradas por todas partes y era más bonita que antes.",
      "{Name} empezó a poner los pedazos uno junto a otro, y al cabo de un rato {helper} dejó de decir que no servía de nada y le pasó el siguiente. Los pegaron con resina dorada. (+Un triángulo diminuto faltaba y siguió faltando; decidieron que era una ventana. +)Cuando la jarra volvió a estar de pie, la recorrían líneas brillantes, como ríos en un mapa, y ya nadie recordaba por qué les había gustado sin ellas.",
    ],
    gift: [
      "«Lo roto se arregla», dijo {helper}. {Try}",
      "«Pensé que todo había terminado», dijo {helper}, «y solo estaba roto. ¡Lo roto se puede arreglar!» Eso le dio ánimos a {name}, porque ya le habían salido mal varias cosas. {Try}",
      "«Le contaré la verdad a mi hermana», dijo {helper}, «porque las líneas son lo mejor. Lo roto se puede arreglar, y después tiene algo que contar.» {Name} pensó en todos los intentos que habían salido mal y decidió que no eran fracasos, sino pedazos(+, y con pedazos se puede hacer algo+). {Try}",
    ],
  },
  race: {
    lesson: "ríete cuando salga mal",
    meet: [
      "«¿Una carrera?», dijo {helper.a}. ¡Preparados, listos, ya! (+Y salieron volando.+)",
      "{Spot}, {helper.a} se estiraba y daba saltitos. «¡Por fin alguien para una carrera!», gritó {helper}. «Hasta el árbol torcido y volver. ¡Preparados, listos, ya!» No hubo tiempo de decir que no.",
      "{Spot}, {helper.a} había trazado una raya en el suelo y esperaba detrás con gran seriedad. «Desde hace un año nadie corre más que yo», anunció {helper}, «sobre todo porque aquí no había nadie. (+No tiene gracia ganarle a nadie. +)¿Hasta el árbol torcido y volver?» Y antes de que {name} acabara de asentir, la carrera ya había empezado.",
    ],
    help: [
      "{Name} resbaló. ¡Plaf! ¡Un charco! (+{Helper} también resbaló.+) ¡Cuánto se rieron!",
      "{Name} iba por delante hasta que llegó el barro. Los pies se fueron por un lado y el resto por el otro, y allí se quedó. Un momento después, {helper} cayó a su lado. Se miraron, llenos de barro de arriba abajo, y se rieron hasta que les dio hipo.",
      "Durante once pasos enteros {name} fue por delante. Luego vino el barro, del que nadie había hablado, y un momento después {name} estaba dentro; y un momento más tarde llegó {helper} al mismo lugar y por el mismo método. (+Durante un suspiro aquello pudo acabar en pelea. +)Entonces croó una rana, igual que si alguien dijera «¿Y qué?», y se rieron hasta que les dolió la barriga.",
    ],
    gift: [
      "«Caerse da risa», dijo {helper}. {Try}",
      "«¡Te has reído!», dijo {helper}. «Yo siempre me enfado cuando algo sale mal. Desde hoy me reiré.» A {name} le pareció una idea buenísima. {Try}",
      "«La última vez que me caí, me enfadé una semana entera», dijo {helper} mientras se quitaba el barro. «Ríete cuando salga mal. Va a salir mal de todas formas, pero así se pasa antes.» {Name} siguió su camino(+ y fue dejando unas huellas de barro que, vistas por detrás, parecían muy alegres+). {Try}",
    ],
  },
  shadow: {
    lesson: "acércate y se hará pequeño",
    meet: [
      "«¡Chis!», dijo {helper.a}. «¡Un monstruo!» (+Una sombra enorme bailaba en la roca.+)",
      "{Spot}, {helper.a} se escondía debajo de una hoja muy pequeña. «¡No sigas!», susurró {helper}. «A la vuelta hay un monstruo con tres cuernos y una cola como una sierra.» Y era verdad: en la roca bailaba una sombra terrible.",
      "{Spot}, {helper.a} intentaba esconderse detrás de una brizna de hierba, con un éxito discreto. «Tres cuernos», susurró {helper}, «y una cola como una sierra, y no se está quieto.» A la vuelta, por toda la pared de roca, saltaba una sombra(+ tan enorme que los codos no le cabían+).",
    ],
    help: [
      "{Name} se acercó un poco. Y otro poco. ¡Uh! (+La sombra se hizo chiquita.+) ¡Era solo una hoja!",
      "A {name} el corazón le hacía pum, pum, pum, pero se acercó un paso, y luego otro. Con cada paso la sombra se encogía. A la vuelta, a la luz del atardecer, una hoja seca bailaba en un hilo.",
      "{Name} no sabía muy bien si quería saberlo. Pero no saberlo era peor, así que avanzó un palmo, y después otro. (+Era curioso: cuanto más se acercaba, menos monstruo había. +)A la vuelta colgaba una hoja seca de un hilo de araña; giraba al sol bajo y echaba una sombra cien veces más grande que ella.",
    ],
    gift: [
      "«Te acercas y se hace pequeño», dijo {helper}. {Try}",
      "«Todo el día con miedo de una hoja», dijo {helper}, y soltó una risita. «Acércate y se hará pequeño. Eso he aprendido.» {Name} también lo había aprendido. {Try}",
      "{Helper} examinó la hoja por todos los lados con cierta decepción. «Ya les había contado a todos lo de los cuernos», confesó {helper}. «Acércate y se hará pequeño; ojalá me lo hubieran dicho hace años.» {Name} se guardó la hoja(+, porque es útil llevar un monstruo en el bolsillo+). {Try}",
    ],
  },
  storm: {
    lesson: "todas las tormentas se quedan sin aire",
    meet: [
      "¡Bum! ¡Una tormenta! {Helper.a} gritó: «¡Entra!» (+Dentro hacía calorcito.+)",
      "El cielo se puso de color ciruela, y entonces estalló la tormenta. «¡Aquí dentro, corre!», gritó {helper.a}. {Name} se metió en una cueva en la que cabían justo dos, y vieron cómo el mundo se volvía gris.",
      "Primero el viento se paró, como si tomara mucho aire; después lo soltó todo a la vez. «¡Aquí dentro!», gritó una voz, y {name} rodó hasta una cueva donde ya estaba {helper.a}, muy serio el gesto y muy quietas las manos. (+Había sitio para uno y medio. Se arreglaron. +)Fuera, alguien fregaba el mundo de arriba abajo.",
    ],
    help: [
      "{Helper} temblaba. {Name} inventó un juego: ¡contar! Uno, dos, tres, ¡bum! (+Uno, dos, tres, cuatro, ¡bum!+) La tormenta se fue.",
      "Con cada trueno, {helper} temblaba como una gelatina. Entonces {name} inventó un juego: contar desde el rayo hasta el trueno. Primero hasta tres, luego hasta cinco, luego hasta once. «Se está marchando», dijo {name}, y así era.",
      "Con cada rayo, {helper} daba un respingo, aunque procuraba que no se notara. {Name} propuso un juego e hizo como si fuera solo para pasar el rato: contarían desde el rayo hasta el trueno, y quien acertara ganaba un punto. Tres segundos; cinco; once. (+{Helper} ganó por cuatro puntos y se olvidó por completo de tener miedo. +)A los veinte, la tormenta ya no era más que alguien moviendo muebles, muy lejos.",
    ],
    gift: [
      "«Las tormentas se acaban», dijo {helper}. {Try}",
      "El primer rayo de sol entró en la cueva. «Todas las tormentas se quedan sin aire», dijo {helper}. «Solo hay que esperar un poco más que ellas.» {Name} salió, y todo olía a nuevo. {Try}",
      "Cuando salieron, el mundo entero goteaba y brillaba. «Todas las tormentas se quedan sin aire», dijo {helper}. «Lo sé de toda la vida, pero entre dos es más fácil creerlo.» {Name} pensó en los días en que nada salía bien(+, y se preguntó si con ellos no bastaría también con contar+). {Try}",
    ],
  },
  gate: {
    lesson: "prueba desde el otro lado",
    meet: [
      "¡Una puerta! Estaba cerrada. {Helper.a} empujaba y empujaba. (+No se abría.+)",
      "{Spot} había una puerta verde, y contra la puerta empujaba {helper.a}. «No se abre», resopló {helper}. «Llevo empujando desde el desayuno. ¿Hará falta una palabra mágica?»",
      "{Spot} había una puerta con un pomo dorado, y {helper.a} se lanzaba contra ella con la cabeza baja. Pum. «He empujado», dijo {helper} frotándose la frente, «he suplicado, he dicho todas las palabras mágicas, desde abracadabra hasta zanahoria. (+Hasta he fingido que me daba igual. +)Es la puerta más terca del mundo.»",
    ],
    help: [
      "{Name} miró la puerta. No empujó. ¡Tiró! (+Ñiiic, se abrió.+)",
      "{Name} miró la puerta por arriba y por abajo. Después agarró el pomo y no empujó. Tiró. La puerta se abrió como la página de un libro, y {helper} se cayó en la hierba de la sorpresa.",
      "{Name} rodeó la puerta, lo cual era fácil, porque no había valla. Desde el otro lado era una puerta de lo más amable. Hasta tenía un letrerito(+, medio tapado por la hiedra+), y en el letrerito había una sola palabra: TIRAR. Durante un rato nadie dijo nada; luego {helper} tomó el pomo con dos dedos, y la puerta se abrió casi sin un suspiro.",
    ],
    gift: [
      "«¡Prueba al revés!», dijo {helper}. {Try}",
      "«¡Tanto empujar!», dijo {helper}. «Cuando no se pueda, prueba desde el otro lado.» {Name} asintió y pensó en todo lo que llevaba tanto tiempo empujando. {Try}",
      "«Si no se lo cuentas a nadie», dijo {helper}, «te doy un consejo: cuando no se pueda, prueba desde el otro lado.» {Name} lo prometió y le fue dando vueltas por el camino. ¿Y si había estado empujando todo este tiempo(+ algo que esperaba tranquilamente a que tiraran de ello+)? {Try}",
    ],
  },
  seed: {
    lesson: "un poco cada día",
    meet: [
      "{Helper.a} miraba una maceta. «¡Crece!», dijo {helper}. (+«¡Crece, crece, crece!»+) La semilla no crecía.",
      "{Spot}, {helper.a} miraba una maceta y gritaba: «¡Crece!» No pasaba nada. «La planté hace una hora», dijo {helper}, «y ya se lo he dicho cuarenta veces.»",
      "{Spot}, {helper.a} vigilaba una maceta con un reloj en la mano. «Llega tarde», dijo {helper} con severidad. «Planté un girasol a las nueve, son las diez, y no se ve más que tierra. (+Dos veces lo he desenterrado para ver por qué se retrasa. +)¿Te parece normal?»",
    ],
    help: [
      "{Name} echó una gotita. Luego jugaron. Al otro día, otra gotita. (+Luego jugaron otra vez.+) ¡Mira, una hoja!",
      "{Name} echó un poco de agua en la maceta y la puso al sol. «Y ahora, a jugar», dijo. Lo mismo hicieron a la mañana siguiente, y a la otra. Al tercer día asomó un ganchito verde.",
      "«A lo mejor le da vergüenza», dijo {name}, que de esperar sabía un poco. Le dieron algo de agua, la giraron hacia la luz y luego hicieron lo más difícil de todo: dejarla en paz. (+Jugaron nueve partidas de canicas, sin mirar la maceta con tanta fuerza que dolía. +)A la tercera mañana, un ganchito verde pálido había salido de la tierra y llevaba una miga de ella en la cabeza, como un sombrero.",
    ],
    gift: [
      "«Un poco cada día», dijo {helper}. {Try}",
      "«Creció cuando yo no gritaba», dijo {helper} sin poder creerlo. «Un poco cada día. Ese es todo el secreto.» {Name} decidió practicar así: un poco cada día. {Try}",
      "«Así que trabajaba todo el tiempo», dijo {helper} en voz baja, «solo que donde yo no podía verlo. Un poco cada día: lo escribiré en la maceta.» {Name} llevaba días practicando sin nada que enseñar(+, o nada que se viera desde arriba+), y de pronto eso ya no le pesó tanto. {Try}",
    ],
  },
  tower: {
    lesson: "usa lo que tienes",
    meet: [
      "{Helper.a} saltaba y saltaba. «¡No llego!» (+Las ciruelas estaban muy altas.+)",
      "{Spot} había un ciruelo, y debajo saltaba {helper.a}. Las ciruelas colgaban solo un palmo demasiado altas. «Todo el mundo llega menos yo», dijo {helper}. «No es justo.»",
      "{Spot}, {helper.a} saltaba una y otra vez hacia una ciruela que colgaba exactamente un palmo demasiado alta. «Si tuviera una escalera», jadeó {helper}, «o las patas más largas, o un viento del sur. (+O una jirafa; con una jirafa tendría muy buenos modales. +)Pero no tengo nada de nada.»",
    ],
    help: [
      "«¡Arriba!», dijo {name}. Uno encima, otro debajo. (+¡Cuidado, cuidado!+) ¡Una ciruela!",
      "«Me tienes a mí», dijo {name}. {Helper} se subió a sus hombros, y temblaban juntos como un flan. Entonces cayó una ciruela, y luego otra, hasta que llovieron ciruelas.",
      "{Name} miró alrededor y se puso a contar lo que había en vez de lo que faltaba: un tronco, una cuerda vieja, ellos dos. Tronco, {name}, {helper}: salía una especie de torre. (+Se inclinaba hacia la izquierda y discutía consigo misma por eso. +)Al tercer estirón se soltó la ciruela, y medio árbol pareció venirse detrás, de modo que durante un buen rato llovieron ciruelas.",
    ],
    gift: [
      "«Usamos lo que había», dijo {helper}. {Try}",
      "Se repartieron las ciruelas y escupieron los huesos lo más lejos que pudieron. «Usa lo que tienes», dijo {helper} con la boca llena. «¡Yo te tenía a ti!» {Name} miró todo lo que tenía. {Try}",
      "«Me he pasado el día soñando con una escalera», dijo {helper}, «y llevaba todo el tiempo encima de un tronco. ¡Usa lo que tienes!» Entre ciruela y ciruela, {name} hizo la lista de lo que tenía: más de lo que pensaba(+, aunque una buena parte eran preguntas+). {Try}",
    ],
  },
  soup: {
    lesson: "sabe mejor si se comparte",
    meet: [
      "{Helper.a} removía una olla. «Solo agua», dijo {helper}. (+«No tengo más.»+) La olla estaba triste.",
      "{Spot} ardía un fueguito. {Helper.a} removía una olla, probaba y ponía mala cara. «Agua caliente», dijo {helper}. «Solo tengo una zanahoria, y la estoy guardando.»",
      "{Spot} colgaba una olla grande sobre un fuego pequeño, y {helper.a} miraba dentro. «Se llama sopa del día», dijo {helper}, «pero, la verdad, es el día sin la sopa. (+Hay una zanahoria. La guardo desde el martes para algo especial. +)¿No llevarás tú algo encima?»",
    ],
    help: [
      "{Name} puso una judía. Un ratón trajo guisantes. (+Un pájaro trajo sal.+) ¡Ya era sopa!",
      "{Name} solo tenía un trozo de pan, pero lo echó. Un ratón lo olió y trajo guisantes, un mirlo trajo hierbas, y al final también entró la zanahoria. Pronto hervía y olía tan bien que vino todo el mundo con su cuchara.",
      "{Name} encontró media corteza de pan en el fondo de la bolsa y la dejó caer. El olor, aunque era muy débil, atrajo a un ratón con un guisante, y el ratón llamó a sus tías. Alguien llegó con tomillo, alguien con sal(+, alguien con opiniones muy firmes sobre la pimienta+); y cuando por fin entró la zanahoria, en rodajas finísimas para que alcanzara para todos, era una sopa como nunca se había olido por allí.",
    ],
    gift: [
      "«Compartir está rico», dijo {helper}. {Try}",
      "«¡Una zanahoria y treinta invitados!», dijo {helper} entre risas. «Sabe mejor si se comparte.» Después del segundo plato, {name} tenía fuerzas para todo. {Try}",
      "«Me habría comido la zanahoria a solas», dijo {helper} cuando no quedaba ni una gota, «y habría sido una cena muy pequeña. Sabe mejor si se comparte.» Con calor hasta en la punta de los pies, {name} les contó su plan a todos(+, y cuantos más escuchaban, más claro se volvía+). {Try}",
    ],
  },
};
