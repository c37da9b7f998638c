/** The most that a log and the one before it take each, in bytes. */
const MOST = 4 * 2 ** 20;

/** The most that is kept of a line, in characters: what it quotes may be anything. */
const LONGEST = 8_192;

/**
 * Begins the log at `path`, and gives back what adds a line to it. A full log becomes `path.1`, in place of the one that was
 * full before; only its owner may read it.
 */
export function beginLog(path: string, most = MOST): (line: string) => void {
  const options = { mode: 0o600 };
  Deno.writeTextFileSync(path, "", options);
  let size = 0;
  return (line) => {
    const bytes = new TextEncoder().encode(`${line.slice(0, LONGEST)}\n`);
    if (size && size + bytes.length > most) {
      Deno.renameSync(path, `${path}.1`);
      size = 0;
    }
    Deno.writeFileSync(path, bytes, { ...options, append: true });
    size += bytes.length;
  };
}
