/** Somebody with a browser: signs up, and calls the functions under their own token. */
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { z } from "zod";
import { Mismatch } from "./mismatch.ts";
import type { Site } from "./site.ts";

/** Calls `path` of the functions with supabase-js and checks the shape of the answer. */
export class Visitor {
  readonly email = `demo-${crypto.randomUUID().slice(0, 8)}@example.com`;
  readonly #client: SupabaseClient;

  constructor(readonly site: Site) {
    const auth = { persistSession: false, autoRefreshToken: false };
    this.#client = createClient(site.apiUrl, site.publishableKey, { auth });
  }

  /** Signs up; Auth sends an e-mail and gives no session yet. */
  async signUp(): Promise<void> {
    const { data, error } = await this.#client.auth.signUp({
      email: this.email,
      password: crypto.randomUUID(),
      options: { emailRedirectTo: this.site.apiUrl },
    });
    if (error) throw new Mismatch(`signing up failed: ${error.message}`);
    if (data.session) throw new Mismatch("signing up gave a session before the e-mail was confirmed");
  }

  /** Reads the e-mail in the stack's inbox and confirms it; the visitor is signed in from here on. */
  async confirmEmail(): Promise<string> {
    const response = await fetch(`${this.site.inboxUrl}?to=${encodeURIComponent(this.email)}`);
    const [mail] = z.array(z.object({ code: z.string() })).parse(await response.json());
    if (!mail) throw new Mismatch(`the inbox has no e-mail to ${this.email}`);
    const confirmation = { email: this.email, token: mail.code, type: "signup" } as const;
    const { data, error } = await this.#client.auth.verifyOtp(confirmation);
    if (error || !data.user || !data.session) {
      throw new Mismatch(`the e-mail could not be confirmed: ${error?.message ?? "no session"}`);
    }
    return data.user.id;
  }

  /** GETs `path`, such as `credits-api/balance`. */
  async get<T>(path: string, shape: z.ZodType<T>): Promise<T> {
    return check(path, shape, await this.#invoke(path, { method: "GET" }));
  }

  /** POSTs `body` to `path`; the key makes a repetition harmless. */
  async post<T>(path: string, body: Record<string, unknown>, shape: z.ZodType<T>): Promise<T> {
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    return check(path, shape, await this.#invoke(path, { method: "POST", body, headers }));
  }

  async #invoke(path: string, options: NonNullable<Parameters<SupabaseClient["functions"]["invoke"]>[1]>) {
    const { data, error, response } = await this.#client.functions.invoke(path, options);
    if (!error) return data;
    const answer = await response?.text().catch(() => "");
    throw new Mismatch(`${path} answered ${response?.status ?? "nothing"}: ${answer || error.message}`);
  }
}

function check<T>(path: string, shape: z.ZodType<T>, data: unknown): T {
  const parsed = shape.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Mismatch(
    `${path} answered something else than promised: ${issue.path.join(".")}: ${issue.message}`,
  );
}
