/**
 * Small changes of one line of SQL, each of which breaks the rule that the line carries: `… -- rule: NAME`, or a line
 * `-- rule: NAME` above it. They know keywords, operators and literals, and no name that a refactoring may change.
 *
 * @module
 */
import assert from "node:assert/strict";

/** What is done to the line with the marker `rule`. */
export interface Change {
  rule: string;
  /** The lines from the marked one to the end of the function, marker removed, after the change. */
  apply(lines: string[]): string[];
}

const MARKER = /\s*-- rule: ([a-z0-9-]+)$/;

/** The rule that a line is marked with. */
export function ruleOf(line: string): string | undefined {
  return line.match(MARKER)?.[1];
}

/** `source` with the line changed that carries the rule. */
export function changed(source: string, { rule, apply }: Change): string {
  const lines = source.split("\n");
  const marked = lines.flatMap((line, index) => ruleOf(line) === rule ? [index] : []);
  assert.equal(marked.length, 1, `${marked.length} lines are marked with ${rule}`);
  const code = lines[marked[0]].replace(MARKER, "");
  const rest = lines.slice(marked[0] + 1);
  const before = code.trim() ? [code, ...rest] : rest;
  const after = apply(before);
  assert.notDeepEqual(after, before, `nothing has changed at ${rule}`);
  return [...lines.slice(0, marked[0]), ...after].join("\n");
}

/** Takes the line away; of a statement that goes on below it, all lines. */
export function drop(rule: string): Change {
  return {
    rule,
    apply: (lines) => {
      const isStatement = /^\s*(perform|insert|update|delete|raise)\b|:=/.test(lines[0]);
      const last = isStatement ? lines.findIndex((line) => /;\s*(--.*)?$/.test(line)) : 0;
      return lines.slice(last + 1);
    },
  };
}

/** Makes the line's condition true. */
export function always(rule: string): Change {
  return onLine(rule, (code) => withCondition(code, "true"));
}

/** Makes the line's condition false. */
export function never(rule: string): Change {
  return onLine(rule, (code) => withCondition(code, "false"));
}

/** Puts a literal in the place of what the line assigns, returns or passes on. */
export function value(rule: string, literal: string): Change {
  nameless(literal);
  return onLine(rule, (code) => {
    const { before, after } = parts(code, /^(\s*return |.*?(?::=|=>|\s=)\s*|\s*)/);
    return before + literal + after;
  });
}

/** Writes `to` where the line says `from`: keywords, operators, literals. */
export function swap(rule: string, from: string, to: string): Change {
  nameless(from + to);
  return onLine(rule, (code) => {
    assert.ok(code.includes(from), `the line of ${rule} has no ${from}: ${code.trim()}`);
    return code.replace(from, to);
  });
}

/** Adds words at the end of what the line says. */
export function append(rule: string, words: string): Change {
  nameless(words);
  return onLine(rule, (code) => code.replace(/([;,]?)$/, `${words}$1`));
}

/** Puts an argument, counted from 1, in the place of a call: of the built-in function that is named, or the line's first. */
export function argument(rule: string, nth: number, call = "[a-z_.]+"): Change {
  return onLine(rule, (code) => {
    const start = code.search(new RegExp(`\\b${call}\\(`));
    assert.ok(start >= 0, `the line of ${rule} calls nothing: ${code.trim()}`);
    const open = code.indexOf("(", start);
    let [depth, end] = [1, open];
    const commas = [open];
    while (depth > 0) {
      const character = code[++end];
      assert.ok(character, `the call at ${rule} does not end on its line`);
      depth += Number(character === "(") - Number(character === ")");
      if (character === "," && depth === 1) commas.push(end);
    }
    commas.push(end);
    return code.slice(0, start) + code.slice(commas[nth - 1] + 1, commas[nth]).trim() + code.slice(end + 1);
  });
}

function onLine(rule: string, apply: (code: string) => string): Change {
  return { rule, apply: ([code, ...rest]) => [apply(code), ...rest] };
}

/** A change that named a variable would break with its name. */
function nameless(text: string): void {
  assert.doesNotMatch(text, /\b[pv]_\w/, "a change names no variable");
}

function withCondition(code: string, truth: string): string {
  const { before, after } = parts(code, /^(\s*(?:(?:els)?if |(?:exit |continue )?when |where |and |or )?)/);
  return before + truth + after;
}

/** A line without the expression that follows `start`; parentheses that it does not open belong to what comes after it. */
function parts(code: string, start: RegExp): { before: string; after: string } {
  const before = code.match(start)?.[0] ?? "";
  let expression = code.slice(before.length).replace(/( then\b.*|[;,])$/, "");
  while (count(expression, ")") > count(expression, "(")) {
    expression = expression.slice(0, expression.lastIndexOf(")"));
  }
  assert.ok(expression, `there is no expression in: ${code.trim()}`);
  return { before, after: code.slice(before.length + expression.length) };
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
