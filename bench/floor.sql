-- What an admission must write and read whatever its rules: the rows of create_story in their usual case, and nothing
-- decided. No rate limit, no rule, no idempotency key and no balance can refuse anything here.

insert into public.api_rate_limits (identifier, action, hits)
select user_id::text, 'story_create', '{}' from public.credit_accounts;

create function public.admission_floor(p_user_id uuid, p_id uuid, p_prompt text) returns text
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_account record;
  v_cost numeric;
  v_batch bigint;
begin
  update public.api_rate_limits
  set hits = hits[cardinality(hits) - 58:] || clock_timestamp()
  where identifier = p_user_id::text and action = 'story_create';
  select credits * 8 into v_cost from public.credit_pricing where action = 'story_page';
  update public.credit_accounts
  set
    available = available - v_cost, reserved = reserved + v_cost, last_entry = last_entry + 1
  where user_id = p_user_id
  returning last_entry, available, reserved, debt into v_account;
  update public.user_credits
  set remaining_amount = remaining_amount - v_cost
  where user_id = p_user_id
    and id = (
      select id from public.user_credits where user_id = p_user_id and is_open order by expires_at, id limit 1
    )
  returning id into v_batch;
  insert into public.credit_usage_logs (
    user_id, job_id, job_type, reserved_amount, credits_used, status, metadata, first_entry, last_entry,
    expires_at
  )
  values (
    p_user_id, p_id, 'story', v_cost, v_cost, 'reserved', '{}',
    v_account.last_entry, v_account.last_entry, now() + interval '15 minutes'
  );
  insert into public.credit_ledger (
    user_id, entry, kind, amount, batch_id, job_id, available_after, reserved_after, debt_after
  )
  values (
    p_user_id, v_account.last_entry, 'reserve', v_cost, v_batch, p_id, v_account.available,
    v_account.reserved, v_account.debt
  );
  insert into public.generation_jobs (id, user_id, job_type, resource_id, units_total, cost)
  values (p_id, p_user_id, 'story', p_id, 8, v_cost);
  insert into public.stories (id, user_id, job_id, prompt, age_min, age_max, language, page_count)
  values (p_id, p_user_id, p_id, p_prompt, 4, 7, 'en', 8);
  return 'accepted';
end;
$$;
