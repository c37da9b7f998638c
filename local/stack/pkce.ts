/**
 * Links in e-mails that sign in by PKCE, as hosted Auth has them: they lead to `?code=`, which is worth nothing without the
 * verifier of the browser that asked. `@supabase/lite` exchanges such codes and mails links, but does not bring the two together.
 *
 * @module
 */
import type { EmailMessage } from "@supabase/lite";
import { type Context, Hono } from "hono";
import { decodeJwt } from "jose";
import { AsyncLocalStorage } from "node:async_hooks";
import type postgres from "postgres";
import { z } from "zod";

/** What GoTrue writes before the token of a link whose browser keeps a verifier. */
const MARK = "pkce_";

/** What GoTrue calls a sign-in, by the route that sends the e-mail, and by the type of the link in it. */
const METHODS = { signup: "email/signup", otp: "magiclink", magiclink: "magiclink", recover: "recovery" };
const METHODS_BY_TYPE: Record<string, string> = {
  signup: "email/signup",
  magiclink: "magiclink",
  recovery: "recovery",
};

const LOOPBACK = ["127.0.0.1", "localhost"];

const Asked = z.object({
  // What is no address is Auth's to refuse.
  email: z.string().catch(""),
  code_challenge: z.string().regex(/^[\w.~-]{43,128}$/).nullish(),
  code_challenge_method: z.enum(["s256", "plain"]).nullish(),
}).refine((asked) => !asked.code_challenge === !asked.code_challenge_method);

/** Auth's routes that mail links and follow them. */
export class MailedLinks {
  readonly #auth: (request: Request) => Promise<Response>;
  readonly #sql: postgres.Sql;
  readonly #api: string;
  readonly #site: string;
  /** The request in which an e-mail is being written: Auth's driver for e-mails is told nothing of it. */
  readonly #asked = new AsyncLocalStorage<{ isPkce: boolean; redirectTo?: string }>();

  /** @param auth Serves `/auth/v1`. @param sql May write Auth's tables. @param api,site Links that were asked for without an address lead to `api`: have them lead to `site`. */
  constructor(auth: (request: Request) => Promise<Response>, sql: postgres.Sql, api: string, site: string) {
    this.#api = api;
    this.#site = site;
    this.#auth = auth;
    this.#sql = sql;
  }

  /** The e-mail with the link as the request asked for it. */
  written(message: EmailMessage): EmailMessage {
    const { isPkce = false, redirectTo } = this.#asked.getStore() ?? {};
    const rewrite = (text?: string) =>
      text?.replaceAll(/\?token=(\w+)(&.*?redirect_to=)([^\s"&]*)/g, (_, token, between, to) => {
        const nowhere = to === encodeURIComponent(this.#api);
        const there = redirectTo || nowhere ? encodeURIComponent(redirectTo ?? this.#site) : to;
        return `?token=${isPkce ? MARK : ""}${token}${between}${there}`;
      });
    return { ...message, text: rewrite(message.text), html: rewrite(message.html) };
  }

  /** `POST /auth/v1/signup` and its like, `GET /auth/v1/verify`. */
  routes(): Hono {
    const app = new Hono();
    for (const [path, method] of Object.entries(METHODS)) {
      app.post(`/auth/v1/${path}`, (c) => this.#mail(c, method));
    }
    return app.get("/auth/v1/verify", (c) => this.#follow(c));
  }

  async #mail({ req }: Context, method: string): Promise<Response> {
    const asked = Asked.safeParse(await req.raw.clone().json().catch(() => ({})));
    if (!asked.success) return badChallenge();
    const { email, code_challenge, code_challenge_method } = asked.data;
    const redirectTo = ownAddress(req.query("redirect_to"));
    const isPkce = Boolean(code_challenge);
    const response = await this.#asked.run({ isPkce, redirectTo }, () => this.#auth(req.raw));
    if (response.ok && code_challenge && code_challenge_method) {
      const [id, code] = [crypto.randomUUID(), crypto.randomUUID()];
      await this.#sql`
        insert into auth.flow_state
          (id, user_id, auth_code, authentication_method, code_challenge, code_challenge_method, provider_type)
        select ${id}, id, ${code}, ${method}, ${code_challenge}, ${code_challenge_method}, 'email'
        from auth.users where email = ${email.toLowerCase()}`;
    }
    return response;
  }

  async #follow(c: Context): Promise<Response> {
    const url = new URL(c.req.url);
    const token = url.searchParams.get("token") ?? "";
    if (!token.startsWith(MARK)) return await this.#auth(c.req.raw);
    url.searchParams.set("token", token.slice(MARK.length));
    const response = await this.#auth(new Request(url, { headers: c.req.raw.headers }));
    const location = response.headers.get("location");
    if (!location) return response;
    const to = new URL(location);
    const said = new URLSearchParams(to.hash.slice(1));
    const session = said.get("access_token");
    if (session) {
      to.hash = "";
      to.searchParams.set("code", await this.#issue(session, url.searchParams.get("type") ?? ""));
    } else {
      said.forEach((value, name) => to.searchParams.set(name, value));
    }
    return c.redirect(to.href, 303);
  }

  /** The code in place of a session that Auth has begun: the browser with the verifier begins its own. */
  async #issue(session: string, type: string): Promise<string> {
    const { sub = "", session_id } = decodeJwt(session);
    // As in GoTrue, a magic link's five minutes count from the click, a sign-up's from the beginning.
    const [flow] = await this.#sql<{ code: string }[]>`
      with ended as (delete from auth.sessions where id = ${String(session_id)})
      update auth.flow_state set auth_code_issued_at = now(),
        created_at = case authentication_method when 'magiclink' then now() else created_at end
      where id = (
        select id from auth.flow_state
        where user_id = ${sub} and authentication_method = ${METHODS_BY_TYPE[type] ?? ""}
        order by created_at desc limit 1)
      returning auth_code as code`;
    return flow?.code ?? crypto.randomUUID();
  }
}

/** `address` if it is on this machine: what Auth lets a link lead to. */
function ownAddress(address: string | undefined): string | undefined {
  const url = URL.parse(address ?? "");
  return url?.protocol === "http:" && LOOPBACK.includes(url.hostname) ? url.href : undefined;
}

function badChallenge(): Response {
  const msg = "PKCE flow requires code_challenge_method and code_challenge";
  return Response.json({ code: 400, error_code: "validation_failed", msg }, { status: 400 });
}
