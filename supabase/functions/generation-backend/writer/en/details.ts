import type { DetailTexts } from "../texts.ts";

/** What makes an English tale the tale of this hero and no other. */
export const details: DetailTexts = {
  skills: {
    whistle: {
      tries: [
        "<he|she> puffed up both cheeks, and out came pfff.",
        "pfff, went the air, and then a tiny fwip.",
        "fwip, fwip, fwee, and then it was gone.",
      ],
      success: "Fwee-ee-eet! A clear, round whistle flew over the hills.",
    },
    fly: {
      tries: [
        "<he|she> jumped off a molehill and landed on <his|her> tummy.",
        "for one heartbeat there was air under both feet.",
        "<he|she> sailed as far as the next bush, and the bush was soft.",
      ],
      success: "The ground let go, softly, and the treetops came to meet <him|her>.",
    },
    swim: {
      tries: [
        "<he|she> went in up to the knees and out again.",
        "<he|she> blew bubbles, and that is half of swimming.",
        "three strokes, one gulp, and back to the bank.",
      ],
      success: "The water carried <him|her> as if it had never meant to do anything else.",
    },
    sing: {
      tries: [
        "<he|she> sang one note, and it was rather a croak.",
        "the low notes worked, but the high ones hid.",
        "half of the song was already beautiful.",
      ],
      success: "La-la-laaa! The song rose up, and even the crickets stopped to listen.",
    },
    dance: {
      tries: [
        "<he|she> danced, and trod on <his|her> own toes.",
        "left, right, left, oh dear.",
        "one whole turn, and only then a tumble.",
      ],
      success: "Turn, hop, turn: <his|her> feet knew every step by themselves.",
    },
    read: {
      tries: [
        "the letters looked like ants, and ran about like ants.",
        "<he|she> knew three letters now, and greeted them by name.",
        "one whole word stood still and said: sun.",
      ],
      success: "The letters stood still, took each other by the hand, and became a story.",
    },
    bake: {
      tries: [
        "the dough stuck to everything, except to itself.",
        "the first cake came out as flat as a hat somebody had sat on.",
        "this one was brown at the edges and good in the middle.",
      ],
      success: "It rose, it turned golden, and it smelled like a birthday.",
    },
    paint: {
      tries: [
        "<he|she> painted a horse, and everyone thought it was a table.",
        "there was more paint on {name} than on the paper.",
        "one corner of the picture was just right.",
      ],
      success: "One stroke, one dot of light, and the picture began to breathe.",
    },
    sleep: {
      tries: [
        "<he|she> shut one eye, but the other wanted to watch.",
        "the pillow was too warm on both sides.",
        "<he|she> nearly slept, and then wondered whether <he|she> was asleep.",
      ],
      success: "The night put a soft hand on <his|her> head, and the eyes fell shut.",
    },
    climb: {
      tries: [
        "<he|she> climbed up as high as a chair.",
        "the second branch was further than the first.",
        "<he|she> looked down, and that was a mistake.",
      ],
      success: "Hand over hand, and then there was nothing above but sky.",
    },
    ride: {
      tries: [
        "<he|she> wobbled to the left and lay down on the right.",
        "three yards without falling!",
        "it went well until the first bend.",
      ],
      success: "The wheels hummed, the wind laughed, and nobody was holding on behind.",
    },
    play: {
      tries: [
        "it squeaked like a door.",
        "two notes out of five were the right ones.",
        "<he|she> played it slowly, and slowly it was a tune.",
      ],
      success: "One note took the next by the hand, and the tune walked out into the evening.",
    },
    roar: {
      tries: [
        "<he|she> opened <his|her> mouth, and out came a squeak.",
        "this time it was at least a cough.",
        "a pebble rolled down the hill, from sheer politeness.",
      ],
      success: "ROAR! It rolled down the valley, and the valley rolled it back.",
    },
    share: {
      tries: [
        "<he|she> shared one crumb, and it was a very small crumb.",
        "<he|she> gave half away, and then looked after it for a long time.",
        "giving away was easier with eyes shut.",
      ],
      success: "“Half for you,” <he|she> said, and both halves tasted bigger than the whole.",
    },
    talk: {
      tries: [
        "<he|she> opened <his|her> mouth, and shut it again.",
        "one word came out, and it was a good word.",
        "a whole sentence got half-way.",
      ],
      success: "The words came out one by one, and nobody laughed, and everyone listened.",
    },
    skate: {
      tries: [
        "<he|she> stood on the ice, and then sat on it.",
        "two steps, one slide, one bump.",
        "one long, fine slide, until the bank.",
      ],
      success: "Swish, swish: the ice drew a long white curve behind <him|her>.",
    },
  },
  traits: {
    shy: {
      trait: "<He|She> was so shy that <he|she> hid when somebody said hello.",
      growth: "{Name} was still a little shy, but now {name} said hello first.",
    },
    brave: {
      trait: "<He|She> was brave, even on Mondays.",
      growth: "{Name} was as brave as before, and a little wiser.",
    },
    curious: {
      trait: "<He|She> looked under every stone and behind every door.",
      growth: "{Name} had a hundred new questions.",
    },
    lonely: {
      trait: "<He|She> set the table for two, just in case.",
      growth: "There were two cups on the table now, and both were in use.",
    },
    grumpy: {
      trait: "<He|She> grumbled before breakfast, and also after it.",
      growth: "{Name} still grumbled, but only on rainy days, and mostly for fun.",
    },
    small: {
      trait: "<He|She> was so small that a thimble made a good hat.",
      growth: "{Name} was just as small as before, but {name} felt as tall as a tree.",
    },
    sleepy: {
      trait: "<He|She> could fall asleep anywhere, even standing up.",
      growth: "Tomorrow {name} would sleep in. That was well deserved.",
    },
    clumsy: {
      trait: "<He|She> tripped over things that were not even there.",
      growth: "{Name} still tripped now and then, and then took a bow.",
    },
    kind: {
      trait: "<He|She> always had a kind word, and often half a biscuit.",
      growth: "All the kindness that {name} had given had come home again.",
    },
    clever: {
      trait: "<He|She> could do sums that other people only dream of.",
      growth: "{Name} knew now that friends know even more than books.",
    },
    timid: {
      trait: "Even a falling leaf made <his|her> heart go thump.",
      growth: "{Name}'s heart still went thump, but now it sounded like a drum.",
    },
    impatient: {
      trait: "<He|She> wanted everything at once, and best of all yesterday.",
      growth: "{Name} had learned to wait, at least until five.",
    },
    proud: {
      trait: "<He|She> carried <his|her> nose very high, and so <he|she> tripped quite often.",
      growth: "{Name} was proud now of something else: of <his|her> friends.",
    },
    forgetful: {
      trait: "<He|She> forgot nearly everything, sometimes even what <he|she> had forgotten.",
      growth: "{Name} would forget many things, but never that day.",
    },
    sad: {
      trait: "Sometimes <he|she> was sad, and did not know why.",
      growth: "If the sadness ever came again, {name} knew whom to call.",
    },
    funny: {
      trait: "<He|She> could make even a teapot laugh.",
      growth: "{Name} had new jokes now, and somebody to tell them to.",
    },
    lazy: {
      trait: "<He|She> thought that the best way was the way to the sofa.",
      growth: "{Name} still liked the sofa, but only after an adventure.",
    },
    noisy: {
      trait: "When <he|she> whispered, the windows rattled.",
      growth: "{Name} was still loud, but could be quiet when it mattered.",
    },
    quiet: {
      trait: "<He|She> was so quiet that butterflies sat down on <him|her>.",
      growth: "{Name} was still quiet, but when {name} spoke, everyone listened.",
    },
    greedy: {
      trait: "<He|She> liked to have the biggest piece, and then another.",
      growth: "{Name} gave the biggest piece away now. It tasted better so.",
    },
    any: {
      trait:
        "<He|She> had [two bright eyes and a head full of plans|a warm heart and cold feet|a laugh that could be heard three doors away|a great many useful things in one small bag].",
      growth: "{Name} knew now that big things begin [very small|with one step|with somebody who asks].",
    },
  },
  pal: {
    intro: "With <him|her> lived {pal.a}.",
    calm: [
      "{Pal} came too, of course.",
      "{Pal} nodded, very seriously.",
      "“I knew it!” said {pal}.",
      "{Pal} stayed close by.",
      "“What now?” asked {pal}.",
      "{Pal} had seen it too.",
      "“Look!” said {pal}.",
      "{Pal} kept watch.",
      "And {pal}? {Pal} was hungry.",
      "Without {pal} it would have been only half as nice.",
      "{Pal} said nothing, and that was just right.",
      "“Onward!” cried {pal}.",
      "{Pal} helped a little, too.",
      "{Pal} wanted to see everything from close by.",
      "“Are we nearly there?” asked {pal}.",
      "{Pal} hummed a little.",
    ],
    low: "{Pal} sat down close beside <him|her>.",
    happy: [
      "{Pal} jumped for joy.",
      "{Pal} laughed and laughed.",
    ],
  },
  thing: [
    "{Thing} was always at hand.",
    "{Name} held {thing} tight.",
    "How good that {thing} was there!",
    "Even {thing} seemed to listen.",
    "{Name} looked after {thing} very well.",
    "{Thing} shone a little in the light.",
  ],
};
