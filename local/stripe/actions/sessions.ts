import { invalidRequest } from "../errors.ts";
import { newId } from "../ids.ts";
import type { SubscriptionData } from "../state.ts";
import type { RequestOf } from "../objects/event.ts";
import { buildSession, type SessionInput } from "../objects/session.ts";
import type { CheckoutSession } from "../objects/types.ts";
import { emit, type StandIn } from "../stand_in.ts";
import { checkMode, type LineInput, priceLine, totalOf } from "./line_items.ts";
import { firstSum } from "./subscribing.ts";

/** A new session; `paymentData` is put on the payment intent once there is one. */
export type NewSession =
  & Omit<
    SessionInput,
    "id" | "created" | "url" | "amountTotal" | "amountDiscount" | "currency" | "expiresAt" | "mode"
  >
  & {
    expiresAt?: number;
    /** Where it is said, all prices must be in it. */
    currency?: string;
    lines: LineInput[];
    paymentData: { description: string | null; metadata: Record<string, string> };
    /** What it subscribes to; null where it is paid once. */
    subscription: SubscriptionData | null;
  };

const HALF_AN_HOUR = 30 * 60;
const A_DAY = 24 * 60 * 60;

/** Opens a session. */
export function createSession(standIn: StandIn, input: NewSession): CheckoutSession {
  const created = standIn.now();
  const expiresAt = input.expiresAt ?? created + A_DAY;
  checkExpiry(created, expiresAt);
  const lines = input.lines.map((line, index) => priceLine(standIn, line, index));
  checkMode(lines, input.subscription === null ? "payment" : "subscription");
  const { amountTotal, amountDiscount, currency } = input.subscription === null
    ? { ...totalOf(lines, input.currency), amountDiscount: 0 }
    : firstSum(standIn, lines, input.subscription);
  const id = newId("session");
  const session = buildSession({
    ...input,
    id,
    created,
    expiresAt,
    amountTotal,
    amountDiscount,
    currency,
    mode: input.subscription === null ? "payment" : "subscription",
    url: `${standIn.publicUrl}/pay/${id}`,
  });
  standIn.state.sessions.set(id, session);
  standIn.state.lineItems.set(id, lines);
  standIn.state.paymentData.set(id, input.paymentData);
  if (input.subscription !== null) standIn.state.subscriptionData.set(id, input.subscription);
  standIn.changed();
  return session;
}

/** Ends an open session, so that nobody can pay it any more. */
export function expireSession(
  standIn: StandIn,
  session: CheckoutSession,
  request?: RequestOf,
): CheckoutSession {
  if (session.status !== "open") {
    throw invalidRequest(
      'Only Checkout Sessions with a status in ["open"] can be expired. ' +
        `This Checkout Session has a status of ${session.status}.`,
    );
  }
  const expired: CheckoutSession = { ...session, status: "expired", url: null };
  standIn.state.sessions.set(session.id, expired);
  emit(standIn, "checkout.session.expired", expired, { request });
  return expired;
}

function checkExpiry(created: number, expiresAt: number): void {
  const seconds = expiresAt - created;
  if (seconds >= HALF_AN_HOUR && seconds <= A_DAY) return;
  const bound = seconds < HALF_AN_HOUR ? "at least 30 minutes" : "less than 24 hours";
  const message = `The \`expires_at\` timestamp must be ${bound} from Checkout Session creation.`;
  throw invalidRequest(message, undefined, "expires_at");
}
