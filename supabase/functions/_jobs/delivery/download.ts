/**
 * `GET /{id}/{extension}`: a finished file, streamed from its private bucket under the owner's own rights.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import { forUser } from "../../_shared/auth/users.ts";
import { ownRows, read } from "../../_shared/database/client.ts";
import type { App } from "../../_shared/http/app.ts";
import { caller } from "../../_shared/http/context.ts";
import { ApiError } from "../../_shared/http/errors.ts";
import { errors, IdParam, UUID_PARAM } from "../../_shared/http/schemas.ts";
import { JOB_ERRORS } from "../errors.ts";
import type { Product } from "../product.ts";
import { type FileKind, openFile } from "./bucket.ts";
import { contentDisposition } from "./file_name.ts";

/** The columns of a thing with a file, by which it is called when it is saved. */
const Downloadable = z.object({ title: z.string(), status: z.string() });

/** Adds the route that serves the files of what `product` made. */
export function addDownload(app: App, { jobType, table }: Product, kind: FileKind): void {
  const route = createRoute({
    method: "get",
    path: `/${UUID_PARAM}/${kind.extension}`,
    ...forUser(),
    request: { params: IdParam },
    responses: {
      200: {
        description: "The file",
        content: { [kind.mediaType]: { schema: z.string().openapi({ format: "binary" }) } },
      },
      ...errors("unauthorized", "not_found", JOB_ERRORS.not_ready),
    },
  });
  const Place = z.object({ [kind.pathColumn]: z.string().nullable() });
  const Row = z.object({ ...Downloadable.shape, ...Place.shape });
  app.openapi(route, async (c) => {
    const { token } = caller(c);
    const { id } = c.req.valid("param");
    const row = await read(table, ownRows(token, table, Row).eq("id", id).maybeSingle());
    if (row === null) throw new ApiError("not_found");
    const { title, status } = Downloadable.parse(row);
    if (status !== "ready") throw new ApiError(JOB_ERRORS.not_ready, { fields: { status } });
    const headers = {
      "Content-Type": kind.mediaType,
      "Content-Disposition": contentDisposition(title, kind.extension, jobType),
    };
    if (c.req.method === "HEAD") return c.body(null, 200, headers);
    return c.body(await openFile(token, kind, String(Place.parse(row)[kind.pathColumn])), 200, headers);
  });
}
