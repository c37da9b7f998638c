-- Pricing: what a story and a book cost, in credits.
--
-- Invariants
--   * A reservation keeps the prices it was made with, so that a price change never alters an open one.
--   * updated_at moves on every update (I1).

create table public.credit_pricing (
  action text primary key check (action <> ''),
  credits public.credit_amount not null check (credits > 0),
  unit text not null check (unit in ('each', 'page')),
  description text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

comment on table public.credit_pricing is 'Prices in credits per unit. Operators change them; open reservations keep theirs.';

create trigger credit_pricing_touch before update on public.credit_pricing
  for each row execute function private.touch_updated_at();

insert into public.credit_pricing (action, credits, unit, description)
values
  ('story_page', 0.25, 'page', 'A page of a story'),
  ('book_page', 0.10, 'page', 'A page of a book without pictures'),
  ('book_page_with_image', 0.50, 'page', 'A page of a book with its picture');

alter table public.credit_pricing enable row level security;

create policy "prices are for signed-in users" on public.credit_pricing
  for select to authenticated using (true);
create policy "operators set prices" on public.credit_pricing to service_role using (true) with check (true);

revoke all on public.credit_pricing from public, anon, authenticated, service_role;
grant select on public.credit_pricing to authenticated;
grant select, insert, update on public.credit_pricing to service_role;

create function private.price_of(p_action text, p_pages integer, out cost numeric, out details jsonb)
  language plpgsql stable set search_path = ''
as $$
begin
  select
    p.credits * u.units,
    jsonb_build_object(
      'total_cost', p.credits * u.units, 'pages', p_pages, 'cost_per_page', p.credits * u.units / p_pages,
      'pricing_snapshot', jsonb_build_object('action', p.action, 'credits', p.credits, 'unit', p.unit, 'as_of', p.updated_at)
    )
  into strict cost, details
  from public.credit_pricing p
  cross join lateral (select case p.unit when 'page' then p_pages else 1 end as units) u
  where p.action = p_action;
end;
$$;

comment on function private.price_of(text, integer) is
  'Today''s cost of an action for so many pages, and what a reservation keeps of it: the cost, and the price it was computed from.';

revoke all on function private.price_of(text, integer) from public, anon, authenticated, service_role;
