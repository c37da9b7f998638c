/**
 * How much JSON holds, known before it is parsed.
 *
 * @module
 */

/** Nothing that is taken here has ten levels, or more objects than a story of 200 pages. */
const MOST = { levels: 64, containers: 10_000 };

/**
 * Whether `json` has more levels, or more objects and lists, than anything that is taken. A parser needs some eighty bytes
 * for each, and three bytes of a body are enough for one.
 */
export function isExcessive(json: string): boolean {
  let [levels, containers, isText] = [0, 0, false];
  for (let at = 0; at < json.length; at++) {
    const sign = json[at];
    if (sign === '"') isText = !isText;
    else if (isText) at += sign === "\\" ? 1 : 0;
    else if (sign === "]" || sign === "}") levels--;
    else if (sign === "[" || sign === "{") {
      if (++levels > MOST.levels || ++containers > MOST.containers) return true;
    }
  }
  return false;
}
