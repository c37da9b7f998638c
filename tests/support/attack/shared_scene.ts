import type { Person } from "../people.ts";
import { database } from "./state.ts";
import { type Scene, scene } from "./victim.ts";

const scenes = new Map<unknown, Promise<unknown>>();

/** The scene of those who leave it as it is: one for all files of a process that let Ana have the same. */
export async function sharedScene<Things>(give: (ana: Person) => Promise<Things>): Promise<Scene & Things> {
  const make = async () => {
    const sql = database();
    await using _closing = { [Symbol.asyncDispose]: () => sql.end() };
    return await scene(sql, give);
  };
  const made = scenes.get(give) as ReturnType<typeof make> | undefined ?? make();
  scenes.set(give, made);
  return await made;
}
