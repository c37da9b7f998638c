/**
 * The Supabase project that a stack serves: this checkout's, or that of any other folder (`deno task start --app FOLDER`).
 *
 * @module
 */
import { glob } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parse } from "smol-toml";
import { z } from "zod";
import { CHECKOUT } from "./checkout.ts";
import { LOCAL } from "./data_folder.ts";
import { StackError } from "./errors.ts";

/** One function of a project. */
export interface AppFunction {
  name: string;
  /** Path of the module that is served. */
  entrypoint: string;
  /** Its own `deno.json` or import map, if it has one. */
  importMap?: string;
  /** Whether the platform lets only those through who have a token of the project's. */
  verifyJwt: boolean;
}

/** A Supabase project in a folder. */
export interface SupabaseApp {
  /** Whether it is this checkout's. */
  own: boolean;
  /** The folder that has `supabase/`. */
  root: string;
  /** Where its stack keeps its data, unless told otherwise. */
  dataDir: string;
  functions: AppFunction[];
  /** Most projects of others were made when whatever is in `public` was granted to the API's roles. */
  defaultPrivileges: "permissive" | "restrictive";
  auth: AuthSettings;
  /** Storage buckets that its settings ask for, by name. */
  buckets: Record<string, Bucket>;
}

const Bucket = z.object({
  public: z.boolean().default(false),
  file_size_limit: z.union([z.string(), z.number()]).optional(),
  allowed_mime_types: z.array(z.string()).optional(),
});

/** What `supabase start` would have Auth do. */
const Auth = z.object({
  site_url: z.string().default("http://127.0.0.1:3000"),
  additional_redirect_urls: z.array(z.string()).default([]),
  jwt_expiry: z.number().int().optional(),
  enable_signup: z.boolean().optional(),
  minimum_password_length: z.number().int().optional(),
  email: z.object({
    enable_signup: z.boolean().optional(),
    enable_confirmations: z.boolean().default(false),
    double_confirm_changes: z.boolean().optional(),
    otp_length: z.number().int().optional(),
    otp_expiry: z.number().int().optional(),
  }).prefault({}),
});

/** What `[auth]` says, as far as the local stack's Auth can do it. */
export type AuthSettings = z.infer<typeof Auth>;

/** What `[storage.buckets.NAME]` says. */
export type Bucket = z.infer<typeof Bucket>;

const Config = z.object({
  functions: z.record(
    z.string(),
    z.object({
      enabled: z.boolean().default(true),
      verify_jwt: z.boolean().default(true),
      entrypoint: z.string().optional(),
      import_map: z.string().optional(),
    }),
  ).default({}),
  auth: Auth.prefault({}),
  storage: z.object({ buckets: z.record(z.string(), Bucket).default({}) }).default({ buckets: {} }),
});

/** Reads the project in `folder`. @throws {StackError} for a folder that has none */
export async function readApp(folder = CHECKOUT): Promise<SupabaseApp> {
  const root = resolve(folder);
  const supabase = join(root, "supabase");
  const text = await Deno.readTextFile(join(supabase, "config.toml")).catch(() => {
    throw new StackError(`${root} has no supabase/config.toml: \`supabase init\` makes one`);
  });
  const config = Config.safeParse(parse(text));
  if (!config.success) {
    const [{ path, message }] = config.error.issues;
    throw new StackError(`supabase/config.toml: ${path.join(".")}: ${message}`);
  }
  const own = root === CHECKOUT;
  const names = await folders(supabase);
  const listed = names.map((name) => ({ name, ...config.data.functions[name] }));
  return {
    own,
    root,
    dataDir: own ? LOCAL : join(supabase, ".temp", "stack"),
    defaultPrivileges: own ? "restrictive" : "permissive",
    auth: config.data.auth,
    buckets: config.data.storage.buckets,
    functions: await Promise.all(
      listed.filter(({ enabled }) => enabled !== false).map(async (one) => ({
        name: one.name,
        entrypoint: join(supabase, one.entrypoint ?? join("functions", one.name, "index.ts")),
        importMap: one.import_map ? join(supabase, one.import_map) : await importMap(supabase, one.name),
        verifyJwt: one.verify_jwt ?? true,
      })),
    ),
  };
}

/** The folders of functions, in alphabetical order; those that begin with `_` are shared. */
async function folders(supabase: string): Promise<string[]> {
  const entries = await Array.fromAsync(glob("functions/[!_]*/index.ts", { cwd: supabase }));
  return entries.map((path) => path.split("/")[1]).sort();
}

/** What the CLI takes where the settings name none. */
async function importMap(supabase: string, name: string): Promise<string | undefined> {
  const places = [`${name}/deno.json`, `${name}/deno.jsonc`, "import_map.json"].map((path) =>
    join(supabase, "functions", path)
  );
  const there = await Promise.all(places.map((path) => Deno.stat(path).then(() => true, () => false)));
  return places.find((_, index) => there[index]);
}
