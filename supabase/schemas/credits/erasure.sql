-- Erasure of an account: what is held goes back, words go, amounts stay under an id that names nobody.
--
-- Lock order: ARCHITECTURE.md. Locks the account for all the steps of an erasure that come after it.

create function credits_private.erase_credits(p_user_id uuid) returns text[]
  language plpgsql set search_path = ''
as $$
declare
  v_job_id uuid;
begin
  perform credits_private.ensure_account(p_user_id);
  for v_job_id in
    select job_id from public.credit_usage_logs where user_id = p_user_id and settled_at is null order by job_id
  loop
    perform credits_private.release_hold(p_user_id, v_job_id, 'erased');
  end loop;
  update public.credit_usage_logs
  set
    metadata = '{}', description = null, -- rule: words-erased
    settle_reason = case when settle_reason ~ '^[a-z][a-z_]*$' then settle_reason end
  where user_id = p_user_id;
  -- A key is an operator's own text; a purchase's or a plan's is made by machine, and a late refund still finds its batch by it.
  update public.user_credits
  set
    description = null,
    grant_key = case when source in ('purchase', 'signup_bonus', 'plan') then grant_key else 'erased:' || id end -- rule: keys-erased
  where user_id = p_user_id;
  update public.credit_refunds set reason = 'erased', refund_key = 'erased:' || id where user_id = p_user_id;
  update public.credit_revocations set reason = 'erased', revocation_key = 'erased:' || id where user_id = p_user_id;
  return null;
end;
$$;

comment on function credits_private.erase_credits(uuid) is
  'Erasure: locks the account, returns what is held, and empties what a user''s credits say beside amounts.';

insert into credits_private.erasure_steps (position, step) values (40, 'credits_private.erase_credits');

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
