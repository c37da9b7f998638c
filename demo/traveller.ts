import type { Account } from "./account.ts";
import type { Report } from "./report.ts";
import type { Visitor } from "./visitor.ts";

/** Who is on the journey, what they must have, and who hears of it. */
export interface Traveller {
  visitor: Visitor;
  account: Account;
  report: Report;
}
