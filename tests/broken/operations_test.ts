/** Breaks of what operators see and do: actions, settings and the health report. */
import { always, append, drop, never, swap } from "../support/broken/change.ts";
import { testBroken } from "../support/broken/notice.ts";

testBroken({
  "operations/actions": {
    "actions that can be changed": always("actions-stay"),
    "a repair that nobody signs": never("actor-given"),
    "a repair without a reason": never("reason-given"),
    "words about an erased user that stay": drop("reasons-erased"),
    "a gift that is not noted": drop("adjusted-up-noted"),
    "a correction that is not noted": drop("adjusted-down-noted"),
    "a refund that is not noted": drop("refund-noted"),
    "an erasure that is not noted": drop("erasure-noted"),
    "a replay that is not noted": drop("replay-noted"),
    "a dismissal that is not noted": drop("dismissal-noted"),
  },
  "operations/settings": {
    "a table that is none of the settings": always("settings-only"),
    "a column that is none of the settings": always("values-only"),
    "a setting that is not noted": drop("settings-noted"),
  },
  "operations/health": {
    "a check that fails and says that all is well": swap("checks-go-on", "alarm", "ok"),
    "sweeps that fall silent": swap("silent-after", "+ 5", "+ 9"),
    "tables that grow": swap("large-table", "10000000", "100000000"),
    "keys of limits that grow": swap("many-limits", "1000000", "10000000"),
    "many books, none of which is checked": append("books-checked", " where false"),
    "debts that grow old": swap("old-debts", "7 days", "8 days"),
    "holds that nobody releases": swap("overdue", "10 minutes", "11 minutes"),
    "events that are held for long": swap("held-long", "14 days", "15 days"),
    "users whom nobody erases": swap("erase-in-time", "14 days", "15 days"),
  },
});
