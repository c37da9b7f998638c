/**
 * The statements that make a router of an empty project: types, foreign tables, views and functions, all read from what a
 * shard has, so that a migration is followed by making them anew.
 *
 * @module
 */
import type postgres from "postgres";
import { type Relation, relationsOf, type Routine, routinesOf, sameEverywhere } from "./catalogue.ts";

/** The PL/Proxy cluster and the prefix of the foreign servers. */
export const CLUSTER = "shards";

/** The same shards over connections of their own: PL/Proxy asks no cluster while it is deciding where of it to run. */
export const ASKED = "shards_asked";

/** Functions that bring an id of Stripe's, which is written down with its user. */
const BRINGS: Record<string, string> = {
  attach_checkout_session: "p_session_id",
  attach_subscription_session: "p_session_id",
  keep_stripe_customer: "p_customer_id",
};

/** What is found by something else than a user or a job: the argument, and the function that knows its shard. */
const FOUND_BY: Record<string, string> = {
  check_rate_limit: "home_of_identifier(p_identifier)",
  replay_stripe_event: "home_of_event(p_event_id)",
  dismiss_stripe_event: "home_of_event(p_event_id)",
  clear_fraud_warning: "home_of_id(p_purchase_id::text)",
  complete_customer_erasure: "home_of_id(p_customer_id)",
};

/** What the router does after it, in the same call. */
const AFTER: Record<string, string> = {
  change_setting: "copy_reference()",
  save_rate_card: "copy_reference()",
  erase_user: "erase_identity(p_user_id)",
  requeue_stale_jobs: "forget_old_jobs()",
};

/** How the rows of all shards become one answer; numbers are added up. */
const MERGED: Record<string, string> = {
  plan_differences: "select * from sharding.plan_differences() r",
  table_sizes: `select r.table_name, sum(r.estimated_rows)::bigint, sum(r.bytes)::bigint
    from sharding.table_sizes() r group by r.table_name order by 3 desc`,
  health_report:
    `select r.name, (array['ok', 'warn', 'alarm'])[max(r.rank)], sum(r.count)::bigint, min(r.oldest),
      (array_agg(r.advice order by r.rank desc))[1], min(r.page)
    from (
      select h.*, array_position(array['ok', 'warn', 'alarm'], h.status) as rank
      from sharding.health_report() with ordinality h (name, status, count, oldest, advice, page, place)
    ) r group by r.name order by min(r.place)`,
};

/** What is the same on every shard is changed on the first, and read on any. */
const REFERENCE: Record<string, string> = { change_setting: "0", save_rate_card: "0", estimate_cost: "any" };

/** Written by hand in router.sql. */
const BY_HAND = ["apply_stripe_event", "claim_job"];

/** By its first parameter: how a shard is asked for it, and refuses for a user who is being moved. */
const GUARDS: Record<string, string> = {
  p_user_id: "sharding.at_home(p_user_id)",
  p_job_id: "sharding.at_home((select user_id from public.generation_jobs where id = p_job_id), p_job_id)",
  p_event_id:
    "sharding.at_home((select user_id from public.stripe_events where id = p_event_id), p_event_id)",
  p_purchase_id:
    "sharding.at_home((select user_id from public.credit_purchases where id = p_purchase_id), p_purchase_id)",
  p_customer_id:
    "sharding.at_home((select user_id from public.stripe_customers where customer_id = p_customer_id), p_customer_id)",
};

/** Functions of each shard that router.sql calls under `sharding`, and where they run. */
export const HELPERS = `
create function sharding.claim_job_on(p_shard integer, p_job_id uuid, p_worker text, p_job_type text)
  returns public.job_claim_result language plproxy as $$
  cluster '${CLUSTER}'; run on p_shard;
  select r.* from ${GUARDS.p_job_id} h, lateral public.claim_job(h, p_worker, p_job_type) r;
$$;
create function sharding.apply_event_on(p_shard integer, p_event jsonb, p_livemode boolean, p_accounts text[], p_projects text[])
  returns public.stripe_event_result language plproxy as $$
  cluster '${CLUSTER}'; run on p_shard;
  select r.* from public.apply_stripe_event(p_event, p_livemode, p_accounts, p_projects) r;
$$;
create function sharding.apply_event_for(p_user_id uuid, p_event jsonb, p_livemode boolean, p_accounts text[], p_projects text[])
  returns public.stripe_event_result language plproxy as $$
  cluster '${CLUSTER}'; run on sharding.home_of(p_user_id);
$$;
create function sharding.waiting_events(p_shard integer, p_ids text[]) returns setof jsonb language plproxy as $$
  cluster '${CLUSTER}'; run on p_shard; select w from sharding.waiting_events(p_ids) w;
$$;
create function sharding.forget_event(p_shard integer, p_event_id text) returns boolean language plproxy as $$
  cluster '${CLUSTER}'; run on p_shard; select f from sharding.forget_event(p_event_id) f;
$$;
create function sharding.owners_of(p_ids text[]) returns setof uuid language plproxy as $$
  cluster '${ASKED}'; run on all;
$$;
create function sharding.owner_of_job(p_job_id uuid) returns setof uuid language plproxy as $$
  cluster '${ASKED}'; run on all;
$$;
create function sharding.shard_of_event(p_event_id text) returns setof integer language plproxy as $$
  cluster '${ASKED}'; run on all;
$$;
create function sharding.take_reference(p_table text, p_rows jsonb) returns setof integer language plproxy as $$
  cluster '${CLUSTER}'; run on all;
$$;
create function sharding.reference_rows(p_table text) returns jsonb language plproxy as $$
  cluster '${CLUSTER}'; run on 0;
$$;
create function sharding.reference_tables() returns setof text language plproxy as $$
  cluster '${CLUSTER}'; run on 0;
$$;
create function sharding.put_user(
  p_user_id uuid, p_email text, p_email_confirmed_at timestamptz, p_is_anonymous boolean, p_banned_until timestamptz,
  p_deleted_at timestamptz
) returns boolean language plproxy as $$
  cluster '${CLUSTER}'; run on sharding.home_of(p_user_id);
$$;
create function sharding.drop_user(p_user_id uuid) returns boolean language plproxy as $$
  cluster '${CLUSTER}'; run on sharding.home_of(p_user_id);
$$;
`;

/** The statements after router.sql: everything that callers see. */
export async function routes(shard: postgres.Sql, shards: number): Promise<string> {
  const [relations, reference] = [await relationsOf(shard), await sameEverywhere(shard)];
  const routines = await routinesOf(shard);
  return [
    ...relations.map((relation) => viewOf(relation, reference.has(relation.name) ? 1 : shards)),
    ...routines.filter(({ name }) => !BY_HAND.includes(name)).map(routeOf),
    ...routines.map(rightsOf),
  ].join("\n");
}

/** One relation: its rows on so many shards; a user sees their own. */
function viewOf({ name, columns, grants }: Relation, shards: number): string {
  const sources = Array.from(
    { length: shards },
    (_, shard) => `select ${columns.join(", ")} from shard_${shard}.${name}`,
  );
  const own = columns.includes("user_id")
    ? " where a.user_id = (select auth.uid()) or (select pg_has_role(current_user, 'service_role', 'usage'))"
    : "";
  const body = own ? `select * from (${sources.join(" union all ")}) a${own}` : sources.join(" union all ");
  return `create view public.${name} with (security_barrier) as ${body};
revoke all on public.${name} from public, anon, authenticated, service_role;
${grants.join(";\n")};`;
}

/** One function, under its name. @throws {Error} for one that nobody has placed. */
function routeOf(routine: Routine): string {
  const { name, parameters, names, result, rows } = routine;
  const place = placeOf(routine);
  const merged = place === "all"
    ? MERGED[name] ?? `select sum(r)::integer from sharding.${name}(${names}) r`
    : undefined;
  const after = AFTER[name];
  const inner = merged || after ? "sharding" : "public";
  const several = merged && !rows ? `setof ${result}` : result;
  const statements = [
    `create function ${inner}.${name}(${parameters}) returns ${several}
  language plproxy security definer set search_path = '' as $route$
  cluster '${CLUSTER}'; run on ${place}; select r.* from ${sourceOf(routine)};
$route$`,
  ];
  if (after) {
    const ask = merged ?? `select r.* from sharding.${name}(${names}) r`;
    statements.push(`create function public.${name}(${parameters}) returns ${result}
  language plpgsql security definer set search_path = '' as $route$
declare
  v_result ${result};
begin
  ${ask.replace(" from", " into v_result from")};
  perform sharding.${after};
  return v_result;
end;
$route$`);
  } else if (merged) {
    statements.push(`create function public.${name}(${parameters}) returns ${result}
  language sql security definer set search_path = '' as $route$ ${merged} $route$`);
  }
  return `${statements.join(";\n")};`;
}

/** Who may call a function, and what it promises: as on a shard. */
function rightsOf({ signature, grants, comment }: Routine): string {
  return [
    `revoke all on function public.${signature} from public, anon, authenticated, service_role`,
    ...grants,
    `comment on function public.${signature} is ${comment}`,
  ].join(";\n") + ";";
}

/** Where PL/Proxy runs a function. */
function placeOf({ name, names, result }: Routine): string {
  if (name in REFERENCE) return REFERENCE[name];
  if (name in FOUND_BY) return `sharding.${FOUND_BY[name]}`;
  if (name === "verify_credits") return "sharding.homes_of(p_user_id)";
  if (name in BRINGS) return `sharding.home_of(p_user_id, ${BRINGS[name]})`;
  if (names[0] === "p_user_id") return "sharding.home_of(p_user_id)";
  if (names[0] === "p_job_id") return "sharding.home_of_job(p_job_id)";
  if (name in MERGED || result === "integer") return "all";
  throw new Error(`${name} has no place: it names no user and no job, so say in routes.ts where it runs`);
}

/** What is asked of the shard: a user's function only where that user is at home. */
function sourceOf({ name, names }: Routine): string {
  const guard = GUARDS[names[0]];
  if (!guard || name === "verify_credits") return `public.${name}(${names.join(", ")}) r`;
  return `${guard} h, lateral public.${name}(${["h", ...names.slice(1)].join(", ")}) r`;
}
