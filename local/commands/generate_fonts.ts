/** `deno task gen:fonts`: writes the modules in which the files of the functions travel. */
import { relative } from "node:path";
import { CHECKOUT } from "../checkout.ts";
import { modules, moduleText } from "../functions/fonts.ts";

for (const [file, module] of await modules()) {
  await Deno.writeTextFile(module, await moduleText(file));
  console.log(`Wrote ${relative(CHECKOUT, module)}.`);
}
