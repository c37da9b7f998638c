/** `deno task gen:fonts`: writes the modules in which the fonts of the functions travel. */
import { relative } from "node:path";
import { CHECKOUT } from "../checkout.ts";
import { fontFiles, fontModule, moduleOf } from "../functions/fonts.ts";

for (const path of await fontFiles()) {
  await Deno.writeTextFile(moduleOf(path), await fontModule(path));
  console.log(`Wrote ${relative(CHECKOUT, moduleOf(path))}.`);
}
