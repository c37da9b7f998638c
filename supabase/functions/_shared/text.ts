/**
 * Text as a reader sees it.
 *
 * @module
 */

/**
 * A character that can be seen: no white space, no control or format character, nothing that Unicode lets a font leave
 * out (joiners, variation selectors, fillers, tags), and not the empty braille pattern. The rule stands in the database
 * too, as `credits_private.visible_length()`.
 */
const VISIBLE = /[^\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Whether `text` has at least so many characters that can be seen. */
export function hasText(text: string, least = 1): boolean {
  let count = 0;
  for (const _character of least > 0 ? text.matchAll(VISIBLE) : []) {
    if (++count >= least) return true;
  }
  return least <= 0;
}
