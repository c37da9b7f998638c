-- Pricing: what each action of a product costs, in credits per unit. A product adds its own prices.
--
-- Invariants
--   * What is not active is not offered: nobody is shown its price, and no order of it is admitted.
--   * A reservation keeps the prices it was made with, so that a price change never alters an open one.
--   * updated_at moves on every update (I1).

create table public.credit_pricing (
  action text primary key check (action <> ''),
  credits public.credit_amount not null check (credits > 0),
  unit text not null check (unit <> ''),
  description text not null,
  active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

comment on table public.credit_pricing is 'Prices in credits per unit, such as a page; ''each'' is a price for the whole. What is not active is not offered. Operators change both; open reservations keep theirs.';

create trigger credit_pricing_touch before update on public.credit_pricing
  for each row execute function credits_private.touch_updated_at();

alter table public.credit_pricing enable row level security;

create policy "signed-in users see what is offered" on public.credit_pricing
  for select to authenticated using (active);
create policy "operators set prices" on public.credit_pricing to service_role using (true) with check (true);

revoke all on public.credit_pricing from public, anon, authenticated, service_role;
grant select on public.credit_pricing to authenticated;
grant select, insert, update on public.credit_pricing to service_role;

insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('credit_pricing', 'credits', 'none', 'prices');

create function credits_private.price_of(
  p_action text,
  p_units integer,
  out cost numeric,
  out details jsonb,
  out offered boolean
)
  language plpgsql stable set search_path = ''
as $$
declare
  v_price public.credit_pricing;
begin
  select * into strict v_price from public.credit_pricing where action = p_action;
  offered := v_price.active;
  cost := v_price.credits * case v_price.unit when 'each' then 1 else p_units end;
  details := jsonb_build_object(
    'total_cost', cost,
    'pricing_snapshot', jsonb_build_object(
      'action', v_price.action,
      'credits', v_price.credits, -- rule: price-kept
      'unit', v_price.unit, 'as_of', v_price.updated_at
    )
  );
end;
$$;

comment on function credits_private.price_of(text, integer) is
  'Today''s cost of an action for so many units, and what a reservation keeps of it: the cost, and the price it was computed from; and whether it is offered.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
