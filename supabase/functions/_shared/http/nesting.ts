/**
 * How deep JSON is, known before it is parsed.
 *
 * @module
 */

/** Nothing that is taken here has ten levels. */
const MOST_LEVELS = 64;

/** Whether `json` has more levels than anything that is taken. A parser needs some eighty bytes for each. */
export function isTooDeep(json: string): boolean {
  let [levels, isText] = [0, false];
  for (let at = 0; at < json.length; at++) {
    const sign = json[at];
    if (sign === '"') isText = !isText;
    else if (isText) at += sign === "\\" ? 1 : 0;
    else if (sign === "[" || sign === "{") levels++;
    else if (sign === "]" || sign === "}") levels--;
    if (levels > MOST_LEVELS) return true;
  }
  return false;
}
