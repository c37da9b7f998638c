import type { Episode, EpisodeId } from "../texts.ts";

/** Meetings on the way, in English. */
export const episodes: Record<EpisodeId, Episode> = {
  kite: {
    lesson: "one knot at a time",
    meet: [
      "{Spot}, {name} met {helper.a}. “Oh no,” said {helper}. “My kite is stuck!” (+It hung high up in the thorns.+)",
      "{Spot}, {name} met {helper.a} who was pulling at a long blue string. The string belonged to a kite, and the kite was caught in a thorn bush. “The more I pull, the tighter it gets,” sighed {helper}.",
      "{Spot}, {name} came upon {helper.a} glaring at a thorn bush as if it had said something rude. Somewhere inside it was a kite(+, or at least there had been one that morning+), and round every twig ran its long blue string. “I have pulled it, shaken it and shouted at it,” {helper} reported, “and each time it has tied itself one knot more.”",
    ],
    help: [
      "{Name} looked at the first knot. Loop, pull, out! (+Then came the second knot, and the third.+) Up went the kite.",
      "{Name} did not pull at all. <He|She> found one end of the string and followed it, over and under, knot after knot. When the last loop slipped free, the kite jumped into the wind like a fish into water.",
      "Instead of pulling, {name} searched for the very end of the string and began to follow it patiently, over this twig and under that one. (+Twice <he|she> lost the place and had to begin again, which was annoying, but considerably less annoying than the thorns. +)By the time the last knot opened, the sun had moved a good way across the sky, and the kite leapt into the wind as though it had never been caught.",
    ],
    gift: [
      "“One knot at a time,” said {helper}. {Try}",
      "“Do you know what you did?” asked {helper}. “You took one knot at a time.” {Name} kept those words and tried them out at once. {Try}",
      "“Most people want to undo everything at once,” said {helper}, winding up the string. “You took one knot at a time, and I shall remember it.” It seemed to {name} that this might be true of other things as well(+, even of things that had no string in them+). {Try}",
    ],
  },
  button: {
    lesson: "look again, and look slowly",
    meet: [
      "{Helper.a} sat {spot}. “I lost my button,” said {helper}. “My best red button!” (+A small tear ran down.+)",
      "{Spot} somebody was crawling about with its nose to the ground. It was {helper.a}. “I have lost my red button,” said {helper}, “and without it my coat flaps like a flag.”",
      "{Spot}, {helper.a} was turning over leaves, pebbles and one rather surprised beetle. “A button,” {helper} explained without looking up, “round, red, four holes. It was my grandmother's, and this morning it was still on my coat(+, which is the only place where a button is of any use+).”",
    ],
    help: [
      "They looked here. They looked there. {Name} stopped and looked slowly. (+Something winked in the grass.+) There it was!",
      "{Name} began to run about and look everywhere at once, but that only made <him|her> dizzy. So <he|she> sat down and looked at one small patch, and then at the patch beside it. In the ninth patch something red winked back.",
      "They had already searched everywhere, and so {name} suggested searching everywhere again, only more slowly. (+“That is not a clever plan,” said {helper}. “No,” {name} agreed, “but it is the one we have.” +)They divided the ground into squares with twigs, and in the ninth square, exactly where both of them had stood an hour before, lay the button, looking as innocent as a ladybird.",
    ],
    gift: [
      "“Look again. Look slowly,” said {helper}. {Try}",
      "{Helper} sewed the button on at once and would not stop smiling. “Look again, and look slowly. I will tell everybody that you said so.” {Try}",
      "While the needle went in and out, {helper} hummed with relief. “I was looking so hard that I saw nothing,” said {helper}. “Look again, and look slowly: that is worth more than a whole tin of buttons.” {Name} wondered what <he|she> might have overlooked so far(+ by being in such a hurry to be finished+). {Try}",
    ],
  },
  gap: {
    lesson: "two can do what one cannot",
    meet: [
      "Stop! A big gap lay in the way. On the other side sat {helper.a}. (+“I cannot get home,” called {helper}.+)",
      "{Spot} the way simply ended. In front of {name} was a gap, too wide to cross, and on the far side {helper.a} was waving with both arms. “The bridge fell down in the night,” called {helper}, “and my supper is on your side!”",
      "{Spot} the way ended without so much as a warning sign. Where the bridge should have been there was a gap, deep, cool and full of echoes, and across it {helper.a} was shouting something that arrived in pieces. “…fell down… last night… supper… your side!” (+The echo seemed to enjoy the word supper and kept it for a while.+)",
    ],
    help: [
      "{Name} held one end of a plank. The other end was held over there. Push! Pull! (+Clack, it was a bridge.+)",
      "There was a plank, but it was too heavy for one. {Name} pushed from this side, and {helper} pulled with a rope from the other. “Heave!” they shouted together, and with a clack the plank lay straight across.",
      "{Name} found a plank that was long enough, but lifting it alone was like trying to lift a house by its doorknob. Then {helper} threw over a rope. One of them pushed and the other one pulled(+, they disagreed twice about what “left” meant, and once the whole thing nearly went over the edge+), until at last the plank dropped into place with a most satisfying clack.",
    ],
    gift: [
      "“Two can do it,” said {helper}. {Try}",
      "They met in the very middle and shook hands. “Two can do what one cannot,” said {helper}. “Don't forget to ask.” {Try}",
      "They met in the middle, a little out of breath, and looked down into the gap that was nothing to worry about any more. “I sat there all morning before I called,” {helper} admitted. “It is odd how hard it is to ask(+, when answering is usually so easy+). Two can do what one cannot.” {Try}",
    ],
  },
  sleepless: {
    lesson: "even a rest is part of the way",
    meet: [
      "{Helper.a} was wide awake. “I can't sleep,” said {helper}. (+“I tried and tried.”+) Poor thing!",
      "{Spot} lived {helper.a} with very red eyes. “I have not slept for three nights,” whispered {helper}. “I lie down, and then I think of everything that I have to do.”",
      "{Spot}, {helper.a} was marching in a circle and counting aloud. “Four thousand and eleven sheep,” {helper} groaned, “and not one of them any help. (+I know them all by name now. +)The harder I try to sleep, the more awake I become.”",
    ],
    help: [
      "{Name} sat down very close. <He|She> hummed a soft tune. (+Hmm, hmm, hmm.+) Two eyes fell shut.",
      "{Name} did not say “Sleep now!”, because that never works. <He|She> sat down and told a long, slow tale about a snail on its way to the sea. Before the snail had passed the second stone, somebody was snoring.",
      "{Name} knew that nobody has ever fallen asleep by being told to. So <he|she> began to tell the slowest tale <he|she> could think of, about a snail who was walking to the sea and stopped to look at every stone. (+The first stone was grey. The second stone was also grey, but in a different way. +)At the third stone there was a snore, deep and contented, and {name} very quietly left the snail where it was.",
    ],
    gift: [
      "In the morning {helper} smiled. “Now you rest too,” said {helper}. {Try}",
      "In the morning {helper} stretched and looked twice as tall. “Even a rest is part of the way,” said {helper}. So {name} slept for an hour as well, and then <he|she> had another go. {Try}",
      "“I had forgotten,” said {helper} next morning, stretching from one end to the other, “that a rest is not the opposite of getting somewhere. Even a rest is part of the way.” {Name} noticed how tired <he|she> had been <himself|herself>(+, and that trying hard and trying well are not always the same thing+). {Try}",
    ],
  },
  quarrel: {
    lesson: "listen first",
    meet: [
      "“Mine!” “No, mine!” {Helper.a} and a beetle pulled at one umbrella. (+They were very loud.+)",
      "{Name} heard the shouting long before <he|she> saw anybody. {Spot}, {helper.a} and a shiny beetle were pulling at the same umbrella. “It is mine!” cried one. “I found it!” cried the other.",
      "The quarrel could be heard from a long way off. {Spot}, {helper.a} had hold of one end of a striped umbrella, and a small but determined beetle had hold of the other. “I saw it first!” shouted one. “I carried it first!” shouted the other(+, and both of them looked at {name} as if <he|she> were a judge+).",
    ],
    help: [
      "{Name} put up a hand. First one talked. Then the other. (+“I don't like rain,” said the beetle. “I like shade.”+) So they could share!",
      "“One after the other,” said {name}, and sat down to listen. It turned out that the beetle only wanted the umbrella when it rained, and {helper} only when the sun was too hot. There had never been anything to fight about.",
      "{Name} did not decide anything. <He|She> only asked each of them why, and then, which was harder, kept quiet until the answer was finished. The beetle was afraid of rain(+, since one drop can knock a beetle flat+); {helper} could not bear the midday sun. It grew very still when they both noticed that it is never raining and blazing at the same moment.",
    ],
    gift: [
      "“You listened,” said {helper}. “That helps.” {Try}",
      "“You did hardly anything,” said {helper}, “and it was just the right thing. Listen first!” {Name} promised to do so, and even listened to <himself|herself> for a while. {Try}",
      "“We have quarrelled about that umbrella since spring,” said {helper}, rather ashamed, “and nobody ever asked us why. Listen first. It should be written on umbrellas.” {Name} walked on and listened, to the way, to the wind and to <his|her> own thoughts(+, which turned out to be less certain than they had sounded+). {Try}",
    ],
  },
  basket: {
    lesson: "many small loads are lighter than one big one",
    meet: [
      "{Helper.a} had a big, big basket. “It is too heavy!” (+All the apples had to go home.+)",
      "{Spot}, {helper.a} stood before a basket that was as big as a bathtub. It was filled to the brim with apples. “I picked them all,” said {helper}, “and now I cannot move them.”",
      "{Spot} stood a basket, and behind the basket, quite hidden by it, stood {helper.a}. “I was so pleased with the picking,” said {helper}, “that I did not think about the carrying. (+That is the trouble with apples: each of them weighs almost nothing. +)Now it will not move by so much as a whisker.”",
    ],
    help: [
      "{Name} took one apple. Then one more. Hop, hop, hop! (+Soon the basket was empty.+)",
      "{Name} leaned against the basket, but it stayed where it was. So <he|she> took two apples and carried those, and came back for two more. They sang as they went to and fro, and by noon the basket was so light that it could be carried with one finger.",
      "Pushing did nothing, pulling did nothing, and arguing with the basket did nothing either. At last {name} took out three apples and simply walked off with them. “That is only three,” said {helper}. “Now it is,” said {name}. (+After the tenth walk they had stopped counting, and after the twentieth they were inventing verses to a song about it. +)By noon the basket was so light that it swung from one finger.",
    ],
    gift: [
      "“Little by little,” said {helper}. {Try}",
      "“Many small loads are lighter than one big one,” said {helper}, and gave {name} the reddest apple of all. {Name} ate it and thought of <his|her> own big wish. Perhaps it could be done in small bites too. {Try}",
      "{Helper} polished the reddest apple and handed it over with a bow. “Many small loads are lighter than one big one,” said {helper}. “I knew it for apples, of course, but I never thought of using it.” {Name} chewed and looked at <his|her> great wish from this side(+, and for the first time it seemed to have handles+). {Try}",
    ],
  },
  jug: {
    lesson: "what is broken can be mended",
    meet: [
      "Crash! {Helper.a} looked at a broken jug. “I dropped it,” said {helper}. (+Everything was wet.+)",
      "Crash! {Spot}, {helper.a} stood among blue pieces and looked as if the whole world had broken. “It was a present for my sister,” whispered {helper}. “I only wanted to carry it very carefully.”",
      "There was a crash, and then the particular silence that comes after a crash. {Spot}, {helper.a} stood in the middle of a great many blue pieces. “I was being so careful,” {helper} whispered. “I was so busy being careful that I forgot to look where I was going(+, and now my sister's present is a puzzle+).”",
    ],
    help: [
      "{Name} picked up the bits. Glue here, glue there. (+One piece was a star.+) The jug was whole again!",
      "{Name} gathered the pieces and laid them out like a puzzle. They stuck them together with pine resin, one by one. The jug had golden lines all over it now, and it was prettier than before.",
      "{Name} began to lay the pieces side by side, and after a while {helper} stopped saying that it was hopeless and handed <him|her> the next one. They glued them with golden resin. (+One tiny triangle was missing and stayed missing; they decided that it was a window. +)When the jug stood upright again, bright lines ran all over it like rivers on a map, and neither of them could remember why they had liked it plain.",
    ],
    gift: [
      "“Broken things can be mended,” said {helper}. {Try}",
      "“I thought that everything was over,” said {helper}, “and it was only broken. What is broken can be mended!” That cheered {name} up, for several things had gone wrong already. {Try}",
      "“I shall tell my sister the truth,” said {helper}, “because the lines are the best part. What is broken can be mended, and mended things have something to tell.” {Name} thought of all the attempts that had gone wrong so far, and decided that they were not failures but pieces(+, and that pieces were something one could work with+). {Try}",
    ],
  },
  race: {
    lesson: "laugh when it goes wrong",
    meet: [
      "“Race me!” said {helper.a}. Ready, steady, go! (+Off they went.+)",
      "{Spot}, {helper.a} was stretching and bouncing. “At last, somebody to race with!” cried {helper}. “To the crooked tree and back. Ready, steady, go!” And there was no time to say no.",
      "{Spot}, {helper.a} had drawn a line on the ground and stood behind it with great seriousness. “I have been the fastest here for a year,” {helper} announced, “chiefly because nobody else was here. (+One does not like to win against nobody. +)To the crooked tree and back?” And before {name} had properly nodded, the race had begun.",
    ],
    help: [
      "{Name} ran, slipped and sat down. Plop! In a puddle! (+{Helper} slipped too.+) How they both laughed!",
      "{Name} was ahead until the mud. <His|Her> feet went one way and the rest went the other, and there <he|she> sat. A moment later {helper} landed beside <him|her> with a splash. They looked at each other, brown from top to toe, and laughed till they had hiccups.",
      "For eleven whole steps {name} was in front. Then came the mud, which nobody had mentioned, and a moment later {name} was sitting in it; and a moment after that {helper} arrived in the same place by the same method. (+For the length of one breath it might have become a quarrel. +)Then a frog croaked, exactly like somebody saying “Well?”, and they both laughed until their sides hurt.",
    ],
    gift: [
      "“Falling is funny,” said {helper}. {Try}",
      "“You laughed!” said {helper}. “I always get cross when it goes wrong. From now on I will laugh.” {Name} thought that this was a very good idea. {Try}",
      "“Last time I fell, I was cross for a week,” said {helper}, wringing out one ear. “Laugh when it goes wrong. It goes wrong anyway, but then it is over sooner.” {Name} set off again(+, leaving a trail of muddy footprints that looked, from behind, quite cheerful+). {Try}",
    ],
  },
  shadow: {
    lesson: "go nearer, and it gets smaller",
    meet: [
      "“Shh!” said {helper.a}. “A monster!” (+A huge shadow danced on the rock.+)",
      "{Spot}, {helper.a} was hiding under a very small leaf. “Don't go on!” whispered {helper}. “There is a monster round the corner, with three horns and a tail like a saw.” And indeed, a terrible shadow was dancing on the rock.",
      "{Spot}, {helper.a} was trying to hide behind a blade of grass, with moderate success. “Three horns,” {helper} whispered, “and a tail like a saw, and it never stops moving.” Round the corner, across the whole face of the rock, leapt a shadow(+ so enormous that its elbows went off the edges+).",
    ],
    help: [
      "{Name} went one step. And one more. Peep! (+The shadow got small.+) It was only a leaf on a web.",
      "{Name}'s heart went thump, thump, thump, but <he|she> went one step nearer, and then another. With every step the shadow shrank. Behind the corner, in the light of the evening sun, a dry leaf was dancing on a thread.",
      "{Name} was not at all sure that <he|she> wanted to know. But not knowing was worse, and so <he|she> went forward the length of one foot, and then of another. (+It was curious: the nearer <he|she> came, the less of the monster there was. +)Round the corner hung a dry leaf on a spider's thread, turning in the low sun and throwing a shadow a hundred times its own size.",
    ],
    gift: [
      "“Go nearer, and it gets small,” said {helper}. {Try}",
      "“I have been afraid of a leaf all day,” said {helper}, and giggled. “Go nearer, and it gets smaller. That is what I have learned.” {Name} had learned it as well. {Try}",
      "{Helper} examined the leaf from all sides and was a little disappointed. “I had already told everybody about the horns,” {helper} confessed. “Go nearer, and it gets smaller; I wish somebody had told me that years ago.” {Name} kept the leaf(+, because it is useful to carry a monster in one's pocket+). {Try}",
    ],
  },
  storm: {
    lesson: "every storm runs out of breath",
    meet: [
      "Boom! A storm! {Helper.a} called, “Come in, come in!” (+It was dry and warm in there.+)",
      "The sky turned the colour of plums, and then the storm broke. “In here, quick!” called {helper.a}. {Name} squeezed into a hollow that was just big enough for two, and they watched the world go grey.",
      "First the wind stopped, as if it were taking a deep breath; then it let everything go at once. “In here!” shouted a voice {spot}, and {name} tumbled into a hollow where {helper.a} was already sitting with folded arms. (+There was room for one and a half. They managed. +)Outside, the world was being scrubbed from top to bottom.",
    ],
    help: [
      "{Helper} shook. {Name} made a game: count! One, two, three, boom! (+One, two, three, four, boom!+) The storm went away.",
      "At every thunderclap {helper} trembled like jelly. So {name} invented a game: they counted from each flash to the bang. First it was three, then five, then eleven. “It is walking away,” said {name}, and so it was.",
      "At every flash {helper} flinched, although the folded arms were meant to hide it. {Name} proposed a game and pretended that it was only to pass the time: they would count from the flash to the bang, and whoever guessed nearest would win a point. Three seconds; five; eleven. (+{Helper} won by four points and had quite forgotten to be afraid. +)At twenty the storm was only somebody moving furniture, far away.",
    ],
    gift: [
      "“All storms stop,” said {helper}. {Try}",
      "The first ray of sun fell into the hollow. “Every storm runs out of breath,” said {helper}. “One only has to wait longer than it does.” {Name} stepped out, and everything smelled new. {Try}",
      "When they crept out, the whole country was dripping and shining. “Every storm runs out of breath,” said {helper}. “I have known that all my life, but it is easier to believe it with somebody beside you.” {Name} thought of the days when nothing worked(+, and wondered whether one might simply count those as well+). {Try}",
    ],
  },
  gate: {
    lesson: "try it from the other side",
    meet: [
      "A gate! It was shut. {Helper.a} pushed and pushed. (+It did not move.+)",
      "{Spot} stood a green gate, and against the gate leaned {helper.a}. “It will not open,” panted {helper}. “I have pushed since breakfast. Perhaps it needs a magic word?”",
      "{Spot} there was a gate with a brass handle, and {helper.a} was charging at it with lowered head. Bang. “I have pushed,” {helper} said, rubbing the spot, “I have begged, I have said every magic word from A to rhubarb. (+I have even pretended not to care. +)It is the most stubborn gate in the world.”",
    ],
    help: [
      "{Name} looked at the gate. <He|She> did not push. <He|She> pulled! (+Squeak, it opened.+)",
      "{Name} looked at the gate from above and from below. Then <he|she> took hold of the handle and did not push. <He|She> pulled. The gate swung open as lightly as a page in a book, and {helper} fell into the grass for surprise.",
      "{Name} walked round the gate, which was easy, as there was no fence. From the other side it was a perfectly friendly gate. There was even a little sign on it(+, half grown over with ivy+), and on the sign stood one word: PULL. For a while neither of them said anything; then {helper} took the handle between two fingers, and it opened with hardly a sigh.",
    ],
    gift: [
      "“Try the other way!” said {helper}. {Try}",
      "“All that pushing!” said {helper}. “When it will not go, try it from the other side.” {Name} nodded and thought about what <he|she> had been pushing at <himself|herself>. {Try}",
      "“If you tell nobody,” said {helper}, “I will give you some advice: when it will not go, try it from the other side.” {Name} promised, and kept turning the words over on the way. What if <he|she> had been pushing all this time(+ at something that was quietly waiting to be pulled+)? {Try}",
    ],
  },
  seed: {
    lesson: "a little every day",
    meet: [
      "{Helper.a} looked at a pot. “Grow!” said {helper}. (+“Grow, grow, grow!”+) The seed did not grow.",
      "{Spot}, {helper.a} was bending over a flowerpot and shouting, “Grow!” Nothing happened. “I planted it an hour ago,” said {helper}, “and I have told it forty times.”",
      "{Spot}, {helper.a} was sitting before a flowerpot with a watch in one hand. “It is late,” said {helper} sternly. “I planted a sunflower at nine, it is now ten, and there is nothing to be seen but earth. (+I have dug it up twice to see what is keeping it. +)Would you call that reasonable?”",
    ],
    help: [
      "{Name} gave it a drop. Then they played. Next day, a drop. (+Then they played again.+) Look, a leaf!",
      "{Name} gave the pot a little water and put it in the sun. “And now we play,” <he|she> said. They did the same the next morning, and the next. On the third day a tiny green hook looked out of the earth.",
      "“Perhaps it is shy,” said {name}, who knew something about waiting. They gave it a little water, turned it to the light, and then they did the hardest thing of all and left it alone. (+They played nine games of marbles, not looking at the pot so hard that it hurt. +)On the third morning a pale green hook had pushed up through the earth, carrying a crumb of it on its head like a hat.",
    ],
    gift: [
      "“A little every day,” said {helper}. {Try}",
      "“It grew when I wasn't shouting,” said {helper} in wonder. “A little every day. That is the whole secret.” {Name} decided to practise like that: a little every day. {Try}",
      "“So it was working all the time,” {helper} said softly, “only not where I could see it. A little every day: I will write that on the pot.” {Name} had been practising for days with nothing to show for it(+, or nothing that could be seen from above+), and suddenly that seemed less discouraging. {Try}",
    ],
  },
  tower: {
    lesson: "use what you have",
    meet: [
      "{Helper.a} jumped and jumped. “I am too small!” (+The plums hung too high.+)",
      "{Spot} stood a plum tree, and below it jumped {helper.a}. The plums hung just a hand's breadth too high. “Everybody is tall except me,” said {helper}. “It is not fair.”",
      "{Spot}, {helper.a} was leaping again and again towards a plum that hung exactly one hand's breadth too high. “If I had a ladder,” {helper} puffed, “or longer legs, or a wind from the south. (+Or a giraffe; I would be very polite to a giraffe. +)But I have nothing at all.”",
    ],
    help: [
      "“Up you go!” said {name}. One on top, one below. (+Wobble, wobble.+) They got a plum!",
      "“You have me,” said {name}. {Helper} climbed up on <his|her> shoulders, and together they wobbled like a pudding. Then a plum fell, and another, until it was raining plums.",
      "{Name} looked round and began to count what there was instead of what there was not: one stump, one coil of old rope, two of them. Stump, {name}, {helper}: it made a tower of a kind. (+It leaned to the left and argued with itself about it. +)At the third stretch the plum came off, and half the tree seemed to come after it, so that it rained plums for quite a while.",
    ],
    gift: [
      "“We used what we had,” said {helper}. {Try}",
      "They shared the plums and spat the stones as far as they could. “Use what you have,” said {helper} with a full mouth. “I had you!” {Name} looked at what <he|she> had. {Try}",
      "“I spent the whole day wishing for a ladder,” said {helper}, “and all the time I was sitting on a stump. Use what you have!” Over the plums {name} made a list of what <he|she> had: more than <he|she> had thought(+, though a good deal of it was questions+). {Try}",
    ],
  },
  soup: {
    lesson: "it tastes better shared",
    meet: [
      "{Helper.a} stirred a pot. “Just water,” said {helper}. (+“I have no more.”+) The pot looked sad.",
      "{Spot} a little fire was burning. {Helper.a} stirred a pot, tasted, and made a face. “Hot water,” said {helper}. “All I have is one carrot, and I am saving it.”",
      "{Spot} hung a large pot over a small fire, and {helper.a} was staring into it. “It is called soup of the day,” said {helper}, “but to be honest it is the day without the soup. (+There is a carrot. I have been saving it for something special since Tuesday. +)I do not suppose that you have anything with you?”",
    ],
    help: [
      "{Name} put in one bean. A mouse brought peas. (+A bird brought salt.+) Now it was soup!",
      "{Name} had only a crust of bread, but <he|she> put it in. A mouse smelled it and brought peas, a blackbird brought herbs, and at last the carrot went in as well. Soon it bubbled and smelled so good that everyone round about came with a spoon.",
      "{Name} found half a crust at the bottom of <his|her> bag and dropped it in. The smell, faint as it was, brought a mouse with a pea, and the mouse brought her aunts. Somebody came with thyme, somebody with salt(+, somebody with strong opinions about pepper+); and when the carrot finally followed, sliced very thin so that everyone should have some, it was a soup such as that place had never smelled.",
    ],
    gift: [
      "“Sharing makes it good,” said {helper}. {Try}",
      "“One carrot, and thirty guests!” laughed {helper}. “It tastes better shared.” After the second bowl {name} felt strong enough for anything. {Try}",
      "“I would have eaten that carrot by myself,” said {helper}, when the last bowl had been licked clean, “and it would have been a very small supper. It tastes better shared.” Warm to the tips of <his|her> toes, {name} told them all about <his|her> plan(+, and found that it grew clearer with every person who listened+). {Try}",
    ],
  },
};
