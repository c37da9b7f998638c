-- Taking back: how the credits that a payment bought leave again, and return.
--
-- Invariants
--   * What is taken goes from the payment's own batches first, then from other credits, then becomes a debt.
--   * What comes back has the expiry that it had.
--
-- Lock order: ARCHITECTURE.md. The caller of every function here holds the locks of the payment and the account.

create function credits_private.revoke_own(p_user_id uuid, p_reference text, p_batches bigint[], p_amount numeric) returns numeric
  language plpgsql set search_path = ''
as $$
declare
  v_batch record;
  v_part numeric;
  v_left numeric := p_amount;
begin
  perform credits_private.expire_batches(p_user_id);
  for v_batch in
    select b.id, b.remaining_amount
    from public.user_credits b
    where b.user_id = p_user_id
      and b.is_open
      and b.id = any (p_batches) -- rule: own-batch-first
    order by b.id
  loop
    v_part := least(v_left, v_batch.remaining_amount);
    perform credits_private.post_entry(p_user_id, 'revoke', v_part, v_batch.id, null, p_reference);
    v_left := v_left - v_part;
    if v_left = 0 then
      return 0;
    end if;
  end loop;
  return credits_private.revoke_credits(p_user_id, v_left, p_reference);
end;
$$;

comment on function credits_private.revoke_own(uuid, text, bigint[], numeric) is
  'Takes credits that a payment bought back: from its own batches, then from the user''s others, then as a debt, which is returned. The caller holds the locks.';

create function credits_private.batches_of(p_user_id uuid, p_reference text) returns bigint[]
  language plpgsql stable set search_path = ''
as $$
begin
  return array(
    select b.id
    from public.user_credits b
    where b.user_id = p_user_id
      and (
        b.grant_key = p_reference
        or b.grant_key ^@ (p_reference || ':reinstated:') -- rule: reinstated-batch-too
      )
  );
end;
$$;

comment on function credits_private.batches_of(uuid, text) is
  'The batches of what was paid: what a reversal gave back is a batch of its own, so there can be several.';

create function credits_private.reinstate_credits(
  p_user_id uuid,
  p_reference text,
  p_amount numeric,
  p_source text,
  p_count integer,
  p_description text
) returns void
  language plpgsql set search_path = ''
as $$
declare
  -- What expired meanwhile comes back for a day.
  v_soonest timestamptz := credits_private.clock() + interval '1 day';
  v_debt record;
  v_taken record;
  v_number integer := 0;
  v_part numeric;
  v_left numeric := p_amount;
begin
  for v_debt in
    select id, remaining_amount
    from public.credit_debts
    where user_id = p_user_id and reference = p_reference and remaining_amount > 0
    order by id
  loop
    exit when v_left = 0; -- rule: forgives-first
    v_part := least(v_left, v_debt.remaining_amount);
    update public.credit_debts
    set remaining_amount = remaining_amount - v_part
    where user_id = p_user_id and id = v_debt.id;
    perform credits_private.post_entry(p_user_id, 'forgive', v_part, null, null, p_reference);
    v_left := v_left - v_part;
  end loop;
  -- What later credits paid of the debt, the rest, has no batch of its own that it could go back to.
  for v_taken in
    select t.expires_at, sum(t.amount) as amount, false as is_rest
    from (
      select b.expires_at, l.amount
      from credits_private.ledger_effects l
      join public.user_credits b on b.user_id = l.user_id and b.id = l.batch_id
      where l.user_id = p_user_id and l.kind = 'revoke' and l.reference = p_reference
      union all
      select g.expires_at, -g.original_amount
      from public.user_credits g
      where g.user_id = p_user_id and g.grant_key ^@ (p_reference || ':reinstated:')
    ) t
    group by t.expires_at
    having sum(t.amount) > 0
    union all
    select null, p_amount, true
    order by is_rest, expires_at desc nulls first -- rule: longest-first
  loop
    exit when v_left = 0;
    v_number := v_number + 1;
    v_part := least(v_left, v_taken.amount);
    perform credits_private.grant_batch(
      p_user_id, v_part, p_source,
      concat_ws(':', p_reference, 'reinstated', p_count, v_number),
      case when v_taken.expires_at is not null then greatest(v_taken.expires_at, v_soonest) end, -- rule: same-expiry
      p_description
    );
    v_left := v_left - v_part;
  end loop;
end;
$$;

comment on function credits_private.reinstate_credits(uuid, text, numeric, text, integer, text) is
  'Gives back what a reversal had taken: forgives what is left of its debt, grants the rest with the expiry it had, what lasts longest first. The caller holds the locks.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
