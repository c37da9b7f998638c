-- Signup bonus: what a user is given for a confirmed e-mail address, or with the first payment.
--
-- Invariants
--   * Once per user and once per mailbox, for ever, whatever addresses are confirmed, changed or erased.
--   * It never makes a sign-up, or a payment, fail.

create function credits_private.give_signup_bonus(p_user_id uuid) returns void
  language plpgsql set search_path = ''
as $$
declare
  v_settings credits_private.credit_settings;
  v_email text;
begin
  select * into v_settings from credits_private.credit_settings where only_row;
  if v_settings.signup_bonus_amount = 0 then
    return;
  end if;
  select email into v_email
  from auth.users
  where id = p_user_id
    and email_confirmed_at is not null; -- rule: confirmed-address
  if v_email is not null then
    perform credits_private.ensure_account(p_user_id);
  end if;
  -- Whoever has had theirs keeps their place: another of their addresses must not use up a mailbox.
  if v_email is null
    or exists (select from public.user_credits where user_id = p_user_id and grant_key = 'signup_bonus')
    or not credits_private.claim_mailbox(v_email) then -- rule: one-bonus-per-mailbox
    return;
  end if;
  perform credits_private.grant_batch(
    p_user_id, v_settings.signup_bonus_amount, 'signup_bonus',
    'signup_bonus', -- rule: one-signup-bonus
    credits_private.clock() + v_settings.signup_bonus_lifetime, 'Signup bonus'
  );
exception when others then
  -- What it comes with must succeed whatever happens to it; the operator finds it in the database's log.
  raise warning 'signup bonus failed for user %: % (%)', p_user_id, sqlerrm, sqlstate; -- rule: bonus-blocks-nothing
end;
$$;

comment on function credits_private.give_signup_bonus(uuid) is
  'Grants the signup bonus, once per user (its grant key is fixed) and mailbox for ever, and never makes what it comes with fail.';

create function credits_private.greet_user() returns trigger
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
begin
  if (select signup_bonus_when from credits_private.credit_settings where only_row) = 'confirmed' then -- rule: bonus-when
    perform credits_private.give_signup_bonus(new.id);
  end if;
  return null;
end;
$$;

comment on function credits_private.greet_user() is
  'Gives a user whose address has just been confirmed the signup bonus, where the settings say so.';

create trigger grant_signup_bonus_on_sign_up
  after insert on auth.users
  for each row when (new.email_confirmed_at is not null)
  execute function credits_private.greet_user();

create trigger grant_signup_bonus_on_confirmation
  after update of email_confirmed_at on auth.users
  for each row when (old.email_confirmed_at is null and new.email_confirmed_at is not null)
  execute function credits_private.greet_user();

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
