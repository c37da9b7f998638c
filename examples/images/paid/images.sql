-- Pictures for credits: the migration of one's own that comes after the credits'.
--
-- A picture's id is its reservation's: what became of the credits says what became of the picture, and needs no column.

create table public.images (
  id uuid not null,
  user_id uuid not null,
  prompt text not null check (length(prompt) between 1 and 1000),
  path text, -- in the bucket "images", once it is paid for
  created_at timestamptz not null default now(),
  primary key (user_id, id)
);

create index images_by_user on public.images (user_id, created_at desc);

alter table public.images enable row level security;

create policy "owners read their images" on public.images
  for select to authenticated using (user_id = (select auth.uid()));

revoke all on public.images from anon, authenticated, service_role;
grant select on public.images to authenticated, service_role;

create view public.image_list with (security_invoker = true) as
select i.id, i.user_id, i.prompt, i.path, i.created_at, u.status, u.credits_used, u.refunded_amount
from public.images i
join public.credit_usage_logs u on u.user_id = i.user_id and u.job_id = i.id;

revoke all on public.image_list from anon, authenticated, service_role;
grant select on public.image_list to authenticated;

create policy "owners read their image files" on storage.objects
  for select to authenticated using (
    bucket_id = 'images'
    and exists (select from public.images i where i.user_id = (select auth.uid()) and i.path = objects.name)
  );

-- What it costs by its size, and more from a better model, and how often it may be asked for. Both can be changed without a
-- deploy; another size, or one for which there is no price, is refused before anything is painted.
select public.save_rate_card(
  'image',
  '[
    {"meter": "picture", "price": 2, "match": {"size": "512x512"}},
    {"meter": "picture", "price": 5, "match": {"size": "1024x1024"}},
    {"meter": "picture", "price": 8, "match": {"size": "1024x1024", "model": "painter-large"}}
  ]',
  p_reason => 'First prices'
);
insert into public.rate_limit_policies (action, max_requests, window_minutes) values ('image', 3, 1);

-- Whether work may begin: limit, price and reservation are one transaction. A refusal is returned and not raised, so that
-- the record of having asked stays.
create function public.order_image(p_user_id uuid, p_image_id uuid, p_prompt text, p_size text, p_model text)
  returns jsonb
  language plpgsql security definer set search_path = ''
as $$
declare
  v_limit credits_private.rate_check := credits_private.consume_policy(p_user_id, 'image');
  v_hold public.reservation_result;
begin
  if not v_limit.allowed then
    return jsonb_build_object('outcome', 'rate_limited', 'retry_after_seconds', v_limit.retry_after_seconds);
  end if;
  v_hold := public.reserve_metered(
    p_user_id, p_image_id, 'image',
    jsonb_build_array(jsonb_build_object('meter', 'picture', 'quantity', 1, 'size', p_size, 'model', p_model)),
    p_description => 'A picture'
  );
  if v_hold.outcome not in ('reserved', 'already_reserved') then
    return jsonb_build_object('outcome', v_hold.outcome, 'required', v_hold.required);
  end if;
  insert into public.images (id, user_id, prompt) values (p_image_id, p_user_id, p_prompt) on conflict do nothing;
  return jsonb_build_object('outcome', v_hold.outcome, 'cost', v_hold.amount);
end;
$$;

-- Delivered means paid: storing the picture's place and charging for it are one transaction. What was held for is what was
-- painted, so there is nothing else to report.
create function public.deliver_image(p_user_id uuid, p_image_id uuid, p_path text) returns text
  language plpgsql security definer set search_path = ''
as $$
declare
  v_charge public.usage_settlement := public.settle_usage(p_user_id, p_image_id, null);
begin
  if v_charge.outcome in ('settled', 'settled_late') then
    update public.images set path = p_path where id = p_image_id and user_id = p_user_id;
  end if;
  return v_charge.outcome;
end;
$$;

revoke all on function public.order_image(uuid, uuid, text, text, text) from public, anon, authenticated;
revoke all on function public.deliver_image(uuid, uuid, text) from public, anon, authenticated;
grant execute on function public.order_image(uuid, uuid, text, text, text) to service_role;
grant execute on function public.deliver_image(uuid, uuid, text) to service_role;

-- erase_user() calls this with the credits' own steps; the files are for the caller to remove.
create function private.erase_images(p_user_id uuid) returns text[]
  language plpgsql set search_path = ''
as $$
declare
  v_files text[];
begin
  select array_agg('images/' || path) filter (where path is not null) into v_files
  from public.images where user_id = p_user_id;
  delete from public.images where user_id = p_user_id;
  return v_files;
end;
$$;

insert into credits_private.erasure_steps (position, step) values (60, 'private.erase_images');
insert into credits_private.user_data (relation, domain, on_erasure, why)
values ('images', 'images', 'deleted', 'what was drawn'), ('image_list', 'images', 'deleted', 'a view of images');
