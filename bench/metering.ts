/** `deno task bench metering`: settling by usage against a plain confirm, and an estimate against a call that does nothing. */
import type postgres from "postgres";
import { newJob } from "./credits.ts";
import { Databases } from "./databases.ts";
import { measure, table, upTo } from "./measure.ts";
import { seed, seededUser } from "./seed.ts";

const USERS = 10_000;

/** Two lines of usage, of a model or of none that is named. */
function usage(input_tokens: number, output_tokens: number, model?: string): string {
  const lines = Object.entries({ input_tokens, output_tokens });
  return JSON.stringify(lines.map(([meter, quantity]) => ({ meter, quantity, model })));
}

/** As a product with several models has it. */
const CARD = JSON.stringify(
  ["", "small", "large"].flatMap((model) =>
    ["input_tokens", "output_tokens"].map((meter) => ({
      meter,
      price: 0.5,
      per: 1000,
      match: model ? { model } : {},
    }))
  ),
);

async function settlements(databases: Databases, sql: postgres.Sql): Promise<string> {
  const random = () => seededUser(upTo(USERS));
  await databases.settle();
  return table(
    "A reservation and its end, by price and by usage",
    await measure([
      {
        name: "reserve_credits + confirm_credits",
        once: async () => {
          const [user, job] = [random(), newJob()];
          await sql`select outcome from public.reserve_credits(${user}, ${job}, 1, 'chat')`;
          return await sql`select outcome from public.confirm_credits(${user}, ${job}, 0.67)`;
        },
      },
      ...[undefined, "small"].map((model) => ({
        name: `reserve_metered + settle_usage${model ? ", of a model" : ""}`,
        once: async () => {
          const [user, job] = [random(), newJob()];
          const [held, used] = [usage(900, 700, model), usage(812, 511, model)];
          await sql`select outcome from public.reserve_metered(${user}, ${job}, 'chat', ${held}::text::jsonb)`;
          return await sql`select outcome from public.settle_usage(${user}, ${job}, ${used}::text::jsonb)`;
        },
      })),
    ]),
  );
}

async function estimates(sql: postgres.Sql): Promise<string> {
  await sql`create function public.nothing(p_action text, p_usage jsonb) returns public.cost_estimate
    language plpgsql stable security definer set search_path = '' as
    'begin return row(''ok'', p_action, 1, 1, null)::public.cost_estimate; end'`;
  return table(
    "An estimate of two lines",
    await measure([
      {
        name: "a call that does nothing",
        once: () => sql`select outcome, cost from public.nothing('chat', ${usage(812, 511)}::text::jsonb)`,
      },
      ...[undefined, "small"].map((model) => ({
        name: `estimate_cost${model ? ", of a model" : ""}`,
        once: () =>
          sql`select outcome, cost from public.estimate_cost('chat', ${usage(812, 511, model)}::text::jsonb)`,
      })),
    ]),
  );
}

/** Runs everything and gives back the results as Markdown. */
export async function benchMetering(): Promise<string> {
  await using databases = await Databases.start();
  const sql = await databases.create("metering", async (sql) => {
    await seed(sql, { users: USERS });
    await sql`select public.save_rate_card('chat', ${CARD}::text::jsonb, p_reason => 'bench')`;
  });
  return [await settlements(databases, sql), await estimates(sql)].join("\n");
}
