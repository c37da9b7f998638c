/**
 * A generation backend that does as the test tells it.
 *
 * @module
 */
/** What the backend was asked for. */
export interface Order {
  type: "story" | "book";
  userId: string;
  job_id: string;
  attempt: number;
  /** How many pages a story is to have. */
  pages: number;
}

/** What a backend does about an order; `signal` aborts when nobody waits for the answer any more. */
export type Script = (order: Order, signal: AbortSignal) => Response | Promise<Response>;

/** What a good backend makes of an order: a story that says which attempt wrote it, or a PDF that does. */
export function goodAnswer(order: Order): Response {
  return order.type === "story" ? Response.json(storyOf(order)) : new Response(pdfOf(order));
}

/** A story with as many pages as were ordered. */
export function storyOf({ pages, attempt }: Order) {
  const page = { text: `Written by attempt ${attempt}.`, image_prompt: "" };
  return { title: `Attempt ${attempt}`, pages: Array.from({ length: pages }, () => page) };
}

/** A book, as far as anybody looks. */
export function pdfOf({ attempt }: Pick<Order, "attempt">): string {
  return `%PDF-1.7\nmade by attempt ${attempt}\n%%EOF`;
}

/** A backend that remembers what it was asked, and can die and come back at the same address. */
export class ScriptedBackend implements AsyncDisposable {
  readonly orders: Order[] = [];
  readonly #port: number;
  readonly #scripts = new Map<string, Script>();
  #server: Deno.HttpServer<Deno.NetAddr>;
  #life = new AbortController();

  /** `key` is the secret that every order must carry. */
  constructor(readonly key: () => string) {
    this.#server = this.#serve(0);
    this.#port = this.#server.addr.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** What becomes of the orders of `userId` from now on; those of everybody else are answered well. */
  tell(userId: string, script: Script): void {
    this.#scripts.set(userId, script);
  }

  /** Dies with every order in hand. */
  async kill(): Promise<void> {
    this.#life.abort();
    await this.#server.finished;
  }

  restart(): void {
    this.#server = this.#serve(this.#port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  #serve(port: number): Deno.HttpServer<Deno.NetAddr> {
    this.#life = new AbortController();
    const options = { hostname: "127.0.0.1", port, signal: this.#life.signal, onListen: () => {} };
    return Deno.serve(options, (request) => this.#answer(request));
  }

  async #answer(request: Request): Promise<Response> {
    if (request.headers.get("x-api-key") !== this.key()) return new Response(null, { status: 403 });
    const order: Order = {
      ...await request.json(),
      type: request.url.endsWith("/stories") ? "story" : "book",
      userId: request.headers.get("x-user-id") ?? "",
    };
    this.orders.push(order);
    return await (this.#scripts.get(order.userId) ?? goodAnswer)(order, request.signal);
  }
}
