/** How many entries of a list Stripe includes in the object that has it: the others have to be asked for. */
const INCLUDED = 10;

/** Cuts the lists inside of `answer`, a copy, after their first page; where it is a list itself, that one is whole. */
export function cutLists<T>(answer: T): T {
  for (const value of Object.values(answer ?? {})) {
    if (typeof value !== "object" || value === null) continue;
    if (isList(value) && value.data.length > INCLUDED) {
      Object.assign(value, { data: value.data.slice(0, INCLUDED), has_more: true });
    }
    cutLists(value);
  }
  return answer;
}

function isList(value: object): value is { data: unknown[] } {
  return "object" in value && value.object === "list" && "data" in value && Array.isArray(value.data);
}
