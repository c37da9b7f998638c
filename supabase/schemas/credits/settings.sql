-- Credit settings: what an operator may tune without a deploy.

create table credits_private.credit_settings (
  only_row boolean primary key default true check (only_row),
  signup_bonus_amount public.credit_amount not null default 10,
  signup_bonus_lifetime interval check (signup_bonus_lifetime > interval '0'),
  signup_bonus_when text not null default 'confirmed' check (signup_bonus_when in ('confirmed', 'first_payment')),
  reservation_max_lifetime interval not null default '2 hours' check (reservation_max_lifetime > interval '0'),
  metadata_keys text[] not null default array[
    'prompt', 'total_cost', 'pricing_snapshot', 'batches_consumed', 'title', 'pages', 'with_images', 'cost_per_page'
  ]
);

comment on table credits_private.credit_settings is
  'The signup bonus (0 switches it off; a null lifetime never expires; it comes when an address is confirmed, or with the first payment), how long a reservation may be extended and after how long work that nobody finished ends, and which keys of its metadata a reservation keeps (I2).';

insert into credits_private.credit_settings default values;

alter table credits_private.credit_settings enable row level security;

create policy "nobody but the functions" on credits_private.credit_settings using (false);

revoke all on credits_private.credit_settings from public, anon, authenticated, service_role;
