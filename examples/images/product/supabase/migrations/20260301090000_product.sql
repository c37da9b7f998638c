-- The product before it had credits. Its names are the ones that others like, too.

create schema private;

create table public.stories (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  title text not null,
  created_at timestamptz not null default now()
);

-- Prints, paid by bank transfer.
create table public.purchases (
  id bigint generated always as identity primary key,
  user_id uuid references auth.users (id) on delete set null,
  story_id uuid references public.stories (id) on delete set null,
  amount_cents integer not null
);

alter table public.stories enable row level security;
alter table public.purchases enable row level security;

create policy "owners do with their stories as they like" on public.stories
  to authenticated using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy "owners read their purchases" on public.purchases
  for select to authenticated using (user_id = (select auth.uid()));

create function private.welcome() returns trigger
  language plpgsql security definer set search_path = ''
as $$
begin
  insert into public.stories (user_id, title) values (new.id, 'My first story');
  return null;
end;
$$;

create trigger welcome after insert on auth.users for each row execute function private.welcome();
