-- Job registry: what a product says about its kinds of work, so that nothing else here knows any product.
--
-- Invariants
--   * A kind of job names its rate limit, and two functions of the product's own: what the backend is asked for, and how
--     the thing it makes follows its job.
--   * A bound of a request stands here and nowhere else: Postgres refuses by it, and the routes publish it.

create table credits_private.job_kinds (
  job_type text primary key check (job_type ~ '^[a-z][a-z_]{0,39}$'),
  policy text not null,
  request_function text not null,
  follow_function text not null
);

comment on table credits_private.job_kinds is
  'The kinds of work. policy is the action in rate_limit_policies that limits its admissions. request_function takes a job and returns what the generation backend is asked for (jsonb); follow_function takes a job whose status has changed and brings the product''s own row to it.';

create table credits_private.job_request_fields (
  job_type text not null references credits_private.job_kinds (job_type),
  field text not null,
  position integer not null,
  kind text not null check (kind in ('text', 'integer', 'boolean', 'uuid', 'language')),
  least integer,
  most integer,
  required boolean not null default true,
  fallback jsonb,
  primary key (job_type, field),
  unique (job_type, position),
  check ((kind in ('text', 'integer')) = (least is not null and most is not null)),
  check (fallback is null or not required)
);

comment on table credits_private.job_request_fields is
  'The fields of a request, in the order in which they are checked. least and most are the bounds of a number, or of the characters of a text, what cannot be seen not counted among the least.';

alter table credits_private.job_kinds enable row level security;
alter table credits_private.job_request_fields enable row level security;

create policy "nobody but the functions" on credits_private.job_kinds using (false);
create policy "nobody but the functions" on credits_private.job_request_fields using (false);

revoke all on credits_private.job_kinds, credits_private.job_request_fields
  from public, anon, authenticated, service_role;

create function credits_private.check_job_kind() returns trigger
  language plpgsql set search_path = ''
as $$
begin
  if not exists (select from public.rate_limit_policies where action = new.policy) then
    perform credits_private.refuse_argument('policy', 'must be an action of rate_limit_policies: ' || new.policy);
  elsif to_regprocedure(new.request_function || '(public.generation_jobs)') is null then
    perform credits_private.refuse_argument('request_function', 'must be a function of a job: ' || new.request_function);
  elsif to_regprocedure(new.follow_function || '(public.generation_jobs)') is null then
    perform credits_private.refuse_argument('follow_function', 'must be a function of a job: ' || new.follow_function);
  end if;
  return new;
end;
$$;

comment on function credits_private.check_job_kind() is 'Says what a kind of job lacks, when it registers.';

create trigger check_job_kind before insert or update on credits_private.job_kinds
  for each row execute function credits_private.check_job_kind();

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
