/**
 * The app every function starts from: the same order of checks, the same errors, the same log line.
 *
 * Request id → log line → origins → method → guard → body size, and then the route: who may call, content
 * type, shape of the input, handler.
 *
 * @module
 */
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Hook } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import { methodNotAllowed } from "hono/method-not-allowed";
import { requestId } from "hono/request-id";
import { type Callers, forAnyone } from "./callers.ts";
import { KIBIBYTE, limitBodyTo } from "./body.ts";
import { countStranger } from "./coarse_limit.ts";
import type { AppEnv } from "./context.ts";
import { answer, ApiError } from "./errors.ts";
import { refuseOtherOrigins, shareWithOrigins } from "./origins.ts";
import { logRequests } from "./request_log.ts";
import { errors, json, readableRoute } from "./schemas.ts";
import { deployedVersion } from "../version.ts";

/** The app type that routes are added to. */
export type App = OpenAPIHono<AppEnv>;

/** How one function differs from the others. */
export interface AppOptions {
  /** Largest request body in bytes; default 64 KiB. */
  bodyBytes?: number;
  /** Paths whose routes bring their own body limit, after checking who is calling. */
  ownBodyLimit?: RegExp;
  /** Stands before every route, the description of the API included. */
  guard?: MiddlewareHandler<AppEnv>;
  /** Who may read the description of the API; anybody unless told. */
  description?: Callers;
}

/**
 * Creates the app of the function `name`, answering below `/name`, as hosted functions see their paths.
 *
 * @example
 * ```ts
 * export const app = createApp("credits-api");
 * app.openapi(balanceRoute, (c) => c.json({ ... }, 200));
 * ```
 */
export function createApp(name: string, options: AppOptions = {}): App {
  const root = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid, strict: false });
  const app = root.basePath(`/${name}`) as App;
  app.onError(answerError);
  app.notFound((c) => answerError(new ApiError("unknown_route"), c));
  app.use(
    "*",
    requestId({ limitLength: 128 }),
    logRequests(name),
    neverStore,
    shareWithOrigins,
    refuseOtherOrigins,
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) =>
        answerError(new ApiError("method_not_allowed", { headers: { Allow: methods.join(", ") } }), c),
    }),
    options.guard ?? ((_c, next) => next()),
    limitBody(options),
  );
  app.openapi(
    descriptionRoute(options.description ?? forAnyone()),
    (c) => c.json(describeApi(app, name), 200),
  );
  return app;
}

function descriptionRoute(callers: Callers) {
  const unlessOpen = callers["x-callers"] === "anyone" ? [] : ["invalid_api_key", "not_configured"] as const;
  return createRoute({
    method: "get",
    path: "/openapi.json",
    ...callers,
    responses: {
      200: json(z.looseObject({ openapi: z.string() }), "This description"),
      ...errors(...unlessOpen),
    },
  });
}

function describeApi(app: App, name: string) {
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title: name, version: deployedVersion() },
  });
  const paths = Object.entries(document.paths ?? {});
  return {
    ...document,
    paths: Object.fromEntries(paths.map(([path, item]) => [readableRoute(path), item])),
  };
}

function limitBody({ bodyBytes = 64 * KIBIBYTE, ownBodyLimit }: AppOptions) {
  const limit = limitBodyTo(bodyBytes);
  return (c: Context<AppEnv>, next: () => Promise<void>) =>
    ownBodyLimit?.test(c.req.path) ? next() : limit(c, next);
}

/** Answers carry one person's data: no cache may keep them, no browser may guess their type. */
async function neverStore(c: Context<AppEnv>, next: () => Promise<void>) {
  c.header("Cache-Control", "no-store");
  c.header("X-Content-Type-Options", "nosniff");
  await next();
}

/** Turns the first thing wrong with an input into a 400 that names the field. */
const refuseInvalid: Hook<unknown, AppEnv, string, unknown> = (result) => {
  if (result.success) return;
  const issue = result.error.issues[0];
  const unknown = issue.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const field = [...issue.path, ...(unknown === undefined ? [] : [unknown])].join(".");
  const message = unknown === undefined ? issue.message : "Unknown field";
  throw new ApiError("invalid_request", {
    message: field === "" ? message : `${field.slice(0, 100)}: ${message}`,
    fields: field === "" ? {} : { field: field.slice(0, 100) },
  });
};

function answerError(error: unknown, c: Context<AppEnv>): Response {
  const known = orTooMany(toApiError(error), c);
  c.set("outcome", known.code);
  if (known.status >= 500) c.set("cause", known.cause ?? known);
  return answer(c, known);
}

/** `error`; or, where nobody is known, that this address has had too many. What is our own fault counts for nobody. */
function orTooMany(error: ApiError, c: Context<AppEnv>): ApiError {
  if (error.status >= 500) return error;
  try {
    countStranger(c);
    return error;
  } catch (tooMany) {
    return toApiError(tooMany);
  }
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof HTTPException && error.status === 415) return new ApiError("unsupported_media_type");
  if (error instanceof HTTPException && error.status === 400) return new ApiError("invalid_json");
  return new ApiError("internal", { cause: error });
}
