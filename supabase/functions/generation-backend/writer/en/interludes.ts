import type { Levels } from "../bands.ts";
import type { InterludeId } from "../texts.ts";

/** Pages between two meetings, in English. */
export const interludes: Record<InterludeId, Levels> = {
  night: [
    "The moon was up. {Name} lay down. (+Crickets sang.+) Sleep well, little one.",
    "Night came, and {name} rolled up in the blanket. The moon hung over the way like a lamp that somebody had forgotten to switch off. From far away a cricket told the dark a long story.",
    "Night came up out of the ground, first blue, then black. {Name} lay under the blanket and learned that darkness is full of small sounds: a drip, a rustle, a cricket with a great deal to say. (+None of them, when listened to one by one, was anything worse than what it was. +)Before the moon had crossed three branches, <he|she> was asleep.",
  ],
  rain: [
    "Drip, drop! It rained. {Name} jumped. Splash! (+The puddle jumped too.+)",
    "In the night it had rained, and now every puddle had a piece of sky in it. {Name} jumped from sky to sky. <His|Her> feet got wet, but it was worth it.",
    "For a whole day it rained, not angrily, but thoroughly. {Name} caught drops with <his|her> tongue and decided that those from the left tasted better. (+It was not a useful discovery, but then not everything has to be. +)Towards evening a strip of light opened under the clouds, and each puddle turned to gold.",
  ],
  wind: [
    "Whoosh! Here came the wind. It took a leaf. (+It took a hat.+) Give it back, wind!",
    "The wind wanted to play that day. It pulled at {name} from behind and pushed from the front, and in between it turned somersaults. {Name} leaned on it as on a big soft wall.",
    "Towards noon the wind got up and came to see who was there. It went through {name}'s things like a customs officer, found nothing to declare, and blew the crumbs out of the bag. (+“Thank you,” said {name}, for there is no harm in being polite to weather. +)Then it took <him|her> by the back, and for a mile or so going forward was no work at all.",
  ],
  letter: [
    "{Name} wrote a letter. “I am well. I miss you.” (+A leaf was the stamp.+) Fly, letter, fly!",
    "{Name} wrote a letter home on a large leaf. “I am well,” it said, “and I have not done it yet, but nearly.” Then <he|she> gave it to a snail, who promised to be quick.",
    "In the shade {name} wrote a letter home. <He|She> wrote that <he|she> was well, crossed it out because it sounded as if <he|she> were not, and wrote it again. (+The difficult thing about letters is that one only finds out in the third line what one meant in the first. +)In the end it said: “Not yet. But nearly.” A passing snail undertook to deliver it.",
  ],
  mirror: [
    "{Name} looked in the water. Who was that? (+It had the same nose!+) “It is me!” said {name}.",
    "{Name} bent over the still water, and somebody looked back. It was the same face as at home, only a little dustier, and with brighter eyes. “You have come far,” {name} told it.",
    "The water was so still that the sky had lain down in it. {Name} bent forward and met somebody with <his|her> own face, dusty, untidy, and a shade more determined than the one <he|she> remembered. (+They studied each other politely. +)“Well,” said {name} at last, “if you are going on, then so am I.”",
  ],
  nap: [
    "Yawn! {Name} was tired. The grass was soft. (+A bee hummed by.+) Just a little nap.",
    "After lunch {name} lay down in the long grass, just for a moment. Clouds went by: a sheep, a teapot, a very fat whale. When <he|she> woke up, there was a ladybird on <his|her> nose.",
    "The afternoon was so warm and so wide that {name} lay down in the middle of it. Overhead the clouds were trying things on: a sheep, a teapot, somebody's aunt. (+One of them seemed about to become something important, but it thought better of it. +)A ladybird used <his|her> nose as a lookout, and it would have been unkind to sneeze.",
  ],
  counting: [
    "One stone. Two snails. Three red leaves. (+Four little ants.+) {Name} counted them all.",
    "To pass the time {name} counted: one milestone, two snails, three magpies, and so many ants that <he|she> had to start again. Numbers were good company. They always came in the right order.",
    "On long straight stretches {name} counted things. Milestones were too few and ants were too many, but snails were just right. (+By evening the count stood at forty-one, although one of them may have been counted twice, since it was going the same way. +)It is surprising how far one can go while thinking that one is only counting snails.",
  ],
  song: [
    "La, la, la! {Name} sang a song. (+The birds joined in.+) It had only one word.",
    "{Name} made up a song for going along. It had only one line, but that line could be sung loudly, softly, backwards, and while eating bread. Two sparrows learned it at once.",
    "Somewhere in the morning a tune had got into {name}'s head, and by noon it had furnished the place. It needed words, so <he|she> gave it some. (+They did not rhyme, and they were mainly about bread; but they were sung with feeling. +)Two sparrows picked it up, and for all anyone knows they are singing it still, a little wrong.",
  ],
  fog: [
    "It was all white. Where was the path? {Name} went slow. (+One foot, one foot.+) There it was!",
    "In the morning the world had gone. There was only white, in front and behind, and a bit of path that was just big enough for two feet. {Name} went from bit to bit, and each time there was another one.",
    "In the morning the world had been taken away and packed in cotton wool. {Name} could see exactly one step ahead. That was alarming, until <he|she> noticed that one step was all that was ever needed. (+Behind <him|her> the steps already taken were put away just as carefully. +)Towards ten o'clock somebody began to unpack the trees.",
  ],
  berries: [
    "Red berries! Yum, yum, yum. (+One for now, one for later.+) {Name} got a red nose.",
    "By the way grew raspberries, warm from the sun. {Name} ate one, and then one more, and then lost count. Afterwards <his|her> face looked as if <he|she> had painted it for a party.",
    "There were raspberries, a whole slope of them, and nobody to say when it was enough. {Name} began with the best ones and finished with the ones right at the back that have to be deserved. (+The thorns took a few threads of the blanket in payment, which seemed a fair price. +)It was some time before anyone thought of going on.",
  ],
  map: [
    "{Name} drew a map. “Here is home. Here is the hill. (+Here is a cross. +)And here am I!”",
    "{Name} smoothed a patch of sand and drew a map with a stick. Home was a small square, the way was a long squiggle, and in the middle <he|she> drew <himself|herself>, very big. What came next was still empty, and that was the best part.",
    "With a stick {name} drew a map in the sand, of everything so far. It was a good deal longer than <he|she> had expected. (+Some hills were larger than in reality, but they had felt that size. +)Beyond the point marked “Here” there was only smooth, untouched sand, and {name} looked at that part longest of all.",
  ],
  stars: [
    "So many stars! {Name} picked one out. “You are mine.” (+The star blinked.+) Good night, star.",
    "There were so many stars that night that they hardly had room. {Name} chose a small one at the edge and gave it a name. From then on there was somebody up there whom <he|she> knew.",
    "That night the stars came so low that one felt like ducking. {Name} had read that their light is very old by the time it arrives, and thought that this must take patience. (+“You set off so long ago,” <he|she> said to a small one, “and you did not even know whether anybody would be looking.” +)The small one twinkled, as far as could be judged, in agreement.",
  ],
};
