import { Databases } from "./bench/databases.ts";
import { measure, upTo, type Variant } from "./bench/measure.ts";
import { seed, seededUser } from "./bench/seed.ts";
const USERS = 10_000;
let counter = 0;
function newJob(): string {
  const time = Date.now().toString(16).padStart(12, "0");
  const rest = (counter++).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${rest}`;
}
await using databases = await Databases.start();
const mk = (name: string, sql: any): Variant => ({
  name,
  once: async () => {
    const user = seededUser(upTo(USERS));
    const job = newJob();
    await sql`select outcome from public.reserve_credits(${user}, ${job}, 1, 'story')`;
    return await sql`select outcome from public.confirm_credits(${user}, ${job})`;
  },
});
const small = await databases.create("small", (sql) => seed(sql, { users: USERS }));
const big = await databases.create("big", (sql) => seed(sql, { users: USERS, past: 200 }));
const stat = async (sql: any) =>
  (await sql`select wal_bytes::bigint as b, wal_fpi::int as f from pg_stat_wal`)[0];
const wal = async (name: string, sql: any, n: number) => {
  const a = await stat(sql);
  const t = performance.now();
  const one = mk(name, sql);
  let left = n;
  await Promise.all(Array.from({ length: 8 }, async () => {
    while (left-- > 0) await one.once();
  }));
  const b = await stat(sql);
  console.log(
    name,
    n,
    "pairs",
    Math.round(n / (performance.now() - t) * 1000),
    "/s",
    "WAL bytes a pair",
    Math.round(Number(b.b - a.b) / n),
    "FPI a pair",
    ((b.f - a.f) / n).toFixed(2),
  );
};
await databases.settle();
console.table((await measure([mk("small", small), mk("big", big)])).map((m) => ({ ...m })));
for (const round of [1, 2, 3]) {
  await wal("small", small, 6000);
  await wal("big", big, 6000);
}
await databases.settle();
console.log("after a checkpoint");
for (const round of [1, 2, 3, 4, 5]) {
  await wal("small", small, 4000);
  await wal("big", big, 4000);
}
console.table((await measure([mk("small", small), mk("big", big)])).map((m) => ({ ...m })));
