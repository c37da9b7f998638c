-- Packs: what can be bought, and in which currencies.
--
-- Invariants
--   * A pack has one price in each currency that it is sold in.

create table public.credit_packs (
  id uuid primary key default gen_random_uuid(),
  name text not null unique check (name <> ''),
  credits public.credit_amount not null check (credits > 0),
  amount_cents bigint not null check (amount_cents > 0),
  currency text not null default 'usd' check (currency ~ '^[a-z]{3}$'),
  stripe_price_id text unique,
  allow_promotion_codes boolean not null default false,
  active boolean not null default true,
  position integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

comment on table public.credit_packs is
  'What can be bought. With no stripe_price_id the checkout describes the price to Stripe itself. allow_promotion_codes: Stripe''s page takes them; the credits stay the pack''s.';

create trigger credit_packs_touch before update on public.credit_packs
  for each row execute function credits_private.touch_updated_at();

insert into public.credit_packs (name, credits, amount_cents, position)
values ('Starter', 10, 1000, 1), ('Family', 30, 2700, 2), ('Classroom', 120, 9600, 3);

create table public.credit_pack_prices (
  pack_id uuid references public.credit_packs (id),
  currency text check (currency ~ '^[a-z]{3}$'),
  amount_cents bigint not null check (amount_cents > 0),
  stripe_price_id text,
  primary key (pack_id, currency)
);

comment on table public.credit_pack_prices is
  'What a pack costs in currencies other than its own, in the smallest unit of each. A price at Stripe may have several currencies, and so stand in several rows.';

alter table public.credit_packs enable row level security;
alter table public.credit_pack_prices enable row level security;

create policy "signed-in users see what they can buy" on public.credit_packs
  for select to authenticated using (active);
create policy "operators set packs" on public.credit_packs to service_role using (true) with check (true);
create policy "signed-in users see what packs cost" on public.credit_pack_prices
  for select to authenticated using (exists (select from public.credit_packs k where k.id = pack_id));
create policy "operators set prices of packs" on public.credit_pack_prices to service_role using (true) with check (true);

revoke all on public.credit_packs, public.credit_pack_prices from public, anon, authenticated, service_role;
grant select (id, name, credits, amount_cents, currency, position, active) on public.credit_packs to authenticated;
grant select, insert, update on public.credit_packs to service_role;
grant select (pack_id, currency, amount_cents) on public.credit_pack_prices to authenticated;
grant select, insert, update, delete on public.credit_pack_prices to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('credit_packs', 'billing', 'none', 'prices'), ('credit_pack_prices', 'billing', 'none', 'prices');

create function credits_private.pack_in(p_pack_id uuid, p_currency text) returns public.credit_packs
  language plpgsql stable set search_path = ''
as $$
declare
  v_pack public.credit_packs;
begin
  select * into v_pack
  from public.credit_packs
  where id = p_pack_id
    and active; -- rule: pack-on-sale
  if v_pack.currency <> p_currency then -- rule: other-currency
    select p.currency, p.amount_cents, p.stripe_price_id
    into v_pack.currency, v_pack.amount_cents, v_pack.stripe_price_id
    from public.credit_pack_prices p
    where p.pack_id = p_pack_id and p.currency = p_currency;
    if not found then -- rule: sold-in-currency
      return null;
    end if;
  end if;
  return v_pack;
end;
$$;

comment on function credits_private.pack_in(uuid, text) is
  'A pack that is sold, at its price in a currency (null: its own); null when it is not sold, or not in that currency.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
