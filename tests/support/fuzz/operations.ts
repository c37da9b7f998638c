/**
 * Every route of every function, as the functions describe themselves.
 *
 * @module
 */
import type { OpenAPIHono } from "@hono/zod-openapi";
import { stack } from "../people.ts";
import { SERVED } from "../served.ts";
import type { Schema } from "./schema.ts";

/** One method of one route. */
export interface Operation {
  name: string;
  method: string;
  /** As described, with `{id}` where an id goes. */
  path: string;
  query: Record<string, Schema>;
  headers: Record<string, Schema>;
  /** Absent where no body is taken. */
  body?: { type: string; schema: Schema };
  /** The statuses that the description promises. */
  statuses: number[];
  definitions: Record<string, Schema>;
  /** Answers a request within this process. */
  fetch: (request: Request) => Response | Promise<Response>;
}

interface Described {
  parameters?: { name: string; in: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, unknown>;
}

interface Description {
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, Schema> };
}

/** All operations of all functions. */
export async function operations(): Promise<Operation[]> {
  const all: Operation[] = [];
  for (const name of SERVED) {
    const { app }: { app: Pick<OpenAPIHono, "fetch"> } = await import(
      `../../../supabase/functions/${name}/app.ts`
    );
    const headers = { "x-api-key": stack("API_SHARED_SECRET") };
    const response = await app.fetch(new Request(`http://localhost/${name}/openapi.json`, { headers }));
    const { paths, components }: Description = await response.json();
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, described] of Object.entries(methods)) {
        all.push(
          operation(
            { name: `${method} ${path}`, method, path, fetch: app.fetch },
            described,
            components.schemas,
          ),
        );
      }
    }
  }
  return all;
}

function operation(
  route: Pick<Operation, "name" | "method" | "path" | "fetch">,
  { parameters = [], requestBody, responses }: Described,
  definitions: Record<string, Schema>,
): Operation {
  const where = (place: string) =>
    Object.fromEntries(
      parameters.filter((one) => one.in === place).map(({ name, schema }) => [name, schema]),
    );
  const [content] = Object.entries(requestBody?.content ?? {});
  return {
    ...route,
    method: route.method.toUpperCase(),
    query: where("query"),
    headers: where("header"),
    body: content && { type: content[0], schema: content[1].schema },
    statuses: Object.keys(responses).map(Number),
    definitions,
  };
}
