/**
 * Every route of every function, as the functions themselves describe them.
 *
 * @module
 */
import type { App } from "../../supabase/functions/_shared/http/app.ts";
import type { Callers } from "../../supabase/functions/_shared/http/callers.ts";
import { BACKEND_KEY, captureLogs, withEnv } from "./functions.ts";
import { SERVED } from "./served.ts";

/** One route. */
export interface DescribedRoute {
  method: string;
  /** Below `/functions/v1/`, with `{id}` where an id goes. */
  path: string;
  callers: Callers["x-callers"] | undefined;
  limits: string[] | undefined;
  statuses: string[];
}

/** All of them, by function and path. */
export async function describedRoutes(): Promise<DescribedRoute[]> {
  const routes: DescribedRoute[] = [];
  await captureLogs(() =>
    withEnv({}, async () => {
      for (const name of SERVED) {
        const { app }: { app: App } = await import(`../../supabase/functions/${name}/app.ts`);
        const headers = { "x-api-key": BACKEND_KEY };
        const { paths } = await (await app.request(`/${name}/openapi.json`, { headers })).json();
        for (const [path, methods] of Object.entries<Record<string, Operation>>(paths)) {
          for (const [method, operation] of Object.entries(methods)) {
            routes.push({
              method: method.toUpperCase(),
              path: path.slice(1),
              callers: operation["x-callers"],
              limits: operation["x-limits"],
              statuses: Object.keys(operation.responses),
            });
          }
        }
      }
    })
  );
  return routes.sort((one, other) => one.path < other.path ? -1 : one.path > other.path ? 1 : 0);
}

interface Operation extends Partial<Pick<Callers, "x-callers" | "x-limits">> {
  responses: Record<string, unknown>;
}
