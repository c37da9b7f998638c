/**
 * A problem that the person at the terminal can solve. Its message is one line that says what happened and
 * what to do about it, so commands print it without a stack trace and end with exit code 1.
 */
export class StackError extends Error {
  override name = "StackError";
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Prints what went wrong, a {@link StackError} as its one line and anything else with its trace, and ends the process. */
export function exitWith(thrown: unknown): never {
  console.error(thrown instanceof StackError ? `error: ${thrown.message}` : thrown);
  Deno.exit(1);
}
