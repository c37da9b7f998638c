set local check_function_bodies = off;

drop index "public"."credit_purchases_by_pack";

create or replace function public.reserve_metered (
  p_user_id     uuid,
  p_job_id      uuid,
  p_action      text,
  p_usage       jsonb,
  p_job_type    text     default null::text,
  p_description text     default null::text,
  p_metadata    jsonb    default '{}'::jsonb,
  p_ttl         interval default null::interval
)
  returns public.reservation_result
  language plpgsql
  security definer
  set search_path to ''
  set enable_seqscan to 'off'
  AS $function$
declare
  v_account public.credit_accounts;
  v_before public.metered_jobs;
  v_version integer;
  v_priced credits_private.priced_usage;
  v_result public.reservation_result;
begin
  p_ttl := coalesce(p_ttl, credits_private.hold());
  perform credits_private.check_reservation(p_user_id, p_job_id, 1, coalesce(p_job_type, p_action), p_ttl);
  select * into v_account from public.credit_accounts where user_id = p_user_id for no key update;
  select * into v_before from public.metered_jobs where user_id = p_user_id and job_id = p_job_id;
  -- In two conditions: in one, the query would run for a new job as well.
  if v_before.action = p_action then
    if exists (select from public.credit_usage_logs where user_id = p_user_id and job_id = p_job_id) then -- rule: version-kept
      v_version := v_before.version;
    end if;
  end if;
  v_version := coalesce(v_version, credits_private.current_version(p_action));
  if v_version is null then
    return row('not_offered', null, null, null, null, null, null, null)::public.reservation_result;
  end if;

  v_priced := credits_private.price_usage(p_action, v_version, p_usage);
  if v_priced.outcome = 'invalid' then
    perform credits_private.refuse_argument('p_usage', 'must be lines of a meter and a quantity');
  elsif v_priced.outcome <> 'ok' then
    return row(v_priced.outcome, null, null, null, null, null, null, null)::public.reservation_result;
  elsif v_priced.cost = 0 then
    -- What costs nothing needs no credits, and so perhaps the first account of its user.
    v_account := credits_private.ensure_account(p_user_id);
  end if;
  v_result := credits_private.hold_credits(
    v_account, p_job_id, v_priced.cost, coalesce(p_job_type, p_action), p_description, p_metadata, p_ttl
  );
  if v_result.outcome = 'reserved' then
    -- The id of a job that is archived may be reserved anew.
    if v_before.job_id is not null then -- rule: reserved-anew
      delete from public.usage_lines where user_id = p_user_id and job_id = p_job_id;
      delete from public.metered_jobs where user_id = p_user_id and job_id = p_job_id;
    end if;
    insert into public.metered_jobs (user_id, job_id, action, version, ceiling, created_at)
    values (p_user_id, p_job_id, p_action, v_version, p_usage, credits_private.clock());
  end if;
  return v_result;
end;
$function$;

create index credit_purchases_by_pack on public.credit_purchases using btree (pack_id, user_id);
