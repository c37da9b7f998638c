/**
 * People for the tests that run against a stack: signed up, confirmed and with a token of their own.
 *
 * @module
 */
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import type { Database } from "../../supabase/functions/_shared/database/types.ts";

/** The running stack's address or key called `name`. */
export function stack(name: string): string {
  const value = Deno.env.get(name);
  if (!value) throw new Error(`${name} is not set: these tests need a running stack`);
  return value;
}

/** A client of the project's, as a browser or, with the secret key, a server has it. */
export function client(key = stack("PUBLISHABLE_KEY")): SupabaseClient<Database> {
  const auth = { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false };
  return createClient<Database>(stack("API_URL"), key, { auth });
}

/** Somebody who signed up. */
export interface Person {
  id: string;
  email: string;
  token: string;
  client: SupabaseClient<Database>;
}

/** The headers of a signed-in person. */
export const as = (person: Person) => ({ authorization: `Bearer ${person.token}` });

/** Signs somebody new up, with what they say about themselves, and confirms the e-mail; nobody knows the password unless told. */
export async function signUp(
  { email = `${crypto.randomUUID()}@example.com`, password = crypto.randomUUID(), data = {} }: {
    email?: string;
    password?: string;
    data?: Record<string, string>;
  } = {},
): Promise<Person> {
  const own = client();
  const { error } = await own.auth.signUp({ email, password, options: { data } });
  if (error) throw error;
  const mails: { code?: string }[] = await (await fetch(`${stack("INBOX_URL")}?to=${email}`)).json();
  const verified = await own.auth.verifyOtp({ email, token: mails[0].code ?? "", type: "signup" });
  if (verified.error) throw verified.error;
  const { user, session } = verified.data;
  if (!user || !session) throw new Error("the e-mail was confirmed without a session");
  return { id: user.id, email, token: session.access_token, client: own };
}

/** Gives `person` credits, as an operator would. */
export async function grant(person: Person, amount: number): Promise<void> {
  const args = {
    p_user_id: person.id,
    p_amount: amount,
    p_source: "adjustment",
    p_grant_key: crypto.randomUUID(),
  };
  const { error } = await client(stack("SECRET_KEY")).rpc("grant_credits", args);
  if (error) throw error;
}

/** Takes all credits of a user away, as an operator would, so that they cannot pay for anything. */
export async function impoverish(userId: string): Promise<void> {
  const operator = client(stack("SECRET_KEY"));
  const account = operator.from("credit_accounts").select("available").eq("user_id", userId);
  const { data } = await account.maybeSingle().throwOnError();
  const args = {
    p_user_id: userId,
    p_amount: -(data?.available ?? 0),
    p_adjustment_key: crypto.randomUUID(),
    p_reason: "a test of somebody who has none",
    p_actor: "test",
  };
  if (args.p_amount < 0) await operator.rpc("adjust_credits", args).throwOnError();
}
