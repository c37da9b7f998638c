/** What Stripe says finds its user's shard, in whatever order it comes, and wherever the user is moved meanwhile. */
import assert from "node:assert/strict";
import { moveUser } from "../../sharding/move.ts";
import { four, test } from "../support/four_shards.ts";
import { homeOf } from "../support/moves.ts";
import { canShard, insist, provesOnEach } from "../support/shards.ts";
import { CENTS, type Step, story } from "../support/stripe_story.ts";
import { type Stream, STREAMS } from "../support/stripe_streams.ts";

const { router, shards, databases } = four;

const [TAKE] = (await Deno.readTextFile(new URL("../support/permutations.sql", import.meta.url)))
  .split("create table permutations.watched");
if (canShard) await router.unsafe(`${TAKE}; grant create on schema permutations to postgres`).simple();

function shuffled<T>(items: T[]): T[] {
  return items.map((item) => ({ item, place: Math.random() })).sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

async function begin({ user, purchase, bonus }: Stream): Promise<void> {
  await router`insert into auth.users (id, email) values (${user}, ${`${user}@example.com`})`;
  await shards[await homeOf(four, user)]`
    insert into public.credit_purchases (id, user_id, credits, amount_cents, currency)
    values (${purchase}, ${user}, 10, 1000, 'usd')`;
  if (bonus > 0) await router`select public.grant_credits(${user}, ${bonus}, 'promotion', 'bonus')`;
}

/** What became of a step, which is tried until it is acknowledged. */
async function take(step: Step): Promise<string> {
  const [{ outcome }] = await insist(() =>
    router<{ outcome: string }[]>`select permutations.take(${router.json(step as never)}) as outcome`
  );
  return outcome;
}

async function check({ user, purchase, bonus, ending, name }: Stream): Promise<void> {
  const [bought] = await router`
    select status::text, revoked_credits::float8 as revoked from public.credit_purchases where id = ${purchase}`;
  assert.deepEqual({ ...bought }, { status: ending.status, revoked: ending.revoked }, name);
  const [{ net }] = await router`
    select coalesce((select (available + reserved - debt)::float8 from public.credit_accounts where user_id = ${user}), 0)
      + coalesce((select sum(amount)::float8 from public.credit_ledger where user_id = ${user} and kind = 'confirm'), 0) as net`;
  assert.equal(net, (ending.paid ?? true ? 10 : 0) - ending.revoked + bonus, name);
}

test(`${STREAMS.length} sales, their events twice, in any order, several at once, while users move`, async () => {
  await Promise.all(STREAMS.map(begin));
  const queue = shuffled(STREAMS).values();
  const deliver = async () => {
    for (const { user, steps } of queue) {
      const events = steps.filter(({ step }) => step === "event");
      const own = steps.filter(({ step }) => step !== "event");
      const twice = shuffled([...events, ...events]);
      await Promise.all(twice.slice(0, events.length).map(take));
      await moveUser(databases, user, (await homeOf(four, user) + 1) % 4);
      const late = Promise.all(twice.slice(events.length).map(take));
      // A hold is made before it is settled.
      for (const step of own) await take(step);
      await late;
    }
  };
  await Promise.all(Array.from({ length: 3 }, deliver));
  for (const stream of STREAMS) await check(stream);
  await provesOnEach({ shards });
  const [{ waiting }] = await shards[0]`
      select count(*)::int as waiting from public.stripe_events
      where outcome = 'held' and user_id is null and payload #>> '{data,object,payment_intent}' in (
        select payment_intent_id from public.stripe_payments where purchase_id is not null)`;
  assert.equal(waiting, 0, "nothing waits for a payment that is known");
});

test("what waits for its payment goes along when its buyer is moved, and comes back with them", async () => {
  const [user, purchase] = [`${crypto.randomUUID().slice(0, -1)}3`, crypto.randomUUID()];
  const { charge, paid } = story(user, purchase);
  const ending = { status: "refunded", revoked: 10 };
  const stream: Stream = { name: "a refund before its payment", user, purchase, bonus: 0, steps: [], ending };
  await begin(stream);
  assert.equal(await take(charge(CENTS)), "held");
  assert.equal((await shards[3]`select from public.stripe_events where user_id = ${user}`).length, 1);
  await moveUser(databases, user, 1);
  assert.equal(await take(paid), "applied");
  await check(stream);
  await moveUser(databases, user, 3);
  await check(stream);
});

test("one event delivered eight times at once is applied once", async () => {
  const fresh = STREAMS[0].steps.find((step) =>
    step.step === "event" && step.event.type === "checkout.session.completed"
  );
  assert.ok(fresh?.step === "event");
  const { user, purchase } = { user: crypto.randomUUID(), purchase: crypto.randomUUID() };
  await begin({ ...STREAMS[0], user, purchase, bonus: 0 });
  const text = JSON.stringify(fresh.event).replaceAll(STREAMS[0].purchase, purchase)
    .replaceAll(
      /\b(evt|cs|pi|cus|ch)_(\w+)/g,
      (_, kind, rest) => `${kind}_${[...rest].reverse().join("")}`,
    );
  const answers = await Promise.all(Array.from({ length: 8 }, async () => {
    const [{ outcome }] = await router`
        select (public.apply_stripe_event(${router.json(JSON.parse(text))})).outcome`;
    return outcome;
  }));
  assert.deepEqual(answers.sort(), ["applied", ...Array(7).fill("duplicate")]);
  const [{ available }] = await router`
      select available::float8 from public.credit_accounts where user_id = ${user}`;
  assert.equal(available, 10);
});
