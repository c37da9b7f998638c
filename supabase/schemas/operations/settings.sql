-- Settings: what an operator tunes, changed by an RPC that remembers who, why, and what it was before.

create table credits_private.setting_tables (
  setting_table text primary key check (to_regclass(setting_table) is not null),
  key_column text
);

comment on table credits_private.setting_tables is
  'Tables whose values change_setting() may change: one row, or one for each key_column.';

create table credits_private.retention (
  what text primary key,
  keep_for interval check (keep_for >= interval '60 days'),
  walked_to uuid
);

comment on table credits_private.retention is
  'How long what grows is kept where it is (null: for ever). Never less than 60 days: Stripe tells of events for 30, and delayed payments take two weeks. walked_to is where a walk over all users goes on.';

alter table credits_private.setting_tables enable row level security;
alter table credits_private.retention enable row level security;

create policy "nobody but the functions" on credits_private.setting_tables using (false);
create policy "nobody but the functions" on credits_private.retention using (false);

revoke all on credits_private.setting_tables, credits_private.retention from public, anon, authenticated, service_role;

insert into credits_private.setting_tables (setting_table, key_column) values ('credits_private.retention', 'what');

create function credits_private.kept_since(p_what text, p_before timestamptz) returns timestamptz
  language plpgsql set search_path = ''
as $$
begin
  if p_before is null then
    return (select credits_private.clock() - keep_for from credits_private.retention where what = p_what);
  elsif p_before > credits_private.clock() - interval '60 days' then -- rule: kept-at-least
    perform credits_private.refuse_argument('p_before', 'must be at least 60 days ago');
  end if;
  return p_before;
end;
$$;

comment on function credits_private.kept_since(text, timestamptz) is
  'What is older need not be kept: p_before, or what the retention says; null where all is kept.';

create type public.setting_result as (outcome text, setting text, old_value text, new_value text);

create function public.change_setting(
  p_table text,
  p_row text,
  p_column text,
  p_value text,
  p_reason text,
  p_actor text default null
) returns public.setting_result
  language plpgsql security definer set search_path = ''
as $$
declare
  v_table credits_private.setting_tables;
  v_type text;
  v_key text;
  v_setting text := concat_ws('.', p_table, p_row, p_column);
  v_old text;
  v_new text;
begin
  perform credits_private.require_actor(p_actor, p_reason);
  select * into v_table from credits_private.setting_tables
  where split_part(setting_table, '.', 2) = p_table; -- rule: settings-only
  if not found then
    perform credits_private.refuse_argument('p_table', 'is none of the tables of settings');
  end if;
  select format_type(a.atttypid, a.atttypmod) into v_type
  from pg_catalog.pg_attribute a
  where a.attrelid = v_table.setting_table::regclass and a.attname = p_column and a.attnum > 0 and not a.attisdropped
    and a.attname not in ('id', 'only_row', 'updated_at', 'walked_to', coalesce(v_table.key_column, '')); -- rule: values-only
  if not found then
    perform credits_private.refuse_argument('p_column', 'is no setting of ' || p_table);
  end if;
  v_key := case when v_table.key_column is null then 'only_row' else format('%I = %L', v_table.key_column, p_row) end;
  execute format('select %I::text from %s where %s for update', p_column, v_table.setting_table::regclass, v_key) into strict v_old;
  execute format(
    'update %s set %I = %L::%s where %s returning %2$I::text', v_table.setting_table::regclass, p_column, p_value, v_type, v_key
  ) into strict v_new;
  if v_new is not distinct from v_old then
    return row('unchanged', v_setting, v_old, v_new)::public.setting_result;
  end if;
  -- rule: settings-noted
  perform credits_private.note_action(p_actor, 'change_setting', null, v_setting, p_reason, jsonb_build_object('old', v_old, 'new', v_new));
  return row('changed', v_setting, v_old, v_new)::public.setting_result;
exception
  when no_data_found or too_many_rows then
    perform credits_private.refuse_argument('p_row', 'names no row of ' || p_table);
    return null;
  when check_violation or not_null_violation or invalid_text_representation or datetime_field_overflow
    or invalid_datetime_format or numeric_value_out_of_range then
    perform credits_private.refuse_argument('p_value', 'is refused by ' || p_column);
    return null;
end;
$$;

comment on function public.change_setting(text, text, text, text, text, text) is
  'Sets one value of a table of settings: p_row is its key (null where the table has one row), p_value its text (null: none). Outcomes: changed, unchanged. Idempotent. Raises 22023 for what is no setting, a value that the column refuses, and for an actor or a reason of nothing; the actor is by default the database''s own user.';

revoke all on function public.change_setting(text, text, text, text, text, text) from public, anon, authenticated, service_role;
grant execute on function public.change_setting(text, text, text, text, text, text) to service_role;

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
