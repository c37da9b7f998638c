/** The same product with its two tables that grow in partitions by hash of the user: tried here, and not how it is installed. */
import { applyFiles, migrationFiles } from "../local/database/sql_files.ts";

/** Partitions of each table. */
export const PARTITIONS = 16;

/** What the migrations say, and what they say here instead. */
const CHANGES: [RegExp, string][] = [
  [/(create table public\.credit_ledger \([^;]*?\n)\);/, "$1) partition by hash (user_id);"],
  [
    /(create table public\.credit_usage_logs \([^;]*?\n)\) with \(fillfactor = 70\);/,
    "$1) partition by hash (user_id);",
  ],
];

/** Partitions lie where no API role reaches them: row security of the whole says nothing about its parts. */
function partitionsOf(table: string, options: string): string[] {
  return Array.from(
    { length: PARTITIONS },
    (_, remainder) =>
      `create table credits_private.${table}_${remainder} partition of public.${table}
     for values with (modulus ${PARTITIONS}, remainder ${remainder}) ${options};`,
  );
}

/** Applies the migrations to the empty database of `url`, whose role is `postgres`. */
export async function migratePartitioned(url: string): Promise<void> {
  const files = await migrationFiles();
  for (const [pattern, replacement] of CHANGES) {
    const file = files.find(({ text }) => pattern.test(text));
    if (!file) throw new Error(`no migration has ${pattern}`);
    file.text = file.text.replace(pattern, replacement);
  }
  const text = [
    ...partitionsOf("credit_ledger", ""),
    ...partitionsOf("credit_usage_logs", "with (fillfactor = 70)"),
  ].join("\n");
  await applyFiles(url, [...files, { path: "partitions", text }]);
}
