import { startModelStandIn } from "../../local/model/mod.ts";
import { modelSettings } from "../../local/model/settings.ts";

/** Runs `run` with the stand-in for the models serving, and its settings in the environment. */
export async function withModel<T>(run: () => Promise<T>): Promise<T> {
  const model = startModelStandIn();
  const settings = Object.entries(modelSettings(model.url));
  for (const [name, value] of settings) Deno.env.set(name, value);
  try {
    return await run();
  } finally {
    for (const [name] of settings) Deno.env.delete(name);
    await model.close();
  }
}
