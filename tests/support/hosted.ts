/** A hosted project as tests have one: the platform's stand-in over a database of its own, to which nothing was deployed. */
import postgres from "postgres";
import { createDatabase, dropDatabase, withDatabase } from "../../local/database/database_stack.ts";
import { startHosting } from "../../local/platform/hosting.ts";
import { type PlatformStandIn, startPlatformStandIn } from "../../local/platform/mod.ts";
import { removeFolder } from "../../local/processes/remove.ts";
import { readApp } from "../../local/app.ts";
import { createApi } from "../../local/stack/api.ts";

/** A project, and where everything of it is. */
export interface Hosted extends AsyncDisposable {
  platform: PlatformStandIn;
  /** The project's address. */
  url: string;
  /** The superuser's queries of its database. */
  sql: postgres.Sql;
}

/** Starts a project. */
export async function startHosted(): Promise<Hosted> {
  await using undo = new AsyncDisposableStack();
  const admin = Deno.env.get("DATABASE_STACK_URL");
  if (!admin) throw new Error("DATABASE_STACK_URL is not set: run this file with `deno task test`");
  const name = `hosted_${crypto.randomUUID().replaceAll("-", "")}`;
  await createDatabase(admin, name, "platform");
  undo.defer(() => dropDatabase(admin, name));
  const adminUrl = withDatabase(admin, name);
  const dir = undo.adopt(await Deno.makeTempDir({ prefix: "credits-hosted-" }), removeFolder);
  const platform = undo.adopt(await startPlatformStandIn({ dir, adminUrl }), (platform) => platform.close());
  const keys = { publishableKey: "sb_publishable_stand_in", secretKey: "sb_secret_stand_in" };
  const { auth } = await readApp();
  const databaseUrl = new URL(adminUrl);
  databaseUrl.username = "authenticator";
  const hosting = await startHosting({
    project: platform.project,
    api: (apiUrl) =>
      createApi({
        apiUrl,
        databaseUrl: databaseUrl.href,
        storageDir: dir,
        once: true,
        auth,
        jwtSecret: "0".repeat(32),
        ...keys,
      }),
    env: {
      SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: keys.publishableKey }),
      SUPABASE_SECRET_KEYS: JSON.stringify({ default: keys.secretKey }),
    },
  });
  undo.defer(() => hosting.close());
  const sql = undo.adopt(postgres(adminUrl, { max: 1, onnotice: () => {} }), (sql) => sql.end());
  const running = undo.move();
  return { platform, url: hosting.url, sql, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
