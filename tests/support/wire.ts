/**
 * What lies between the functions and their project: a place where a message can be held up while somebody dies.
 *
 * @module
 */

/** Where a job can be stopped: just before or just after the project has done something for it. */
export type Stop =
  | "before the claim"
  | "after the claim"
  | "before the upload"
  | "after the upload"
  | "before the commit"
  | "after the commit";

const STEPS: [name: string, path: RegExp][] = [
  ["claim", /\/rpc\/claim_job$/],
  ["upload", /^\/storage\/v1\/object\/books\//],
  ["commit", /\/rpc\/complete_(story|book)$/],
];

/** A message that is held up. */
export interface Held {
  /** Settles when the message has come. */
  readonly reached: Promise<void>;
  /** Lets it go on, or, when it has not been delivered yet, be `lost` together with its sender. */
  release(how?: "lost"): void;
}

interface Gate extends Held {
  arrive(): void;
  readonly open: Promise<"lost" | undefined>;
}

/** A server that passes everything on to the project, except what it was told to hold. */
export class Wire implements AsyncDisposable {
  /** Address of the project. */
  target = "";
  readonly #gates = new Map<string, Gate>();
  readonly #owners = new Map<string, string>();
  readonly #server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => this.#pass(request),
  );

  /** Address for the functions to use as the project's. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** Holds the next message at `stop` that is about a job of `userId`. */
  hold(userId: string, stop: Stop): Held {
    const came = Promise.withResolvers<void>();
    const open = Promise.withResolvers<"lost" | undefined>();
    const gate = { reached: came.promise, arrive: came.resolve, open: open.promise, release: open.resolve };
    this.#gates.set(`${userId} ${stop}`, gate);
    return gate;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const gate of this.#gates.values()) gate.release("lost");
    await this.#server.shutdown();
  }

  async #pass(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const body = new Uint8Array(await request.arrayBuffer());
    const step = STEPS.find(([, path]) => path.test(pathname))?.[0];
    const owner = this.#ownerOf(pathname, body);
    if (await this.#stop(`${owner} before the ${step}`) === "lost") {
      return new Response(null, { status: 503 });
    }
    const response = await fetch(`${this.target}${pathname}${search}`, {
      method: request.method,
      headers: request.headers,
      body: body.length > 0 ? body : undefined,
      redirect: "manual",
    });
    const answer = new Uint8Array(await response.arrayBuffer());
    if (/\/rpc\/create_(story|book)$/.test(pathname)) this.#owners.set(parse(answer).job_id, owner);
    await this.#stop(`${owner} after the ${step}`);
    const headers = new Headers(response.headers);
    headers.delete("content-encoding");
    headers.delete("content-length");
    return new Response(answer.length > 0 ? answer : null, { status: response.status, headers });
  }

  async #stop(at: string): Promise<"lost" | undefined> {
    const gate = this.#gates.get(at);
    this.#gates.delete(at);
    gate?.arrive();
    return await gate?.open;
  }

  #ownerOf(path: string, body: Uint8Array): string {
    if (path.startsWith("/storage/")) return path.split("/")[5];
    const { p_user_id, p_job_id } = parse(body);
    return p_user_id ?? this.#owners.get(p_job_id) ?? "nobody";
  }
}

function parse(body: Uint8Array): Record<string, string> {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return {};
  }
}
