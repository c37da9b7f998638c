-- Signup bonus: what a user is given for a confirmed e-mail address.
--
-- Invariants
--   * Once per user for ever, whatever addresses are confirmed.
--   * It never makes a sign-up fail.

create function credits_private.grant_signup_bonus() returns trigger
  language plpgsql security definer set search_path = '' set enable_seqscan = off
as $$
declare
  v_settings credits_private.credit_settings;
begin
  select * into v_settings from credits_private.credit_settings where only_row;
  if v_settings.signup_bonus_amount > 0 then
    perform public.grant_credits(
      new.id, v_settings.signup_bonus_amount, 'signup_bonus',
      'signup_bonus', -- rule: one-signup-bonus
      credits_private.clock() + v_settings.signup_bonus_lifetime, 'Signup bonus'
    );
  end if;
  return null;
exception when others then
  -- A sign-up must succeed whatever happens to its bonus; the operator finds it in the database's log.
  raise warning 'signup bonus failed for user %: % (%)', new.id, sqlerrm, sqlstate; -- rule: bonus-blocks-nothing
  return null;
end;
$$;

comment on function credits_private.grant_signup_bonus() is
  'Grants the signup bonus once per user for ever (its grant key is fixed) and never makes a sign-up fail.';

create trigger grant_signup_bonus_on_sign_up
  after insert on auth.users
  for each row when (new.email_confirmed_at is not null)
  execute function credits_private.grant_signup_bonus();

create trigger grant_signup_bonus_on_confirmation
  after update of email_confirmed_at on auth.users
  for each row when (old.email_confirmed_at is null and new.email_confirmed_at is not null)
  execute function credits_private.grant_signup_bonus();

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
