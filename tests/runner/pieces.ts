import { join } from "node:path";
import { LOCAL, makePrivate } from "../../local/data_folder.ts";

/** Test files that one process runs one after the other. */
export interface Piece {
  name: string;
  files: string[];
  /** Tests beside the code need neither a stack nor a database. */
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

  #of(piece: Piece): number {
    const unknown = LONG.includes(piece.name) ? Number.MAX_SAFE_INTEGER : Number.MAX_SAFE_INTEGER / 2;
    return this.#seconds[piece.name] ?? unknown;
  }
}

/** What a checkout without a run behind it begins with. */
const LONG = [
  "fuzz/fuzz",
  "stories/browser",
  "stories/lifecycle",
  "billing/permutations",
  "credits/races",
  "stories/demo",
]
  .map((name) => `tests/${name}_test.ts`);

const FILE = join(LOCAL, "test-durations.json");

/** A process for each file that needs a stack; the quick ones beside the code of one folder share theirs. */
export function piecesOf(files: string[]): Piece[] {
  const nameOf = (path: string) => path.startsWith("tests/") ? path : path.split("/").slice(0, 2).join("/");
  return [...Map.groupBy(files, nameOf)].map(([name, files]) => ({
    name,
    files,
    needsStack: name.startsWith("tests/"),
  }));
}
