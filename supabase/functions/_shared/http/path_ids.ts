/**
 * Ids in paths.
 *
 * @module
 */

/** A route parameter that only matches a UUID, so that a word in its place is another (or no) route. */
export const UUID_PARAM =
  ":id{[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}}" as const;

/** A route as OpenAPI and the log write it: `/jobs/{id}/fail`. */
export function readableRoute(route: string): string {
  return route.replace(UUID_PARAM, "{id}");
}
