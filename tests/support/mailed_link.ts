import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import assert from "node:assert/strict";
import { stack } from "./people.ts";

/** Somebody who asked for a link by PKCE and has not followed it. */
export interface Asked {
  email: string;
  link: string;
  client: SupabaseClient;
  /** What the page of their browser keeps, the verifier among it. */
  storage: Map<string, string>;
}

/** Signs somebody new up as the page does; `redirectTo` is where the link shall lead. */
export async function askForLink(redirectTo?: string): Promise<Asked> {
  const storage = new Map<string, string>();
  const client = createClient(stack("API_URL"), stack("PUBLISHABLE_KEY"), {
    auth: {
      flowType: "pkce",
      detectSessionInUrl: false,
      autoRefreshToken: false,
      storage: {
        getItem: (key) => storage.get(key) ?? null,
        setItem: (key, value) => void storage.set(key, value),
        removeItem: (key) => void storage.delete(key),
      },
    },
  });
  const email = `${crypto.randomUUID()}@example.com`;
  const options = { emailRedirectTo: redirectTo };
  const { error } = await client.auth.signUp({ email, password: crypto.randomUUID(), options });
  assert.equal(error, null);
  const [{ link }] = await (await fetch(`${stack("INBOX_URL")}?to=${email}`)).json();
  return { email, link, client, storage };
}

/** Where a link leads, without going there. */
export async function follow(link: string): Promise<URL> {
  const answer = await fetch(link, { redirect: "manual" });
  assert.equal(answer.status, 303);
  return new URL(answer.headers.get("location") ?? "");
}
