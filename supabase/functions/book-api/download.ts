/**
 * `GET /{id}/pdf`: the finished book, streamed from the private bucket under the owner's own rights.
 *
 * @module
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { App } from "../_shared/http/app.ts";
import { openPdf } from "./books_bucket.ts";
import { caller } from "../_shared/http/context.ts";
import { read, userClient } from "../_shared/database/client.ts";
import { ApiError } from "../_shared/http/errors.ts";
import { errors, IdParam } from "../_shared/http/schemas.ts";
import { UUID_PARAM } from "../_shared/http/routes.ts";
import { requireUser } from "../_shared/auth/users.ts";
import { contentDisposition } from "./file_name.ts";

const route = createRoute({
  method: "get",
  path: `/${UUID_PARAM}/pdf`,
  middleware: [requireUser] as const,
  request: { params: IdParam },
  responses: {
    200: {
      description: "The book",
      content: { "application/pdf": { schema: z.string().openapi({ format: "binary" }) } },
    },
    ...errors("unauthorized", "not_found", "not_ready"),
  },
});

/** Adds the route that serves PDFs. */
export function addDownload(app: App): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const { token } = caller(c);
    const query = userClient(token).from("books").select("title, status, pdf_path").eq("id", id)
      .maybeSingle();
    const book = await read("books", query);
    if (book === null) throw new ApiError("not_found");
    if (book.status !== "ready" || book.pdf_path === null) {
      throw new ApiError("not_ready", { fields: { status: book.status } });
    }
    const headers = {
      "Content-Type": "application/pdf",
      "Content-Disposition": contentDisposition(book.title),
    };
    if (c.req.method === "HEAD") return c.body(null, 200, headers);
    return c.body(await openPdf(token, book.pdf_path), 200, headers);
  });
}
