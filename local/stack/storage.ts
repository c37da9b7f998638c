/**
 * Storage as supabase-js calls it, where `@supabase/lite` speaks otherwise.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { Hono } from "hono";

type Storage = (request: Request) => Promise<Response>;

/** @param storage Serves `/storage/v1`. */
export function storageRoutes(storage: Storage): Hono {
  return new Hono()
    .post("/object/sign/:bucket", async ({ req }) => {
      const headers = new Headers(req.raw.headers);
      headers.delete("content-length");
      return signEach({ url: req.url, headers, body: await req.json() }, storage);
    })
    .post("/object/sign/*", async ({ req }) => signed(await storage(req.raw)))
    .post("/object/upload/sign/*", async ({ req }) => signed(await storage(req.raw)))
    .put("/object/upload/sign/*", async ({ req }) => storage(await unwrapped(req.raw)))
    .on(["POST", "PUT"], "/object/*", async ({ req }) => storage(await named(req.raw)))
    .all("/*", ({ req }) => storage(req.raw));
}

/** storage-js uploads a `Blob` as a form field without a name, which Deno drops while reading the form: give it one. */
async function named(request: Request): Promise<Request> {
  if (!request.headers.get("content-type")?.startsWith("multipart/form-data")) return request;
  const body = Buffer.from(await request.arrayBuffer());
  const unnamed = body.indexOf('name=""');
  const parts = unnamed < 0
    ? [body]
    : [body.subarray(0, unnamed), Buffer.from('name="file"'), body.subarray(unnamed + 7)];
  const headers = new Headers(request.headers);
  headers.delete("content-length");
  return new Request(request.url, { method: request.method, headers, body: Buffer.concat(parts) });
}

/** The file of such a form alone, where `@supabase/lite` keeps whatever it is sent. */
async function unwrapped(request: Request): Promise<Request> {
  const { url, method } = request;
  const form = request.headers.get("content-type")?.startsWith("multipart/form-data");
  const file = form && (await (await named(request)).formData()).get("file");
  if (!(file instanceof File)) return request;
  return new Request(url, { method, headers: { "content-type": file.type }, body: file });
}

/** What `@supabase/lite` says of an object that it signed an address for. */
interface Signed {
  signedUrl: string;
}

/** Hosted Storage calls a signed address `signedURL`, and `url` where something is to be uploaded, and begins it after `/storage/v1`. */
async function signed(response: Response): Promise<Response> {
  if (!response.ok) return response;
  const { signedUrl, ...rest }: Signed = await response.json();
  const address = signedUrl.replace(/^\/storage\/v1/, "");
  return Response.json({ ...rest, signedURL: address, url: address });
}

/** Several addresses in one call, which `@supabase/lite` has a route for that another of its own stands before. */
async function signEach({ url, headers, body }: Asked, sign: Storage): Promise<Response> {
  const { expiresIn, paths } = body;
  const answers = paths.map(async (path) => {
    const one = new Request(`${url}/${path.split("/").map(encodeURIComponent).join("/")}`, {
      method: "POST",
      headers,
      body: JSON.stringify({ expiresIn }),
    });
    const { signedURL = null, message = null } = await (await signed(await sign(one))).json();
    return { path, signedURL, error: message };
  });
  return Response.json(await Promise.all(answers));
}

interface Asked {
  url: string;
  headers: Headers;
  body: { expiresIn: number; paths: string[] };
}
