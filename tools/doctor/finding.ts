/** What one check found. */
export interface Finding {
  /** Of the check; lower case and underscores. */
  name: string;
  status: "ok" | "warn" | "alarm";
  /** What is the case, in a few words. */
  found: string;
  /** What to do about it; empty when all is well. */
  advice: string;
  /** The page and section that says more. */
  page: string;
}

/** A finding whose section is one of docs/operations.md. */
export function finding(
  name: string,
  status: Finding["status"],
  found: string,
  advice: string,
  section: string,
): Finding {
  return {
    name,
    status,
    found,
    advice: status === "ok" ? "" : advice,
    page: `docs/operations.md#${section}`,
  };
}
