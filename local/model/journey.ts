import english from "./data/en.json" with { type: "json" };
import type { Dice } from "./dice.ts";

/** What happens, as a template, and what a picture of it shows. */
export interface Beat {
  text: string;
  shows: string[];
  names?: Record<string, string>;
}

/** All that a language has to tell with. */
export type Told = typeof english;

/** Beats that one meeting can fill at most: arriving, the trouble, its end, the parting, a quiet moment. */
const LONGEST_STOP = 5;

const capital = (text: string) => text.charAt(0).toLocaleUpperCase() + text.slice(1);

/** `pages` in meetings of about the same length. */
function lengths(pages: number): number[] {
  const count = Math.ceil(pages / LONGEST_STOP);
  return Array.from({ length: count }, (_, at) => Math.floor((pages + count - 1 - at) / count));
}

/** The meetings on the way that fill `pages` pages, page by page. No place, trouble or present comes twice. */
export function journey(
  told: Told,
  { hero, place, pages }: { hero: string; place?: string; pages: number },
  dice: Dice,
): Beat[][] {
  const friends = dice.shuffle(Object.entries(told.friends).filter(([id]) => id !== hero));
  const places = dice.shuffle(Object.entries(told.places))
    .sort(([a], [b]) => Number(b === place) - Number(a === place));
  const troubles = dice.shuffle(Object.entries(told.troubles));
  const gifts = dice.shuffle(Object.entries(told.gifts));
  const interludes = dice.shuffle(Object.entries(told.interludes));
  const [meets, farewells] = [told.meets, told.farewells].map((all) => dice.shuffle(all));
  return lengths(pages).flatMap((length, at) => {
    const [friend, [a_friend, the_friend]] = friends[at % friends.length];
    const [where, arrival] = places[at];
    const [thing, [trouble, solved]] = troubles[at];
    const [present, gift] = gifts[at];
    const [pause, quiet] = interludes[at];
    const names = { friend: the_friend, Friend: capital(the_friend), a_friend, gift };
    const met = {
      text: `${meets[at % meets.length]} ${trouble}`,
      shows: [hero, friend, thing, where],
      names,
    };
    const helped = { text: solved, shows: [hero, friend, thing, where], names };
    const parted = { text: farewells[at % farewells.length], shows: [hero, friend, present, where], names };
    const stop = [
      [{ text: arrival, shows: [hero, where] }],
      [met],
      [helped],
      [parted],
      [{ text: quiet, shows: [hero, pause, where] }],
    ];
    return length === 1 ? [[met, helped]] : length === 2 ? stop.slice(1, 3) : stop.slice(0, length);
  });
}
