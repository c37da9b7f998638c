import { emptyState, type State } from "./state.ts";

const FORMAT = 1;
const SAVE_DELAY_MS = 200;

/** Keeps a state in one JSON file: `changed` after every change, `close` at the end. */
export interface DataFile {
  changed(): void;
  close(): Promise<void>;
}

/**
 * Reads the state a former run left in `path`, or starts an empty one.
 * @throws Error that names the file when it is there but is no data of this tool.
 */
export async function readState(path: string | undefined): Promise<State> {
  const state = emptyState();
  const text = path === undefined ? null : await readIfThere(path);
  if (text === null) return state;
  try {
    const saved = JSON.parse(text) as { format: number; maps: Record<string, [string, never][]> };
    if (saved.format !== FORMAT) throw new Error(`format ${saved.format}`);
    for (const [name, map] of Object.entries(state)) {
      for (const [key, value] of saved.maps[name] ?? []) map.set(key, value);
    }
    return state;
  } catch (cause) {
    throw new Error(`${path} is not a data file of the Stripe stand-in; delete it and start again`, {
      cause,
    });
  }
}

/** Saves `state` to `path` soon after each change; without a path nothing is kept. */
export function openDataFile(path: string | undefined, state: State): DataFile {
  if (path === undefined) return { changed() {}, close: () => Promise.resolve() };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let writing = Promise.resolve();
  const save = () => {
    timer = undefined;
    writing = writing.then(() => writeWhole(path, state)).catch((error) => {
      console.error(
        JSON.stringify({
          level: "error",
          message: "stripe stand-in: cannot save",
          path,
          error: String(error),
        }),
      );
    });
  };
  return {
    changed() {
      timer ??= setTimeout(save, SAVE_DELAY_MS);
    },
    close() {
      clearTimeout(timer);
      save();
      return writing;
    },
  };
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** A rename is whole or not at all: a process killed while writing leaves the former file. */
async function writeWhole(path: string, state: State): Promise<void> {
  const maps = Object.fromEntries(Object.entries(state).map(([name, map]) => [name, [...map]]));
  await Deno.writeTextFile(`${path}.new`, JSON.stringify({ format: FORMAT, maps }), { mode: 0o600 });
  await Deno.rename(`${path}.new`, path);
}
