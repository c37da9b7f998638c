/** Erasures and deletions on real connections: whatever is under way for the user, nobody deadlocks and nothing is lost. */
import assert from "node:assert/strict";
import type postgres from "postgres";
import * as event from "../../local/stripe/fixtures.ts";
import type { Queries } from "../support/clone.ts";
import { disagreements } from "../support/credit_calls.ts";
import { arena, type Buyer, buyer, tell, together } from "../support/stripe_buyers.ts";

const STORY = { prompt: "a shy dragon", age_min: 4, age_max: 7, pages: 1 };

type Call = (sql: postgres.Sql) => Promise<string>;

/** Something that is under way for somebody, and what it may answer. */
interface Race {
  what: string;
  prepare(sql: postgres.Sql, one: Buyer): Promise<Call>;
  /** What both wait for, so that they go on at the same moment. */
  hold(holder: Queries, one: Buyer): Promise<unknown>;
  answers: string[];
}

const account = (holder: Queries, { user }: Buyer) =>
  holder`select from public.credit_accounts where user_id = ${user} for update`;
const purchase = (holder: Queries, one: Buyer) =>
  holder`select from public.credit_purchases where id = ${one.purchase} for update`;

const RACES: Race[] = [
  {
    what: "an admission",
    async prepare(sql, { user }) {
      await sql`select public.grant_credits(${user}, 10, 'promotion', 'gift')`;
      const create: Call = async (sql) => {
        const [{ outcome }] = await sql`select * from public.create_story(${user}, ${sql.json(STORY)})`;
        return outcome;
      };
      await create(sql);
      return create;
    },
    hold: account,
    answers: ["accepted", "insufficient_credits"],
  },
  {
    what: "a refund",
    async prepare(sql, { sold }) {
      await tell(sql, event.checkoutCompletedEvent({ object: sold.session }));
      return (sql) => tell(sql, event.refundCreatedEvent({ object: sold.refund(400) }));
    },
    hold: purchase,
    answers: ["applied", "held"],
  },
  {
    what: "an operator's replay",
    async prepare(sql, { sold }) {
      const early = event.checkoutCompletedEvent({ object: { ...sold.session, payment_status: "unpaid" } });
      assert.equal(await tell(sql, early), "held");
      return async (sql) => {
        const [{ outcome }] =
          await sql`select * from public.replay_stripe_event(${early.id}, 'test', 'test')`;
        return outcome;
      };
    },
    hold: purchase,
    answers: ["applied", "held"],
  },
  {
    what: "a session made elsewhere",
    prepare(_sql, { user }) {
      const { session } = event.sale({ amount: 1000 });
      const elsewhere = {
        ...session,
        client_reference_id: null,
        metadata: { user_id: user, credits: "10.00" },
      };
      return Promise.resolve((sql) => tell(sql, event.checkoutCompletedEvent({ object: elsewhere })));
    },
    hold: async (holder, { user }) => {
      await holder`insert into public.credit_accounts (user_id) values (${user})`;
    },
    answers: ["applied", "held"],
  },
  {
    what: "a confirmed e-mail",
    async prepare(sql, { user }) {
      await sql`select public.grant_credits(${user}, 10, 'promotion', 'gift')`;
      return async (sql) => {
        await sql`update auth.users set email_confirmed_at = now() where id = ${user}`;
        return "confirmed";
      };
    },
    hold: account,
    answers: ["confirmed"],
  },
];

for (const { what, prepare, hold, answers } of RACES) {
  Deno.test(`${what} and the erasure of its user do not deadlock, and each has an answer`, async () => {
    const database = await arena();
    for (const first of ["erasure", what, "erasure", what]) {
      const one = await buyer(database.sql);
      const call = await prepare(database.sql, one);
      const erase: Call = async (sql) => {
        const [{ outcome }] = await sql`select * from public.erase_user(${one.user}, 'test', 'test')`;
        return outcome;
      };
      const calls = first === "erasure" ? [erase, call] : [call, erase];
      const told = await together(database, (holder) => hold(holder, one), calls);
      assert.ok(told.includes("erased"), `${first} first: ${told}`);
      assert.ok(told.some((answer) => answers.includes(answer)), `${first} first: ${told}`);
    }
    assert.deepEqual(await disagreements(database.sql), []);
  });
}

Deno.test("a book ordered while its story is deleted is made of the copy, or there is none", async () => {
  const database = await arena();
  for (const first of ["deletion", "order", "deletion", "order"]) {
    const one = await buyer(database.sql);
    await database.sql`select public.grant_credits(${one.user}, 10, 'promotion', 'gift')`;
    const [made] = await database.sql`select * from public.create_story(${one.user}, ${
      database.sql.json(STORY)
    })`;
    await database.sql`select public.claim_job(${made.job_id})`;
    await database.sql`select public.complete_story(${made.job_id}, 1, 'Fox', '[{"text": "Once."}]')`;
    const order: Call = async (sql) => {
      const request = { story_id: made.resource_id, with_images: false };
      const [{ outcome }] = await sql`select * from public.create_book(${one.user}, ${sql.json(request)})`;
      return outcome;
    };
    const remove: Call = async (sql) => {
      const [{ outcome }] = await sql`select * from public.delete_story(${one.user}, ${made.resource_id})`;
      return outcome;
    };
    const calls = first === "order" ? [order, remove] : [remove, order];
    const told = await together(database, (holder) => account(holder, one), calls);
    assert.deepEqual(told.toSorted(), ["accepted", "deleted"], `${first} first`);
    const [{ count }] = await database.sql`
      select cardinality(hits) as count from public.api_rate_limits
      where identifier = ${one.user} and action = 'book_generate'`;
    assert.equal(count, 1, "M4: the order counts");
  }
  assert.deepEqual(await disagreements(database.sql), []);
});

Deno.test("of two who give up or delete the same at once, one is told that they did", async () => {
  const database = await arena();
  const one = await buyer(database.sql);
  await database.sql`select public.grant_credits(${one.user}, 10, 'promotion', 'gift')`;
  const [made] = await database.sql`select * from public.create_story(${one.user}, ${
    database.sql.json(STORY)
  })`;
  const twice = (call: Call) => together(database, (holder) => account(holder, one), [call, call]);
  const cancelled = await twice(async (sql) => {
    const [{ outcome }] = await sql`select * from public.cancel_job(${one.user}, ${made.job_id})`;
    return outcome;
  });
  assert.deepEqual(cancelled.toSorted(), ["already_cancelled", "cancelled"]);
  const deleted = await twice(async (sql) => {
    const [{ outcome }] = await sql`select * from public.delete_story(${one.user}, ${made.resource_id})`;
    return outcome;
  });
  assert.deepEqual(deleted.toSorted(), ["deleted", "not_found"]);
});
