/** The clients of the soak, and the books that it keeps from nothing but what they say was acknowledged. */
import { join } from "node:path";
import { CHECKOUT } from "../local/checkout.ts";
import { type Child, Children } from "../local/processes/children.ts";
import { type Begun, type ClientOptions, isLeft } from "./soak_client.ts";

interface Client {
  process: Child;
  begun: Map<string, Begun>;
}

/** Processes that work on one database, and what they were told. */
export class SoakLoad {
  /** Credits charged, by user. */
  readonly charged = new Map<string, number>();
  /** Jobs that were begun, those among them that nobody settles, and those that ended. */
  jobs = 0;
  left = 0;
  ended = 0;
  /** Errors by code, each of which was followed by another try. */
  readonly errors = new Map<string, number>();
  readonly #clients: Client[] = [];
  #latencies: number[] = [];

  constructor(
    private readonly children: Children,
    private readonly options: Omit<ClientOptions, "rate" | "begun">,
  ) {}

  /** Starts `clients` that do `rate` jobs a second together. */
  async start(clients: number, rate: number): Promise<void> {
    for (let n = 0; n < clients; n++) this.#clients.push(await this.#client(rate / clients, []));
  }

  /** Kills one of them in the middle of what it does, and has another take over what it had begun. */
  async killOne(rate: number): Promise<void> {
    const client = this.#clients.shift();
    if (!client) return;
    const clients = this.#clients.length + 1;
    await client.process.stop("SIGKILL");
    this.#clients.push(await this.#client(rate / clients, [...client.begun.values()]));
  }

  /** Lets all of them end what they have begun. */
  async stop(): Promise<void> {
    const ended = this.#clients.splice(0).map(async ({ process, begun }) => {
      Deno.kill(process.pid, "SIGTERM");
      await process.status;
      if (begun.size > 0) throw new Error(`${begun.size} jobs of a client did not end`);
    });
    await Promise.all(ended);
  }

  /** The milliseconds of the jobs that ended since this was last asked, in order. */
  latencies(): number[] {
    return this.#latencies.splice(0).sort((one, other) => one - other);
  }

  async #client(rate: number, begun: Begun[]): Promise<Client> {
    const known = new Map(begun.map((one) => [one.job, one]));
    const process = await this.children.start(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--no-check",
        "--node-modules-dir=manual",
        join(CHECKOUT, "bench", "soak_client.ts"),
      ],
      env: { SOAK: JSON.stringify({ ...this.options, rate, begun } satisfies ClientOptions) },
    }, (line) => this.#note(known, line.split(" ")));
    return { process, begun: known };
  }

  /** The last line of a client that was killed may lack its end: then it never happened, and somebody tries again. */
  #note(begun: Map<string, Begun>, [what, first, second, third]: string[]) {
    if (what === "begin" && second?.length === 36) {
      begun.set(second, { user: first, job: second });
      this.jobs++;
      if (isLeft(second)) this.left++;
    } else if (what === "end" && third !== undefined) {
      const { user } = begun.get(first) ?? {};
      if (user === undefined) throw new Error(`${first} ended without having begun`);
      begun.delete(first);
      this.charged.set(user, (this.charged.get(user) ?? 0) + Number(second));
      this.ended++;
      this.#latencies.push(Number(third));
    } else if (what === "error") this.errors.set(first, (this.errors.get(first) ?? 0) + 1);
    else if (what !== "begin" && what !== "end") console.error([what, first, second, third].join(" "));
  }
}
