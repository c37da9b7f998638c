/** The file of opening balances: CSV with a header line, a row for each grant. */
import { CsvError, parse } from "csv-parse/sync";
import { z } from "zod";

const Row = z.strictObject({
  user_id: z.uuid("must be a user's id").transform((id) => id.toLowerCase()),
  amount: z.string()
    .regex(/^[0-9]{1,10}(\.[0-9]{1,2})?$/, {
      error: "must be credits with at most two decimal places",
      abort: true,
    })
    .refine((amount) => Number(amount) > 0, "must be above 0"),
  key: z.string().max(200, "must have at most 200 characters").optional()
    .transform((key) => key || "opening balance"),
  expires_at: z.union([
    z.literal(""),
    z.iso.datetime({ offset: true, error: "must be a time with its zone", abort: true }),
  ])
    .optional().transform((time) => time || null)
    .refine((time) => time === null || Date.parse(time) > Date.now(), "must be in the future"),
  description: z.string().max(500, "must have at most 500 characters").optional()
    .transform((words) => words || null),
});

/** One row: an opening balance, and the line it is on. */
export interface Grant extends z.infer<typeof Row> {
  line: number;
}

/** A file that cannot be taken as it is: what is wrong, line by line. */
export class FileError extends Error {
  constructor(problems: string[]) {
    const more = problems.length > SHOWN ? [`… and ${problems.length - SHOWN} more`] : [];
    super([...problems.slice(0, SHOWN), ...more].join("\n"));
  }
}

const SHOWN = 20;

/** The rows of a file. @throws {FileError} naming each line and column that is wrong */
export function readRows(text: string): Grant[] {
  const problems: string[] = [];
  const grants: Grant[] = [];
  const lines = new Map<string, number>();
  for (const { record, info: { lines: line } } of records(text)) {
    const row = Row.safeParse(record);
    if (!row.success) {
      problems.push(
        ...row.error.issues.map(({ path, message }) => `line ${line}: ${path.join(".")} ${message}`.trim()),
      );
      continue;
    }
    const name = `${row.data.user_id} ${row.data.key}`;
    if (lines.has(name)) {
      problems.push(`line ${line}: key is that of line ${lines.get(name)}, for the same user`);
    }
    lines.set(name, line);
    grants.push({ ...row.data, line });
  }
  if (problems.length === 0 && grants.length === 0) problems.push("the file has no rows");
  if (problems.length > 0) throw new FileError(problems);
  return grants;
}

const PARSING = { bom: true, columns: true, info: true, skip_empty_lines: true, trim: true } as const;

/** Each record with the line it ends on. */
function records(text: string) {
  try {
    // The types of csv-parse know the records and not what `info` makes of them.
    return parse(text, PARSING) as unknown as { record: unknown; info: { lines: number } }[];
  } catch (error) {
    throw error instanceof CsvError ? new FileError([error.message]) : error;
  }
}
