const graphemes = new Intl.Segmenter();

/**
 * `text` as Postgres and PDF can hold it: well formed, without control characters except line breaks, trimmed, and with
 * at most `most` signs as a reader counts them.
 */
export function storable(text: string, most = Infinity): string {
  const clean = text.toWellFormed().replace(/\r\n?|[\u0085\u2028\u2029\v\f]/g, "\n")
    .replace(/(?!\n)\p{Cc}|\uFFFD/gu, (sign) => sign === "\t" ? " " : "").trim();
  // A sign has at least one unit: a text with no more units than signs allowed needs no counting.
  if (clean.length <= most) return clean;
  let end = 0;
  let count = 0;
  for (const { index, segment } of graphemes.segment(clean)) {
    if (++count > most) break;
    end = index + segment.length;
  }
  return clean.slice(0, end).trim();
}
