/** Something is not as it must be: the demo ends here, with this as its last line. */
export class Mismatch extends Error {
  override name = "Mismatch";
}

/** Ends the demo unless `actual` is exactly `expected`; `what` names the thing in the message. */
export function expectSame(what: string, actual: unknown, expected: unknown): void {
  const [is, mustBe] = [actual, expected].map((value) => JSON.stringify(value));
  if (is !== mustBe) throw new Mismatch(`${what} is ${is}, it must be ${mustBe}`);
}
