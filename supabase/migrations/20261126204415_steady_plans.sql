drop index "public"."credit_purchases_by_pack";

create index credit_purchases_by_pack on public.credit_purchases using btree (pack_id, user_id);
