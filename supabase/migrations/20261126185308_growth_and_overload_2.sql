insert into public.rate_limit_policies (action, max_requests, window_minutes)
values ('estimate', '60', '1') on conflict do nothing;

insert into public.rate_limit_policies (action, max_requests, window_minutes)
values ('usage_csv', '6', '1') on conflict do nothing;

insert into public.rate_limit_policies (action, max_requests, window_minutes)
values ('usage_summary', '30', '1') on conflict do nothing;

insert into credits_private.quotes (action, quote)
values ('story', 'credits_private.quote_story') on conflict do nothing;
