import pg from "pg";

/** Gives `use` a pool of connections to `url`, for the libraries that want one of `npm:pg`, and ends it afterwards. */
export async function withPool<T>(url: string, use: (pool: pg.Pool) => Promise<T>): Promise<T> {
  // Each connection has to read the catalog first, which takes longer than to wait for one that has.
  const pool = new pg.Pool({ connectionString: url, max: 3 });
  // A connection that the server ends while it is being closed is none of our business: neither the connection's own
  // word of it, nor the pool's, which passes it on.
  pool.on("connect", (client) => client.on("error", () => {}));
  pool.on("error", () => {});
  try {
    return await use(pool);
  } finally {
    await pool.end();
  }
}
