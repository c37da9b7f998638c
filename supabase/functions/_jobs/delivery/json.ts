/**
 * Delivery of what is JSON and lives in the database.
 *
 * @module
 */
import { z } from "@hono/zod-openapi";
import type { App } from "../../_shared/http/app.ts";
import { limitBodyTo } from "../../_shared/http/body.ts";
import { malformed, parseJson, readAtMost } from "../backend_client.ts";
import type { Attempt, Claim, Delivery, JobResult } from "../product.ts";
import { AttemptNumber, reported, reportRoute } from "../routes/reports.ts";
import { noteUsage } from "../usage.ts";
import { patiently } from "./patience.ts";

/** What a product says about an answer that is JSON. */
export interface JsonKind<Shape extends z.ZodRawShape> {
  schema: z.ZodObject<Shape>;
  /** The largest answer taken, in bytes. */
  mostBytes: number;
  /** Stores the answer and settles the credits, in one RPC. */
  store(attempt: Attempt, answer: z.output<z.ZodObject<Shape>>): Promise<JobResult>;
}

/** Delivery of answers of one kind. A callback sends the same fields and the number of its attempt. */
export function jsonDelivery<Shape extends z.ZodRawShape>(
  { schema, mostBytes, store }: JsonKind<Shape>,
): Delivery {
  return {
    async accept(claim: Claim, answer: Response) {
      const parsed = schema.safeParse(parseJson(await readAtMost(answer, mostBytes)));
      if (!parsed.success) throw malformed(`it is malformed at ${parsed.error.issues[0].path.join(".")}`);
      return await patiently(() => store({ p_job_id: claim.job_id, p_attempt: claim.attempt }, parsed.data));
    },
    addCompletion(app: App) {
      const Completion: z.ZodType<Record<string, unknown>> = z.strictObject({
        attempt: AttemptNumber,
        ...schema.shape,
      });
      const description = "`completed`, or why nothing changed";
      const route = reportRoute("complete", Completion, description, limitBodyTo(mostBytes));
      app.openapi(route, async (c) => {
        const { attempt, ...answer } = c.req.valid("json");
        const job = { p_job_id: c.req.valid("param").id, p_attempt: AttemptNumber.parse(attempt) };
        await noteUsage(job, c.req.raw.headers);
        // The types lose what the schema has just checked.
        const result = await store(job, answer as z.output<typeof schema>);
        return c.json(reported(c, result), 200);
      });
    },
  };
}
