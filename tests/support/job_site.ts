/**
 * A stack of a test's own in which everything a job depends on can be held up, broken and killed.
 *
 * @module
 */
import assert from "node:assert/strict";
import { SignJWT } from "jose";
import postgres from "postgres";
import { type Stack, startStack } from "../../local/stack/stack.ts";
import { newcomer } from "./newcomer.ts";
import { ScriptedBackend } from "./scripted_backend.ts";
import { Wire } from "./wire.ts";
import { removeFolder } from "../../local/processes/remove.ts";

/** Somebody with credits. */
export interface Buyer {
  id: string;
  token: string;
}

/** Somebody with credits and a finished story. */
export interface Customer extends Buyer {
  storyId: string;
}

/** A job as the database has it. */
export interface JobRow {
  id: string;
  resource_id: string;
  status: string;
  attempt: number;
  error_code: string | null;
}

/** What every customer begins with, in credits; the story costs some. */
const CREDITS = 100;

/** The stack, its backend, and the wire between the functions and the project. */
export class JobSite implements AsyncDisposable {
  readonly #everything: AsyncDisposable;

  private constructor(
    everything: AsyncDisposable,
    readonly stack: Stack,
    readonly backend: ScriptedBackend,
    readonly wire: Wire,
    /** The database as its superuser, who may move the clock. */
    readonly sql: postgres.Sql,
    /** Every JSON line that the functions wrote. */
    readonly log: Record<string, unknown>[],
  ) {
    this.#everything = everything;
  }

  static async start(): Promise<JobSite> {
    await using all = new AsyncDisposableStack();
    const dir = all.adopt(await Deno.makeTempDir({ prefix: "credits-jobs-" }), removeFolder);
    await Deno.chmod(dir, 0o755);
    const log: Record<string, unknown>[] = [];
    const onLine = (line: string) => void (line.startsWith("{") && log.push(JSON.parse(line)));
    const wire = all.use(new Wire());
    let key = "";
    const backend = all.use(new ScriptedBackend(() => key));
    const functionEnv = { SUPABASE_URL: wire.url, GENERATION_BACKEND_URL: backend.url };
    // What is killed here is a process, never the machine: what was written is kept without waiting for the disk.
    const settings = { fsync: "off" };
    const stack = all.adopt(
      await startStack({ port: 0, dir, settings, functionEnv, timers: false, once: true, onLine }),
      (stack) => stack.stop(),
    );
    wire.target = stack.apiUrl;
    key = stack.env.API_SHARED_SECRET;
    const sql = all.adopt(postgres(stack.adminUrl, { max: 4, onnotice: () => {} }), (sql) => sql.end());
    return new JobSite(all.move(), stack, backend, wire, sql, log);
  }

  /** Somebody new. */
  async buyer(): Promise<Buyer> {
    const id = await newcomer(this.sql);
    const token = await new SignJWT({ sub: id, aud: "authenticated", role: "authenticated" })
      .setProtectedHeader({ alg: "HS256", typ: "JWT" }).setExpirationTime("1h")
      .sign(new TextEncoder().encode(this.stack.env.JWT_SECRET));
    await this.sql`select public.grant_credits(${id}, ${CREDITS}, 'adjustment', ${id})`;
    return { id, token };
  }

  /** Somebody new, with a story. */
  async customer(): Promise<Customer> {
    const { sql } = this;
    const { id, token } = await this.buyer();
    const request = { prompt: "a shy dragon", age_min: 4, age_max: 7, pages: 1 };
    const [story] = await sql`select * from public.create_story(${id}, ${sql.json(request)})`;
    await sql`select public.claim_job(${story.job_id})`;
    await sql`select public.complete_story(${story.job_id}, 1, 'A story', ${sql.json([{ text: "Once." }])})`;
    return { id, token, storyId: story.resource_id };
  }

  /** A call to a function, by a customer or, with their secrets, by the backend or a scheduler. */
  call(
    method: string,
    path: string,
    caller: Buyer | "backend" | "scheduler",
    body?: unknown,
    extra: Record<string, string> = {},
  ): Promise<Response> {
    const { API_SHARED_SECRET, SCHEDULER_SECRET } = this.stack.env;
    const headers: Record<string, string> = typeof caller === "string"
      ? { "x-api-key": caller === "backend" ? API_SHARED_SECRET : SCHEDULER_SECRET }
      : { authorization: `Bearer ${caller.token}` };
    return fetch(`${this.stack.apiUrl}/functions/v1/${path}`, {
      method,
      headers: {
        ...headers,
        ...extra,
        "content-type": body instanceof Blob ? body.type : "application/json",
      },
      body: body instanceof Blob ? body : JSON.stringify(body),
    });
  }

  /** Orders a story or a book, as often as it takes under one key, and returns the id of its job. */
  async order(type: "story" | "book", customer: Customer): Promise<string> {
    const key = { "idempotency-key": crypto.randomUUID() };
    const [path, request] = type === "story"
      ? ["story-api/create", { prompt: "a brave snail", age_min: 4, age_max: 7, pages: 3 }]
      : ["book-api/generate", { story_id: customer.storyId, with_images: true }];
    const ask = () => this.call("POST", path, customer, request, key);
    let response = await ask();
    for (; response.status === 503; response = await ask()) await response.body?.cancel();
    const accepted = await response.json();
    assert.equal(response.status, 202, JSON.stringify(accepted));
    return accepted.job_id;
  }

  async job(id: string): Promise<JobRow> {
    const [row] = await this.sql<JobRow[]>`
      select id, resource_id, status, attempt, error_code from public.generation_jobs where id = ${id}`;
    return row;
  }

  /** Waits until `condition` holds, for as long as three minutes. */
  async until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    for (const end = Date.now() + 180_000; !await condition();) {
      if (Date.now() > end) throw new Error(`still not: ${what}\n${JSON.stringify(this.log.slice(-20))}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#everything[Symbol.asyncDispose]();
  }
}
