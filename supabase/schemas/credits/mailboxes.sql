-- Mailboxes: which addresses are one mailbox, and which mailboxes have had their signup bonus.
--
-- Invariants
--   * A mailbox is known by a keyed hash alone: whoever reads the table learns no address from it.
--   * What is remembered names no user and outlives them, an erasure too; otherwise leaving and returning would pay.

create table credits_private.mail_providers (
  domain text primary key check (domain = lower(domain)),
  same_as text not null,
  ignored text not null default '',
  tag_separator text not null default '+' check (length(tag_separator) = 1)
);

comment on table credits_private.mail_providers is
  'How providers read the part before the @: mail to domain and to same_as reaches the same mailboxes, ignored are the characters that make no difference, and from tag_separator on it is a tag. At any other domain tags come after a plus sign, and dots make no difference: two people who differ by a dot alone are rarer than one who tries for two bonuses.';

insert into credits_private.mail_providers (domain, same_as, ignored, tag_separator)
values
  ('gmail.com', 'gmail.com', '.', '+'),
  ('googlemail.com', 'gmail.com', '.', '+'),
  ('proton.me', 'proton.me', '.-_', '+'),
  ('protonmail.com', 'proton.me', '.-_', '+'),
  ('pm.me', 'proton.me', '.-_', '+'),
  ('icloud.com', 'icloud.com', '', '+'),
  ('me.com', 'icloud.com', '', '+'),
  ('mac.com', 'icloud.com', '', '+'),
  ('yahoo.com', 'yahoo.com', '', '-'),
  ('ymail.com', 'ymail.com', '', '-'),
  ('rocketmail.com', 'rocketmail.com', '', '-'),
  ('outlook.com', 'outlook.com', '', '+'),
  ('hotmail.com', 'hotmail.com', '', '+'),
  ('live.com', 'live.com', '', '+'),
  ('msn.com', 'msn.com', '', '+'),
  ('yandex.ru', 'yandex.ru', '.-', '+'),
  ('yandex.com', 'yandex.ru', '.-', '+'),
  ('ya.ru', 'yandex.ru', '.-', '+');

create table credits_private.bonus_mailboxes (
  mailbox_hash bytea primary key
);

comment on table credits_private.bonus_mailboxes is 'The mailboxes that have had their signup bonus.';

create table credits_private.mailbox_key (
  only_row boolean primary key default true check (only_row),
  key bytea not null default sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))
);

comment on table credits_private.mailbox_key is
  'The key of the hashes in bonus_mailboxes, made at random by each installation. Another key forgets them all.';

insert into credits_private.mailbox_key default values;

alter table credits_private.mail_providers enable row level security;
alter table credits_private.bonus_mailboxes enable row level security;
alter table credits_private.mailbox_key enable row level security;

create policy "nobody but the functions" on credits_private.mail_providers using (false);
create policy "nobody but the functions" on credits_private.bonus_mailboxes using (false);
create policy "nobody but the functions" on credits_private.mailbox_key using (false);

revoke all on credits_private.mail_providers, credits_private.bonus_mailboxes, credits_private.mailbox_key
  from public, anon, authenticated, service_role;

create function credits_private.mailbox_of(p_email text) returns text
  language plpgsql stable set search_path = ''
as $$
declare
  v_email text := lower(normalize(btrim(p_email), NFKC));
  v_at integer := length(v_email) - position('@' in reverse(v_email)) + 1;
  v_domain text := rtrim(substr(v_email, v_at + 1), '.');
  v_provider credits_private.mail_providers;
  v_name text;
begin
  select * into v_provider from credits_private.mail_providers where domain = v_domain;
  v_name := split_part(left(v_email, v_at - 1), coalesce(v_provider.tag_separator, '+'), 1); -- rule: tags
  v_name := translate(v_name, coalesce(v_provider.ignored, '.'), ''); -- rule: ignored-characters
  return v_name || '@' || coalesce(v_provider.same_as, v_domain); -- rule: same-provider
end;
$$;

comment on function credits_private.mailbox_of(text) is
  'The one name of the mailbox that an address reaches, by the rules in mail_providers.';

create function credits_private.claim_mailbox(p_email text) returns boolean
  language plpgsql set search_path = ''
as $$
begin
  insert into credits_private.bonus_mailboxes (mailbox_hash)
  select sha256(k.key || sha256(k.key || convert_to(credits_private.mailbox_of(p_email), 'UTF8')))
  from credits_private.mailbox_key k
  where k.only_row
  on conflict (mailbox_hash) do nothing;
  return found;
end;
$$;

comment on function credits_private.claim_mailbox(text) is
  'Whether a mailbox has its bonus still to come; it has had it from then on.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
