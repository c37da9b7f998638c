/**
 * The least that a function of this kind can be: it checks the token, makes the one call and answers. `/bare/PATH` calls
 * `PATH` of the Data API, an RPC for the user with the secret key and the `args` of the query, anything else with the user's
 * own rights.
 */
import { jwtVerify } from "jose";

const { SUPABASE_URL, SUPABASE_SERVICE_ROLE_KEY, SUPABASE_ANON_KEY, JWT_SECRET } = Deno.env.toObject();
const algorithm = { name: "HMAC", hash: "SHA-256" };
const secret = new TextEncoder().encode(JWT_SECRET);
const key = await crypto.subtle.importKey("raw", secret, algorithm, false, ["verify"]);
const rules = { audience: "authenticated", algorithms: ["HS256"] };

Deno.serve(async (request) => {
  const token = request.headers.get("authorization")?.replace("Bearer ", "") ?? "";
  const { payload } = await jwtVerify(token, key, rules);
  const { pathname, search, searchParams } = new URL(request.url);
  const url = `${SUPABASE_URL}/rest/v1${pathname.slice("/bare".length)}${search}`;
  const answer = pathname.startsWith("/bare/rpc/")
    ? await fetch(url.replace(search, ""), {
      method: "POST",
      headers: { ...as(SUPABASE_SERVICE_ROLE_KEY), "content-type": "application/json" },
      body: JSON.stringify({
        p_user_id: payload.sub,
        ...JSON.parse(searchParams.get("args") ?? "{}"),
        ...await orderOf(request),
      }),
    })
    : await fetch(url, { headers: as(SUPABASE_ANON_KEY, token) });
  const headers = { "content-type": "application/json" };
  return new Response(await answer.text(), { status: answer.status, headers });
});

function as(apikey: string, token = apikey) {
  return { apikey, authorization: `Bearer ${token}` };
}

async function orderOf(request: Request): Promise<Record<string, unknown>> {
  return request.method === "POST" ? { p_request: await request.json() } : {};
}
