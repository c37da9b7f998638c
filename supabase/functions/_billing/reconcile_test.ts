import assert from "node:assert/strict";
import { needsAttention, reconcile, type Report } from "./reconcile.ts";
import { EVENT_TYPES } from "./reconcile_events.ts";
import { type Received, withEnv, withServer } from "../../../tests/support/functions.ts";

const EVENTS = Array.from({ length: 250 }, (_, index) => ({
  id: `evt_${index}`,
  object: "event",
  type: "charge.refunded",
  created: 1_800_000_000 - index,
  data: { object: {} },
}));

/** Stripe's list of events, a page at a time, and a database that knows the first ten of them. */
function answer({ path, body }: Received): Response {
  const url = new URL(path, "http://any");
  if (url.pathname === "/v1/events" && [...url.searchParams.values()].includes("charge.refunded")) {
    const after = EVENTS.findIndex(({ id }) => id === url.searchParams.get("starting_after")) + 1;
    const data = EVENTS.slice(after, after + Number(url.searchParams.get("limit")));
    return Response.json({
      object: "list",
      url: url.pathname,
      data,
      has_more: after + data.length < EVENTS.length,
    });
  }
  if (url.pathname.startsWith("/v1/")) {
    return Response.json({ object: "list", url: url.pathname, data: [], has_more: false });
  }
  if (url.pathname.endsWith("/stripe_events") && url.searchParams.get("id")?.includes("evt_0,")) {
    return Response.json(EVENTS.slice(0, 10).map(({ id }) => ({ id })));
  }
  if (!url.pathname.endsWith("/apply_stripe_event")) return Response.json([]);
  const { id } = JSON.parse(body).p_event;
  if (id === "evt_30") return Response.json({ code: "22003", message: "overflow" }, { status: 400 });
  return Response.json({
    outcome: id === "evt_20" ? "held" : "applied",
    event_id: id,
    reason: id === "evt_20" ? "unpaid" : null,
  });
}

async function run(options: { all: boolean; apply: boolean }): Promise<[Report, Received[], number[]]> {
  let report: Report | undefined;
  const progress: number[] = [];
  const received = await withServer(
    answer,
    (url) =>
      withEnv({ SUPABASE_URL: url, STRIPE_API_URL: url }, async () => {
        report = await reconcile({ days: 30, ...options, onProgress: (events) => progress.push(events) });
      }),
  );
  assert.ok(report);
  return [report, received, progress];
}

Deno.test("every page of Stripe's list is read, and a page of ids asked about at once", async () => {
  const [report, received, progress] = await run({ all: false, apply: true });
  assert.equal(report.events.checked, 250);
  assert.equal(report.events.missing.length, 240);
  assert.deepEqual(progress, Array.from({ length: 250 }, (_, index) => index + 1));
  const at = (part: string) => received.filter(({ path }) => path.includes(part));
  assert.equal(at("/v1/events").length, 4);
  assert.equal(at("/rest/v1/stripe_events").length, 3);
  assert.equal(at("/apply_stripe_event").length, 240);
  const asked = new URL(at("/v1/events")[0].path, "http://any").searchParams;
  assert.equal(asked.get("delivery_success"), "false");
  const types = at("/v1/events").map(({ path }) => new URL(path, "http://any").searchParams)
    .map((asked) => [...asked.keys()].filter((name) => name.startsWith("types")).length);
  assert.ok(types.every((count) => count <= 20), "Stripe takes twenty types at most");
  assert.equal(types[0] + types[3], EVENT_TYPES.length);
  assert.ok(Math.abs(Number(asked.get("created[gte]")) - (Date.now() / 1000 - 30 * 86_400)) < 60);
});

Deno.test("an event that cannot be taken in is reported and stops none behind it", async () => {
  const [report] = await run({ all: false, apply: true });
  const failed = report.events.missing.filter(({ outcome }) => outcome === "failed");
  assert.deepEqual(failed.map(({ id, reason }) => [id, reason]), [["evt_30", "could not be taken in"]]);
  report.events.missing = failed;
  assert.equal(needsAttention(report), true);
});

Deno.test("a dry run takes nothing in, and everything is asked for only on request", async () => {
  const [report, received] = await run({ all: true, apply: false });
  assert.ok(report.events.missing.every(({ outcome }) => outcome === "missing"));
  assert.equal(received.some(({ path }) => path.includes("/rpc/")), false);
  assert.equal(received.some(({ path }) => path.includes("delivery_success")), false);
});

Deno.test("somebody has to look when an event is held, not when all were applied", async () => {
  const [report] = await run({ all: false, apply: true });
  assert.equal(needsAttention(report), true);
  report.events.missing = report.events.missing.filter(({ outcome }) => outcome === "applied");
  assert.equal(needsAttention(report), false);
  report.events.missing[0].outcome = "missing";
  assert.equal(needsAttention(report), true);
});
