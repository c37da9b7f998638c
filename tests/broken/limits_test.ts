/** Breaks of the rate limits. */
import { always, append, argument, drop, never, swap } from "../support/broken/change.ts";
import { testBroken } from "../support/broken/notice.ts";

testBroken({
  "limits/rate_limits": {
    "a window that is open an instant too long": swap("window", ")", ", secs => 0.000001)"),
    "one call more than the limit": swap("limit", "<", "<="),
    "a wait that is too short": swap("wait-long-enough", "ceil(", "floor("),
    "a clock set back that shortens a window": argument("time-goes-on", 1, "greatest"),
    "identifiers that share a limit": always("own-limit"),
    "keys that share a limit": [
      "alter function credits_private.consume_rate_limit(text, text, integer, integer) rename to consume_exactly",
      `create function credits_private.consume_rate_limit(text, text, integer, integer) returns credits_private.rate_check
        language sql set search_path = ''
        as $$ select credits_private.consume_exactly($1 || $2, 'all', $3, $4) $$`,
    ],
    "chunks of a wide limit that are dropped too early": append("chunks-dropped", " + 3"),
    "chunks of a wide limit that are kept": never("chunks-dropped"),
    "a clean-up that removes what a window needs": swap("longest-window", "1 day", "1 hour"),
    "a cleaning of all limits at once": drop("cleanup-limit"),
  },
  "limits/users": {
    "whoever was deleted asks on": drop("gone-may-nothing"),
    "whoever was banned asks on": always("not-banned"),
  },
});
