/**
 * What was made for a user, as row security shows it to the owner.
 *
 * @module
 */
import type { SupabaseClient } from "@supabase/supabase-js";
import { userClient } from "../_shared/database/client.ts";

/** A client for tables that only the product can name: its rows have no type until a schema has read them. */
export function own(token: string): SupabaseClient {
  return userClient(token) as SupabaseClient;
}
