/**
 * `GET /{id}/{extension}`: a finished file, streamed from its private bucket under the owner's own rights.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import { requireUser } from "../../_shared/auth/users.ts";
import { read, userClient } from "../../_shared/database/client.ts";
import type { App } from "../../_shared/http/app.ts";
import { caller } from "../../_shared/http/context.ts";
import { ApiError } from "../../_shared/http/errors.ts";
import { UUID_PARAM } from "../../_shared/http/path_ids.ts";
import { errors, IdParam } from "../../_shared/http/schemas.ts";
import { JOB_ERRORS } from "../errors.ts";
import { type FileKind, openFile, pathOf } from "./bucket.ts";
import { contentDisposition } from "./file_name.ts";

/** What is known of the thing whose file is asked for. */
export interface Downloadable {
  title: string;
  status: string;
}

/** Adds the route that serves files of one kind; `find` reads the thing with the owner's rights. */
export function addDownload(
  app: App,
  kind: FileKind,
  find: (client: ReturnType<typeof userClient>, id: string) => Parameters<typeof read<Downloadable>>[1],
): void {
  const route = createRoute({
    method: "get",
    path: `/${UUID_PARAM}/${kind.extension}`,
    middleware: [requireUser] as const,
    request: { params: IdParam },
    responses: {
      200: {
        description: "The file",
        content: { [kind.mediaType]: { schema: z.string().openapi({ format: "binary" }) } },
      },
      ...errors("unauthorized", "not_found", JOB_ERRORS.not_ready),
    },
  });
  app.openapi(route, async (c) => {
    const { id: userId, token } = caller(c);
    const { id } = c.req.valid("param");
    const found = await read(kind.bucket, find(userClient(token), id));
    if (found === null) throw new ApiError("not_found");
    const { title, status } = found;
    if (status !== "ready") throw new ApiError(JOB_ERRORS.not_ready, { fields: { status } });
    const headers = {
      "Content-Type": kind.mediaType,
      "Content-Disposition": contentDisposition(title, kind.extension),
    };
    if (c.req.method === "HEAD") return c.body(null, 200, headers);
    return c.body(await openFile(token, kind, pathOf(kind, userId, id.toLowerCase())), 200, headers);
  });
}
