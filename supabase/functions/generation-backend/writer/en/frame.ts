import type { FrameTexts } from "../texts.ts";

/** Beginning, turn and end of every English tale. */
export const frame: FrameTexts = {
  open: [
    [
      "This is {name}. {Name} was {hero.a}. {Fact} (+{Trait}+) {Name} lived {place}.",
      "Once there was {hero.a}, and <his|her> name was {name}. {Fact} {Trait} {Name} lived {place}, where everybody knew everybody.",
      "Not so long ago, and not so very far from here, there lived {hero.a} called {name}. {Fact} {Trait} <He|She> had grown up {place}(+, where the days were long and the news was usually old by the time it arrived+), and most people would have said that nothing remarkable was ever going to happen there.",
    ],
    [
      "Once there was {name}. {Name} was {hero.a}. {Fact} (+{Trait}+) Home was {place}.",
      "{Place} lived {hero.a} named {name}. {Fact} {Trait} But one day was going to be different from all the others.",
      "If you had been {place} on a certain morning, you might have noticed {hero.a} looking thoughtfully at nothing at all. That was {name}. {Fact} {Trait} (+It is generally at such moments, when somebody is looking at nothing, that stories begin. +)On that morning, something was about to change.",
    ],
    [
      "Hello, {name}! {Name} was {hero.a}. {Fact} (+{Trait}+) <He|She> lived {place}. What would {name} do today?",
      "Everybody knew {name}, who lived {place}. <He|She> was {hero.a}, and there was only one like <him|her>. {Fact} {Trait}",
      "There are stories about giants, and stories about kings; this one is about {hero.a}. {Name} was the name, and you would have found <him|her> {place}(+, if you had known where to look and had not been in a hurry+). {Fact} {Trait} Nobody had asked for an adventure, but adventures rarely wait until they are asked.",
    ],
  ],
  home: [
    "{Name} had a small bed. {Name} had a big cup. (+Every morning the sun said hello.+) It was good there.",
    "{Name} had a bed under the window and a blue cup with a crack in it. In the morning the light came in and sat down on the blanket like a guest. It was a good life, only sometimes it was a little quiet.",
    "Home was a small, crooked place with a bed under the window, a blue cup with a crack in it, and a shelf for things that might come in useful one day. In the evenings {name} used to sit there and listen to the hour getting late. (+<He|She> was not unhappy; it was more as if a page were missing somewhere. +)And lately, just before falling asleep, <he|she> had kept returning to one and the same thought.",
  ],
  setout: [
    "Off went {name}! On and on and on. (+Goodbye, home!+) The world was big.",
    "The next morning {name} packed a crust of bread, a blanket and a good deal of courage. Then <he|she> shut the door, opened it again to say goodbye to the blue cup, and set off. The way began right outside, as ways do.",
    "It took {name} an hour to pack and only a minute to notice that almost nothing of it was needed. In the end there was a crust of bread, a blanket and a ball of string. (+String, <he|she> felt, had never yet made a journey worse. +)The door fell shut with its everyday sound, although this was not an everyday morning, and {name} {moved} off to where the path disappeared.",
  ],
  brief: [
    "{Name} tried and tried. Then came {helper.a}. “{Lesson}!” said {helper}. (+{Name} thought about that.+)",
    "At first it did not work at all. {Try} Then {helper.a} came by and sat down for a while. “I know only one secret,” said {helper}, “and here it is: {lesson}.”",
    "It was harder than it had looked from home. {Try} Just when {name} was beginning to think of excuses, {helper.a} came by {spot}, watched for a while and cleared its throat. “I am no expert,” said {helper}, “but this has helped me with nearly everything: {lesson}.” (+It was such a simple sentence that {name} almost missed what was inside it.+)",
  ],
  low: [
    "{Name} sat down. “I can't do it.” (+A tear ran down.+) It was a sad, sad day.",
    "That evening {name} sat down on a stone and did not get up again. “I will never manage,” <he|she> said. The stone said nothing, and the sky was grey from one end to the other.",
    "And then came a day on which nothing was left: no bread, no plan and no good mood. {Name} sat down on a stone and put <his|her> head in <his|her> hands. “Other people can do such things,” <he|she> said to the stone, “and I am simply not other people.” (+The stone, which had been a stone for nine million years, found that perfectly all right, but it did not say so. +)Slowly it grew dark.",
  ],
  turn: [
    "Who was there? It was {friend}! “{Lesson.first}!” said {friend}. (+{Others}+) {Name} stood up again.",
    "Then {name} heard a voice that <he|she> knew. It was {friend}, quite out of breath. “You helped me,” said {friend}, “so now I have come for you. Remember: {lesson.first}!” {Others} All at once the evening was not so grey any more.",
    "There was a rustling in the dark, and then a voice that {name} would have known anywhere. “So here you are,” said {friend}. “I have been on my way all day, because somebody told me that you had sat down.” {Others} “You once gave me something,” {friend} went on, “and I thought that you might be needing it yourself: {lesson.first}.” (+It is a strange thing to be handed one's own courage back by somebody who has looked after it. +){Name} felt something inside <him|her> stand up, and then the rest of <him|her> stood up too.",
  ],
  celebrate: [
    "Hooray! They danced. They ate cake. (+{Friend} danced on one leg.+) What a day!",
    "That called for a feast! There was plum cake and lemonade, and somebody had brought a drum. {Friend} danced until late, and {name} had to tell everything from the beginning, twice.",
    "Nobody had planned a feast, and so it turned out to be an excellent one. There was plum cake, there was lemonade in cups that did not match, and {friend} gave a speech that consisted mainly of the word “well”. (+It was, everyone agreed, one of the best speeches they had ever heard. +){Name} had to tell the whole story three times, and each time the quiet parts seemed to matter more and the loud parts less.",
  ],
  end: [
    [
      "Home again! {Name} was happy. (+{Growth}+) Good night, {name}. Sleep tight!",
      "When the moon came up, {name} was lying in the bed under the window again. {Growth} <He|She> smiled, turned over once, and was asleep before the end of the thought.",
      "Late that night {name} lay in the bed under the window, and everything was where it had always been: the cup, the crack, the shelf. {Growth} (+Perhaps that is what journeys are for: one comes back to the same place and it has grown. +)Outside the wind leafed through the trees as if it were looking for the next story.",
    ],
    [
      "The sun went down. {Name} yawned. (+{Growth}+) Night-night, big world!",
      "And that is how it came about. {Growth} If you ever pass by, look for a light in the window: that will be {name}, thinking of something new.",
      "People still tell the story there, and they do not always tell it correctly; in some versions there are giants. {Growth} (+When somebody asked what the most difficult part had been, the answer was always the same: the first step, and then, of course, the one after it. +)But {name}, who ought to know, only smiled and put the kettle on.",
    ],
    [
      "All done! {Name} did it. (+{Growth}+) And the next day? The next day they played again!",
      "In the evening the friends sat together and nobody said anything for a while, because everything was good. {Growth} Then one star came out, and then all the others.",
      "In the evening they sat side by side and watched the light go, and nobody needed to say anything. {Growth} (+There was still a great deal that {name} did not know, and <he|she> found, rather to <his|her> surprise, that this was something to look forward to. +)Somewhere far off a door opened, and the first star stepped out.",
    ],
  ],
};
