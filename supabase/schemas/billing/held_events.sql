-- Held Stripe events: what an operator does with them. replay tries one again, dismiss lets one rest.
--
-- Invariants
--   * Only a held event changes, and only prune_stripe_events() deletes events.
--
-- Lock order: ARCHITECTURE.md.

create view public.held_stripe_events with (security_invoker = true) as
select id, type, reason, purchase_id, user_id, payment_intent_id, created_at, received_at, processed_at
from public.stripe_events
where outcome = 'held' and reason not in ('waits_for_payment', 'unpaid');

comment on view public.held_stripe_events is
  'For operators: events that were kept but not applied, and why, but for what waits by itself: news of payments that are not known (yet), or are of something else, and sessions whose money is on its way. replay_stripe_event() tries one again, dismiss_stripe_event() lets one rest.';

revoke all on public.held_stripe_events from public, anon, authenticated, service_role;
grant select on public.held_stripe_events to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('held_stripe_events', 'billing', 'none', 'a view');

create function public.replay_stripe_event(p_event_id text, p_reason text default null, p_actor text default null)
  returns public.stripe_event_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_event public.stripe_events;
  v_result public.stripe_event_result;
begin
  perform credits_private.require_actor(p_actor, p_reason);
  select * into v_event from public.stripe_events where id = p_event_id;
  if not found then
    perform credits_private.refuse_argument('p_event_id', 'is no event that was kept');
  end if;
  if v_event.outcome = 'held' and v_event.payment_intent_id is not null then
    perform credits_private.lock_payment(v_event.payment_intent_id);
  end if;
  perform 1 from public.credit_purchases where id = v_event.purchase_id for update;
  select * into v_event from public.stripe_events where id = p_event_id for update;
  if v_event.outcome <> 'held' then -- rule: replay-held
    return row('duplicate', v_event.id, v_event.reason, v_event.purchase_id, v_event.user_id)
      ::public.stripe_event_result;
  end if;
  v_result := credits_private.take_in(v_event.id, v_event.payload);
  -- rule: replay-noted
  perform credits_private.note_action(
    p_actor, 'replay_stripe_event', v_event.user_id, v_event.id, p_reason, jsonb_build_object('outcome', v_result.outcome)
  );
  return v_result;
end;
$$;

comment on function public.replay_stripe_event(text, text, text) is
  'Tries a held event again, for an operator who has removed the reason, and once it is applied what else is held about the same payment. Outcomes: applied, held (again, with today''s reason), ignored, duplicate (it was not held; nothing changes). Idempotent; operator_actions has who and why. Raises 22023 for an unknown event, and for an actor or a reason of nothing; the actor is by default the database''s own user.';

revoke all on function public.replay_stripe_event(text, text, text) from public, anon, authenticated, service_role;
grant execute on function public.replay_stripe_event(text, text, text) to service_role;

create function public.dismiss_stripe_event(p_event_id text, p_reason text default null, p_actor text default null)
  returns public.stripe_event_result
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_event public.stripe_events;
  v_result public.stripe_event_result;
begin
  perform credits_private.require_actor(p_actor, p_reason);
  select * into v_event from public.stripe_events where id = p_event_id;
  if not found then
    perform credits_private.refuse_argument('p_event_id', 'is no event that was kept');
  end if;
  perform 1 from public.credit_purchases where id = v_event.purchase_id for update;
  select * into v_event from public.stripe_events where id = p_event_id for update;
  if v_event.outcome <> 'held' then -- rule: dismiss-held
    return row('duplicate', v_event.id, v_event.reason, v_event.purchase_id, v_event.user_id)
      ::public.stripe_event_result;
  end if;
  -- What is still unpaid of the session whose success rests would wait for ever.
  perform credits_private.keep_effect(e.id, ('ignored', null, e.purchase_id, e.user_id))
  from public.stripe_events e
  where e.outcome = 'held' and e.purchase_id = v_event.purchase_id -- rule: one-rests-all
    and e.payload #>> '{data,object,id}' = v_event.payload #>> '{data,object,id}';
  v_result := credits_private.keep_effect(v_event.id, ('ignored', null, v_event.purchase_id, v_event.user_id));
  perform credits_private.note_action(p_actor, 'dismiss_stripe_event', v_event.user_id, v_event.id, p_reason); -- rule: dismissal-noted
  return v_result;
end;
$$;

comment on function public.dismiss_stripe_event(text, text, text) is
  'Lets a held event rest, for an operator who has dealt with it elsewhere, and with it what else is held about the same object (a session, a refund, a dispute) of the same purchase: none is tried again. A refund or dispute whose payment is still to come would be lost: wait for that. Outcomes: ignored, duplicate (it was not held; nothing changes). Idempotent; operator_actions has who and why. Raises 22023 for an unknown event, and for an actor or a reason of nothing; the actor is by default the database''s own user.';

revoke all on function public.dismiss_stripe_event(text, text, text) from public, anon, authenticated, service_role;
grant execute on function public.dismiss_stripe_event(text, text, text) to service_role;
