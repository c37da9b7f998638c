/** `phrase` with the indefinite article that its sound asks for. */
export function withArticle(phrase: string): string {
  const vowel = /^(?:[aeio]|u(?!ni|se|ku)|hou?r|hon)/i.test(phrase) && !/^(?:one|once|eu|ewe)/i.test(phrase);
  return `${vowel ? "an" : "a"} ${phrase}`;
}
