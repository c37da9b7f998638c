/**
 * Delivery of what is a file and lives in a private bucket, one object each.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import { forBackend } from "../../_shared/auth/keys.ts";
import type { Bytes } from "../../_shared/bytes.ts";
import { call, present } from "../../_shared/database/client.ts";
import type { App } from "../../_shared/http/app.ts";
import { limitBodyTo } from "../../_shared/http/body.ts";
import { ApiError } from "../../_shared/http/errors.ts";
import { errors, IdParam, json, UUID_PARAM } from "../../_shared/http/schemas.ts";
import { malformed, readAtMost } from "../backend_client.ts";
import type { Attempt, Claim, Delivery, JobResult } from "../product.ts";
import { AttemptQuery, REPORT_ERRORS, Reported, reported } from "../routes/reports.ts";
import { noteUsage } from "../usage.ts";
import { discardFiles, type FileKind, pathOf, storeFile } from "./bucket.ts";
import { patiently } from "./patience.ts";

/** What a product says about an answer that is a file. */
export interface FileDelivery<Facts extends z.ZodRawShape> {
  kind: FileKind;
  /** The largest file taken, in bytes. */
  mostBytes: number;
  /** Whether the file begins and ends as its kind does: half of one is none. */
  isWhole(file: Bytes): boolean;
  /** What has to be known of a file to charge for it. A callback says so in its query. */
  facts: z.ZodObject<Facts>;
  /** The same of an answer to `claim`. */
  factsOf(claim: Claim, answer: Response): z.input<z.ZodObject<Facts>>;
  /** Makes a stored file the result and settles the credits, in one RPC. */
  store(
    attempt: Attempt,
    file: { path: string; byteSize: number },
    facts: z.output<z.ZodObject<Facts>>,
  ): Promise<JobResult>;
}

/** Delivery of files of one kind. */
export function fileDelivery<Facts extends z.ZodRawShape>(what: FileDelivery<Facts>): Delivery {
  const { kind, mostBytes, isWhole, facts } = what;
  return {
    async accept(claim: Claim, answer: Response) {
      const given = facts.safeParse(what.factsOf(claim, answer));
      if (!given.success) throw malformed(`its ${given.error.issues[0].path.join(".")} cannot be`);
      const file = await readAtMost(answer, mostBytes);
      if (!isWhole(file)) throw malformed(`the answer is no whole ${kind.extension}`);
      return await deliver(what, { p_job_id: claim.job_id, p_attempt: claim.attempt }, file, given.data);
    },
    addCompletion(app: App) {
      const route = createRoute({
        method: "post",
        path: `/jobs/${UUID_PARAM}/complete`,
        ...forBackend(limitBodyTo(mostBytes)),
        request: {
          params: IdParam,
          query: z.object({ ...AttemptQuery.shape, ...facts.shape }) as z.ZodObject,
          body: {
            required: true,
            content: { [kind.mediaType]: { schema: z.string().openapi({ format: "binary" }) } },
          },
        },
        responses: {
          200: json(Reported, "`completed`, or why nothing changed"),
          ...errors(...REPORT_ERRORS),
        },
      });
      app.openapi(route, async (c) => {
        const [type] = (c.req.header("content-type") ?? "").toLowerCase().split(";");
        if (type.trim() !== kind.mediaType) throw new ApiError("unsupported_media_type");
        const given = c.req.query();
        const file = new Uint8Array(await c.req.arrayBuffer());
        if (!isWhole(file)) {
          throw new ApiError("invalid_request", { message: `The body is no whole ${kind.extension}` });
        }
        const job = { p_job_id: c.req.valid("param").id, p_attempt: AttemptQuery.parse(given).attempt };
        await noteUsage(job, c.req.raw.headers);
        return c.json(reported(c, await deliver(what, job, file, facts.parse(given))), 200);
      });
    },
  };
}

/**
 * Stores the file, then the row that points to it.
 *
 * An attempt that no longer counts stores nothing. The sign of life that finds out also renews the lease, so that no
 * other attempt begins while the file is on its way. A file that did not become the result is removed again.
 */
async function deliver<Facts extends z.ZodRawShape>(
  { kind, store }: FileDelivery<Facts>,
  attempt: Attempt,
  file: Bytes,
  facts: z.output<z.ZodObject<Facts>>,
): Promise<JobResult> {
  const { sign, path } = await patiently(async () => {
    const sign = await call("heartbeat_job", attempt);
    if (sign.outcome === "not_found") return { sign, path: "" };
    const { user_id: userId, resource_id: id } = present(sign, "user_id", "resource_id");
    const path = await pathOf(kind, { userId, id, attempt: attempt.p_attempt }, file);
    if (sign.outcome === "alive") await storeFile(kind, path, file);
    return { sign, path };
  });
  if (sign.outcome === "not_found") return sign;
  const result = await patiently(() => store(attempt, { path, byteSize: file.byteLength }, facts));
  const isTheResult = result.outcome === "completed" || result.outcome === "already_completed";
  if (!isTheResult && sign.outcome === "alive") await discardFiles(kind, [path]);
  return result;
}
