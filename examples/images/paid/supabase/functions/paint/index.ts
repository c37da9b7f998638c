/**
 * `POST /paint` with `{ id, prompt, size }`: a picture for credits. Reserve, work, then charge or give back.
 *
 * `id` is a UUID of the caller's choice; asked for again under the same one, nothing is charged twice.
 *
 * @module
 */
import { createClient } from "@supabase/supabase-js";

const ORIGINS = (Deno.env.get("ALLOWED_ORIGINS") ?? "").split(",");
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TRIES = 3;

const env = (name: string) => Deno.env.get(name) ?? "";
const service = createClient(env("SUPABASE_URL"), env("SUPABASE_SERVICE_ROLE_KEY"), {
  auth: { persistSession: false, autoRefreshToken: false },
});

function answer(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers });
}

async function call<T>(name: string, args: Record<string, unknown>): Promise<T> {
  const { data, error } = await service.rpc(name, args);
  if (error) throw new Error(`${name}: ${error.code} ${error.message}`);
  return data as T;
}

/** Asks the model, and keeps the credits held for as long as that takes. @throws {Error} when there is no picture */
async function paint(
  reservation: { p_user_id: string; p_job_id: string },
  prompt: string,
  size: string,
): Promise<Uint8Array> {
  for (let tries = 1;; tries++) {
    const { outcome } = await call<{ outcome: string }>("extend_reservation", reservation);
    if (outcome !== "extended" && outcome !== "limit_reached") throw new Error(`the hold is ${outcome}`);
    const response = await fetch(`${env("IMAGE_BASE_URL")}/images/generations`, {
      method: "POST",
      headers: { Authorization: `Bearer ${env("IMAGE_API_KEY")}`, "Content-Type": "application/json" },
      body: JSON.stringify({
        model: env("IMAGE_MODEL"),
        prompt,
        size,
        response_format: "b64_json",
      }),
      signal: AbortSignal.timeout(60_000),
    });
    if (response.ok) {
      const { data: [{ b64_json }] } = await response.json();
      return Uint8Array.from(atob(b64_json), (letter) => letter.charCodeAt(0));
    }
    await response.body?.cancel();
    if (response.status < 500 || tries === TRIES) throw new Error(`the model answered ${response.status}`);
  }
}

async function order(userId: string, id: string, prompt: string, size: string): Promise<Response> {
  const ordered = await call<{ outcome: string; required?: number; retry_after_seconds?: number }>(
    "order_image",
    { p_user_id: userId, p_image_id: id, p_prompt: prompt, p_size: size, p_model: env("IMAGE_MODEL") },
  );
  switch (ordered.outcome) {
    case "rate_limited":
      return answer(429, { code: "rate_limited" }, { "Retry-After": `${ordered.retry_after_seconds}` });
    case "insufficient_credits":
      return answer(402, { code: "insufficient_credits", required: ordered.required });
    case "already_reserved":
      return answer(200, { id, outcome: "already_ordered" });
    case "reserved":
      break;
    default:
      return answer(409, { code: ordered.outcome });
  }
  const reservation = { p_user_id: userId, p_job_id: id };
  try {
    const path = `${userId}/${id}.png`;
    const picture = await paint(reservation, prompt, size);
    const { error } = await service.storage.from("images").upload(path, picture, {
      contentType: "image/png",
      upsert: true,
    });
    if (error) throw error;
    const delivery = { p_user_id: userId, p_image_id: id, p_path: path };
    const charged = await call<string>("deliver_image", delivery);
    if (!charged.startsWith("settled")) throw new Error(`charging ended as ${charged}`);
    return answer(200, { id, outcome: "delivered" });
  } catch (error) {
    console.error(JSON.stringify({ event: "image_failed", id, error: String(error) }));
    // If this fails as well, the sweep gives the credits back when the hold ends.
    await call("release_credits", { ...reservation, p_reason: "failed" });
    return answer(502, { code: "image_failed" });
  }
}

async function handle(request: Request): Promise<Response> {
  const token = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
  const { data: { user } } = await service.auth.getUser(token);
  if (!user) return answer(401, { code: "unauthorized" });
  const { id, prompt, size = "512x512" } = await request.json().catch(() => ({}));
  if (
    typeof id !== "string" || !UUID.test(id) || typeof prompt !== "string" || !/^.{1,1000}$/su.test(prompt) ||
    typeof size !== "string" || !/^\d{3,4}x\d{3,4}$/.test(size)
  ) {
    return answer(400, { code: "invalid_request" });
  }
  try {
    return await order(user.id, id, prompt, size);
  } catch (error) {
    console.error(JSON.stringify({ event: "paint_failed", id, error: String(error) }));
    return answer(503, { code: "temporarily_unavailable" });
  }
}

Deno.serve(async (request) => {
  const response = request.method === "OPTIONS" ? new Response(null) : await handle(request);
  const origin = request.headers.get("origin") ?? "";
  if (ORIGINS.includes(origin)) {
    response.headers.set("Access-Control-Allow-Origin", origin);
    response.headers.set(
      "Access-Control-Allow-Headers",
      "authorization, x-client-info, apikey, content-type",
    );
    response.headers.set("Access-Control-Expose-Headers", "Retry-After");
  }
  response.headers.set("Vary", "Origin");
  return response;
});
