/**
 * Which version this is.
 *
 * @module
 */
import { optional } from "./env.ts";

/** The newest version of `CHANGELOG.md`. */
export const VERSION = "1.4.0";

/** What `/health` and `openapi.json` say: the deployment's own word for it, where it has one. */
export function deployedVersion(): string {
  return optional("CREDITS_APP_VERSION") ?? VERSION;
}
