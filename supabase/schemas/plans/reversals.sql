-- Reversals of invoices: what follows from refunds and disputes of their payments.
--
-- Invariants
--   * Everything is computed from all facts, never added up event by event. A partial reversal stands for the matching part
--     of all that the invoice grants, rounded down to a hundredth.
--   * What has not been granted yet goes first; then what is left of the invoice's own batches, then as with purchases.
--   * Credits that expired unused are gone already: nobody has to give them back a second time.
--   * A credit note without a refund is no fact here, and takes nothing.
--
-- Lock order: ARCHITECTURE.md.

create function credits_private.reversed_of_invoice(p_invoice public.subscription_invoices) returns bigint
  language plpgsql stable set search_path = ''
as $$
begin
  return least(p_invoice.total_cents, coalesce((
    select sum(r.refunded + r.disputed)
    from public.subscription_payments p
    cross join lateral credits_private.reversed_cents(
      p.payment_intent_id, p_invoice.currency, coalesce(p.amount_cents, p_invoice.total_cents)
    ) r
    where p.invoice_id = p_invoice.id -- rule: payments-of-invoice
  ), 0));
end;
$$;

comment on function credits_private.reversed_of_invoice(public.subscription_invoices) is
  'How much of an invoice has gone back to the payer, of all its payments, as far as Stripe has said.';

create function credits_private.enjoyed_credits(p_invoice public.subscription_invoices) returns numeric
  language plpgsql stable set search_path = ''
as $$
begin
  return p_invoice.granted - p_invoice.taken_credits - coalesce((
    select sum(l.amount)
    from credits_private.ledger_effects l
    join public.plan_grants g on g.user_id = l.user_id and g.batch_id = l.batch_id
    where l.user_id = p_invoice.user_id and g.invoice_id = p_invoice.id and l.kind = 'expire' -- rule: expired-is-gone
  ), 0) + coalesce((
    select sum(g.amount) from public.plan_grants g where g.invoice_id = p_invoice.id and g.kind = 'rollover' -- rule: rolled-over-is-not
  ), 0);
end;
$$;

comment on function credits_private.enjoyed_credits(public.subscription_invoices) is
  'What of an invoice''s credits its user has had or still has: neither expired unused nor taken back.';

create function credits_private.reverse_invoice(p_invoice_id text) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_invoice public.subscription_invoices;
  v_reference text := 'sub:' || p_invoice_id;
  v_before numeric;
  v_allowed numeric;
  v_change numeric;
begin
  select * into strict v_invoice from public.subscription_invoices where id = p_invoice_id;
  if v_invoice.total_cents = 0 then
    return;
  end if;
  perform credits_private.expire_batches(v_invoice.user_id); -- rule: expired-before-reversed
  v_before := v_invoice.reversed_credits;
  update public.subscription_invoices i
  set
    reversed_cents = r.cents,
    reversed_credits = trunc(credits_private.paid_credits(v_invoice) * r.cents / v_invoice.total_cents, 2) -- rule: part-of-invoice
  from (select credits_private.reversed_of_invoice(v_invoice) as cents) r
  where i.id = p_invoice_id
  returning i.* into v_invoice;
  v_allowed := least(v_invoice.granted, credits_private.paid_credits(v_invoice) - v_invoice.reversed_credits);
  v_change := credits_private.enjoyed_credits(v_invoice) - v_allowed;
  if v_change < 0 and v_invoice.reversed_credits < v_before then -- rule: given-back-when-less
    v_change := greatest(v_change, -v_invoice.taken_credits); -- rule: given-back-at-most
  else
    v_change := greatest(v_change, 0);
  end if;
  if v_change = 0 then
    return;
  end if;
  update public.subscription_invoices
  set taken_credits = taken_credits + v_change, reversal_count = reversal_count + 1
  where id = p_invoice_id
  returning * into v_invoice;
  if v_change > 0 then
    insert into public.credit_revocations (user_id, revocation_key, amount, debt_amount, reason, created_at)
    values (
      v_invoice.user_id, v_reference || ':' || v_invoice.reversal_count, v_change,
      credits_private.revoke_own(
        v_invoice.user_id, v_reference,
        array(select g.batch_id from public.plan_grants g where g.invoice_id = p_invoice_id) -- rule: own-plan-batches-first
          || credits_private.batches_of(v_invoice.user_id, v_reference),
        v_change
      ),
      'refunded', credits_private.clock()
    );
  else
    perform credits_private.reinstate_credits(
      v_invoice.user_id, v_reference, -v_change, 'plan', v_invoice.reversal_count, null
    );
  end if;
end;
$$;

comment on function credits_private.reverse_invoice(text) is
  'Brings a paid invoice to what all known refunds and disputes of its payments add up to. Idempotent; order-free. The caller holds the account''s lock, and the user is there.';

create function credits_private.reverse_payment(p_payment_intent_id text) returns credits_private.event_effect
  language plpgsql set search_path = ''
as $$
declare
  v_invoice public.subscription_invoices;
begin
  select i.* into strict v_invoice
  from public.subscription_payments p
  join public.subscription_invoices i on i.id = p.invoice_id
  where p.payment_intent_id = p_payment_intent_id;
  if credits_private.lock_user(v_invoice.user_id) then
    perform credits_private.reverse_invoice(v_invoice.id);
  else
    -- Whoever was erased has no credits that could be taken; the money is accounted for all the same.
    update public.subscription_invoices i
    set reversed_cents = credits_private.reversed_of_invoice(v_invoice) -- rule: reversal-of-nobody
    where i.id = v_invoice.id;
  end if;
  return ('applied', null, null, v_invoice.user_id)::credits_private.event_effect;
end;
$$;

comment on function credits_private.reverse_payment(text) is
  'The effect of a refund or a dispute of a payment that paid an invoice. The caller holds the payment''s lock.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
