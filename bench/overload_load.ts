/** Many clients before one pooler: each does a job now and then, and tries again when it is refused. */
import postgres from "postgres";
import { newJob } from "./credits.ts";
import { upTo } from "./measure.ts";
import { seededUser } from "./seed.ts";

/** What happened in one phase. */
export class Phase {
  /** Milliseconds of the calls that were answered, and of those that were refused. */
  readonly answered: number[] = [];
  readonly refused: number[] = [];
  /** Refusals by what was said. */
  readonly errors = new Map<string, number>();

  /** Notes a refusal. */
  refuse(error: unknown, milliseconds: number): void {
    const { code = "", message = "" } = error as { code?: string; message?: string };
    const said = `${code} ${message}`.replace(/127\.0\.0\.1:\d+/, "").trim();
    this.errors.set(said, (this.errors.get(said) ?? 0) + 1);
    this.refused.push(milliseconds);
  }
}

/** Clients, each with a connection of its own, and the jobs that were acknowledged to them. */
export class Crowd {
  phase = new Phase();
  /** The credits that each job was charged, by what its client was told. */
  readonly charged = new Map<string, number>();
  readonly #end = Promise.withResolvers<void>();
  #stopped = false;

  constructor(
    private readonly url: string,
    private readonly clients: number,
    /** Jobs a second that they want together. */
    private readonly wanted: number,
    /** Seconds that a refused client waits before it tries again. */
    private readonly patience: number,
    private readonly users: number,
  ) {}

  /** Works until {@link stop}. */
  async work(): Promise<void> {
    await Promise.all(Array.from({ length: this.clients }, (_, n) => this.#client(n)));
  }

  /** Lets every client end the job that it is about. */
  stop(): void {
    this.#stopped = true;
    this.#end.resolve();
  }

  async #client(n: number): Promise<void> {
    const sql = postgres(this.url, {
      ...{ max: 1, prepare: false, fetch_types: false, connect_timeout: 60, onnotice: () => {} },
    });
    const every = this.clients / this.wanted * 1_000;
    await this.#pause(every * n / this.clients);
    while (!this.#stopped) {
      const began = performance.now();
      await this.#job(sql, seededUser(upTo(this.users)), newJob());
      await this.#pause(Math.max(0, every * (0.5 + Math.random()) - (performance.now() - began)));
    }
    await sql.end({ timeout: 1 });
  }

  async #pause(milliseconds: number): Promise<void> {
    await Promise.race([pause(milliseconds), this.#end.promise]);
  }

  async #job(sql: postgres.Sql, user: string, job: string): Promise<void> {
    await this.#insist(() => sql`select outcome from public.reserve_credits(${user}, ${job}, 1, 'story')`);
    const [{ charged }] = await this.#insist(() =>
      sql`select charged from public.confirm_credits(${user}, ${job})`
    );
    this.charged.set(job, Number(charged));
  }

  async #insist<T>(call: () => Promise<T>): Promise<T> {
    for (;;) {
      const began = performance.now();
      try {
        const answer = await call();
        this.phase.answered.push(performance.now() - began);
        return answer;
      } catch (error) {
        this.phase.refuse(error, performance.now() - began);
        await pause(this.patience * 1_000 * (0.5 + Math.random()));
      }
    }
  }
}

/** Resolves after so many milliseconds. */
export const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
