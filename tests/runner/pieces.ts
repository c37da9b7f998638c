import { join } from "node:path";
import { LOCAL, makePrivate } from "../../local/data_folder.ts";

/** Test files that one process runs one after the other, in one isolate. */
export interface Piece {
  name: string;
  files: string[];
  /** Tests beside the code need neither a stack nor a database, and those of several servers start their own. */
  needsStack: boolean;
}

/** Seconds that each piece took when it last ran in this checkout; a fresh one knows none. */
export class Durations {
  readonly #seconds: Record<string, number>;

  private constructor(seconds: Record<string, number>) {
    this.#seconds = seconds;
  }

  /** What earlier runs have written down. */
  static async read(): Promise<Durations> {
    const text = await Deno.readTextFile(FILE).catch((error) => {
      if (error instanceof Deno.errors.NotFound) return "{}";
      throw error;
    });
    return new Durations(JSON.parse(text));
  }

  /** Pieces in the order to start them in: one that may take long, or whose duration nobody knows, is not left to the end. */
  longestFirst(pieces: Piece[]): Piece[] {
    return pieces.toSorted((a, b) => this.#of(b) - this.#of(a));
  }

  /** Notes how long a piece took. */
  note(piece: Piece, seconds: number): void {
    this.#seconds[piece.name] = Math.round(seconds * 10) / 10;
  }

  /** Writes down what was noted, beside what other runs have. */
  async write(): Promise<void> {
    await makePrivate();
    await Deno.writeTextFile(FILE, JSON.stringify(this.#seconds, null, 2) + "\n");
  }

  #of({ name, files }: Piece): number {
    const unknown = LONG.includes(name) ? Number.MAX_SAFE_INTEGER : UNKNOWN + files.length;
    return this.#seconds[name] ?? unknown;
  }
}

/** More than any piece takes. */
const UNKNOWN = 1_000_000;

/** What a first run begins with, for both lanes to end at about the same time; of these, a file is a piece of its own. */
const LONG = ["tests/stories", "tests/billing", "tests/jobs", "tests/attack", "tests/credits"].concat(
  ["fuzz/cost", "fuzz/fuzz"].map((name) => `tests/${name}_test.ts`),
);

const FILE = join(LOCAL, "test-durations.json");

/** How the file begins that the state of its modules, or of its environment, keeps apart. */
const APART = /^\/\/ In a process of its own: /;

/**
 * Folders that the gate leaves to runs of their own, which CI makes beside it: whether a test can fail, the demo page, a
 * project from its first command on, the platform's command line, several database servers.
 */
const ASIDE = ["broken", "page", "projects", "hosted", "scaling"].map((name) => `tests/${name}/`);

/** Whether the gate leaves the test at `path` to a run of its own. */
export function isAside(path: string): boolean {
  return ASIDE.some((folder) => path.startsWith(folder));
}

/** The files of a folder together, apart from those that take long or that say so, and from those of a run of their own. */
export async function piecesOf(files: string[]): Promise<Piece[]> {
  const names = new Map(
    await Promise.all(files.map(async (path) => {
      const alone = isAside(path) || LONG.includes(path) || APART.test(await Deno.readTextFile(path));
      return [path, alone ? path : path.split("/").slice(0, 2).join("/")] as const;
    })),
  );
  return [...Map.groupBy(files, (path) => names.get(path)!)].map(([name, files]) => ({
    name,
    files,
    needsStack: name.startsWith("tests/") && !name.startsWith("tests/scaling"),
  }));
}
