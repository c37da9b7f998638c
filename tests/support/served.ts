import { CHECKOUT } from "../../local/checkout.ts";

/** The names of the functions of this checkout: a product can be left out. */
export const SERVED = Array.from(Deno.readDirSync(`${CHECKOUT}/supabase/functions`), ({ name }) => name)
  .filter((name) => /^[a-z]/.test(name)).sort();

/** Whether `path`, below `/functions/v1/`, belongs to a function of this checkout. */
export const isServed = (path: string): boolean => SERVED.includes(path.split("/")[0]);
