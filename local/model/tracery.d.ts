/** The part of tracery-grammar, which has no types of its own, that is used here. */
export interface Grammar {
  flatten(rule: string): string;
}
declare const tracery: {
  createGrammar(symbols: Record<string, string | string[]>): Grammar;
};
export default tracery;
