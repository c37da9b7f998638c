import { dirname, join } from "node:path";

/**
 * The text of the pgTAP file at `path`, with the files that it includes by psql's `\ir` in their places: each in one line,
 * so that a line's number in the text is its number in the file.
 */
export async function readPgtap(path: string): Promise<string> {
  const lines = (await Deno.readTextFile(path)).split("\n").map(async (line) => {
    const included = line.match(/^\\ir (\S+)$/)?.[1];
    if (included === undefined) return line;
    const text = await readPgtap(join(dirname(path), included));
    return text.split("\n").filter((one) => !one.startsWith("--")).join(" ");
  });
  return (await Promise.all(lines)).join("\n");
}
