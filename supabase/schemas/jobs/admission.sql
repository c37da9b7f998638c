-- Admission: whether work may begin. Rate limit, rules, price, reservation and job are one transaction.
--
-- Invariants
--   * A refusal is returned, not raised, so that the record of having been asked stays (M4).
--   * An idempotency key stands for one request: the same one gets its first job, another one is told so.
--   * What a reservation keeps is its price; what was asked for stands on the product's own row.
--
-- Lock order: ARCHITECTURE.md.

create type public.admission_result as (
  outcome text,
  code text,
  field text,
  message text,
  resource_id uuid,
  job_id uuid,
  status public.job_status,
  cost numeric,
  required numeric,
  rate_limit integer,
  rate_remaining integer,
  rate_window_seconds integer,
  retry_after_seconds integer
);

create function credits_private.digest_of(p_job_type text, p_request jsonb) returns text
  language plpgsql immutable set search_path = ''
as $$
begin
  return encode(sha256(convert_to(p_job_type || ':' || p_request::text, 'UTF8')), 'hex');
end;
$$;

comment on function credits_private.digest_of(text, jsonb) is
  'What an idempotency key stands for: equal requests have equal digests, whatever the order of their fields.';

create function credits_private.earlier_admission(p_user_id uuid, p_job_type text, p_request jsonb, p_key text)
  returns public.admission_result
  language plpgsql stable set search_path = ''
as $$
declare
  v_job public.generation_jobs;
  v_result public.admission_result;
begin
  select * into v_job from public.generation_jobs where user_id = p_user_id and idempotency_key = p_key;
  if not found then -- rule: earlier-job
    return null;
  end if;
  if v_job.request_digest = credits_private.digest_of(p_job_type, p_request) then -- rule: same-request
    v_result.outcome := 'already_accepted';
    v_result.resource_id := v_job.resource_id;
    v_result.job_id := v_job.id;
    v_result.status := v_job.status;
    v_result.cost := v_job.cost;
  else
    v_result.outcome := 'idempotency_mismatch';
    v_result.code := 'idempotency_key_reused';
    v_result.message := 'Idempotency-Key was used with another request';
  end if;
  return v_result;
end;
$$;

comment on function credits_private.earlier_admission(uuid, text, jsonb, text) is
  'What an idempotency key was used for before; all columns null when it is new.';

create function credits_private.refused(p_result public.admission_result, p_code text, p_field text, p_message text)
  returns public.admission_result
  language plpgsql immutable set search_path = ''
as $$
begin
  p_result.outcome := 'invalid';
  p_result.code := p_code;
  p_result.field := p_field;
  p_result.message := p_message;
  return p_result;
end;
$$;

comment on function credits_private.refused(public.admission_result, text, text, text) is
  'The outcome of a request that breaks a rule.';

create function credits_private.fault_of(p_field credits_private.job_request_fields, p_value jsonb) returns text
  language plpgsql immutable set search_path = ''
as $$
declare
  v_text text := p_value #>> '{}';
begin
  case p_field.kind
    when 'text' then
      if jsonb_typeof(p_value) <> 'string' or credits_private.visible_length(v_text) < p_field.least then
        return format('must have at least %s characters', p_field.least);
      elsif length(v_text) > p_field.most then
        return format('must have at most %s characters', p_field.most);
      end if;
    when 'integer' then
      -- The order of these three is the order of their evaluation: only a number is compared as one.
      if jsonb_typeof(p_value) <> 'number' then -- rule: number
        return format('must be between %s and %s', p_field.least, p_field.most);
      elsif v_text::numeric not between p_field.least and p_field.most or v_text::numeric <> trunc(v_text::numeric) then
        return format('must be between %s and %s', p_field.least, p_field.most);
      end if;
    when 'boolean' then
      if jsonb_typeof(p_value) <> 'boolean' then
        return 'must be true or false';
      end if;
    when 'uuid' then
      if credits_private.as_uuid(v_text) is null then
        return 'must be a uuid';
      end if;
    when 'language' then
      if jsonb_typeof(p_value) <> 'string' or v_text !~ '^[A-Za-z]{2}(-[A-Za-z0-9]{1,8}){0,4}$' then
        return 'must be a language tag with a two-letter code, such as de or de-DE';
      end if;
  end case;
  return null;
end;
$$;

comment on function credits_private.fault_of(credits_private.job_request_fields, jsonb) is
  'Which rule a field''s value breaks, or null.';

create function credits_private.check_request(p_result public.admission_result, p_job_type text, p_request jsonb)
  returns public.admission_result
  language plpgsql stable set search_path = ''
as $$
declare
  v_field credits_private.job_request_fields;
  v_value jsonb;
  v_fault text;
begin
  for v_field in
    select * from credits_private.job_request_fields where job_type = p_job_type order by position
  loop
    v_value := coalesce(p_request -> v_field.field, 'null');
    continue when v_value = 'null' and not v_field.required;
    v_fault := credits_private.fault_of(v_field, v_value);
    if v_fault is not null then
      return credits_private.refused(p_result, 'invalid_field', v_field.field, v_field.field || ' ' || v_fault);
    end if;
  end loop;
  return p_result;
end;
$$;

comment on function credits_private.check_request(public.admission_result, text, jsonb) is
  'Refuses a request by the first field that breaks its rule.';

create function credits_private.field_of(p_job_type text, p_request jsonb, p_field text) returns text
  language plpgsql stable set search_path = ''
as $$
begin
  return coalesce(
    p_request ->> p_field,
    (
      select fallback #>> '{}'
      from credits_private.job_request_fields
      where job_type = p_job_type and field = p_field
    )
  );
end;
$$;

comment on function credits_private.field_of(text, jsonb, text) is
  'What a request says in a field, or the field''s fallback.';

create function credits_private.begin_admission(
  p_user_id uuid,
  p_job_type text,
  p_request jsonb,
  p_idempotency_key text
) returns public.admission_result
  language plpgsql set search_path = ''
as $$
declare
  v_check credits_private.rate_check;
  v_result public.admission_result;
  v_earlier public.admission_result;
begin
  if p_idempotency_key is not null then
    v_earlier := credits_private.earlier_admission(p_user_id, p_job_type, p_request, p_idempotency_key);
    if v_earlier.outcome = 'already_accepted' then -- rule: mismatch-counts
      perform credits_private.require_user(p_user_id); -- rule: gone-repeat-nothing
      return v_earlier;
    end if;
  end if;

  v_check := credits_private.consume_policy(
    p_user_id, (select policy from credits_private.job_kinds where job_type = p_job_type)
  );
  v_result.rate_limit := v_check.max_requests;
  v_result.rate_remaining := v_check.remaining;
  v_result.rate_window_seconds := v_check.window_seconds;
  v_result.retry_after_seconds := v_check.retry_after_seconds;
  if not v_check.allowed then
    v_result.outcome := 'rate_limited';
    return v_result;
  end if;

  v_result := credits_private.check_request(v_result, p_job_type, p_request);
  if p_idempotency_key is not null and (v_result.outcome is null or v_earlier.outcome is not null) then
    -- Two requests with one key: the second waits here, and then finds the first one's job.
    perform credits_private.lock_account(p_user_id);
    v_earlier := credits_private.earlier_admission(p_user_id, p_job_type, p_request, p_idempotency_key);
    if v_earlier.outcome is not null then
      v_earlier.rate_limit := v_result.rate_limit;
      v_earlier.rate_remaining := v_result.rate_remaining;
      v_earlier.rate_window_seconds := v_result.rate_window_seconds;
      return v_earlier;
    end if;
  end if;
  return v_result;
end;
$$;

comment on function credits_private.begin_admission(uuid, text, jsonb, text) is
  'The first half of an admission: an earlier job of the same key, the rate limit, the bounds of the request. A key that stands for another request counts against the limit, a repetition does not. outcome is null when it may go on; with an idempotency key the account is locked then.';

create function credits_private.admit_job(
  p_result public.admission_result,
  p_user_id uuid,
  p_job_type text,
  p_resource_id uuid,
  p_request jsonb,
  p_idempotency_key text,
  p_price_action text,
  p_units integer,
  p_usage jsonb default null
) returns public.admission_result
  language plpgsql set search_path = ''
as $$
declare
  v_price record;
  v_job_id uuid := credits_private.uuid_v7();
  v_now timestamptz := credits_private.clock();
  v_reservation public.reservation_result;
begin
  if p_usage is null then
    v_price := credits_private.price_of(p_price_action, p_units);
    if not v_price.offered then -- rule: offered
      p_result.outcome := 'not_offered';
      return p_result;
    end if;
  end if;
  perform credits_private.lock_account(p_user_id);
  p_result := credits_private.check_unpaid_work(p_result, p_user_id);
  if p_result.outcome is not null then
    return p_result;
  end if;
  if p_usage is null then
    v_reservation := public.reserve_credits(
      p_user_id, v_job_id, v_price.cost, p_job_type, initcap(p_job_type), v_price.details
    );
  else
    v_reservation := public.reserve_metered(p_user_id, v_job_id, p_price_action, p_usage, p_job_type, initcap(p_job_type));
  end if;
  p_result.cost := coalesce(v_reservation.amount, v_reservation.required);
  if v_reservation.outcome <> 'reserved' then -- rule: paid-before-admitted
    p_result.outcome := replace(v_reservation.outcome, 'no_rate', 'not_offered');
    p_result.required := v_reservation.required;
    return p_result;
  end if;

  insert into public.generation_jobs (
    id, user_id, job_type, resource_id, units_total, idempotency_key, request_digest, cost, next_attempt_at, created_at
  )
  values (
    v_job_id, p_user_id, p_job_type, p_resource_id, p_units, p_idempotency_key,
    case when p_idempotency_key is not null then credits_private.digest_of(p_job_type, p_request) end,
    p_result.cost, v_now, v_now
  );
  p_result.outcome := 'accepted';
  p_result.resource_id := p_resource_id;
  p_result.job_id := v_job_id;
  p_result.status := 'queued';
  return p_result;
end;
$$;

comment on function credits_private.admit_job(public.admission_result, uuid, text, uuid, jsonb, text, text, integer, jsonb) is
  'The second half of an admission that begin_admission() let pass: price, reservation and job. With p_usage the most that the job may use is held, by the rate card of p_price_action. The product writes its own row when the outcome is accepted.';

revoke all on all functions in schema credits_private from public, anon, authenticated, service_role;
