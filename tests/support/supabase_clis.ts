/** The versions of the Supabase CLI that a deployment works with. */

/** The one that comes next; Deno cannot install it beside the pinned one: see docs/adr/0005. */
const NEXT = "3.1.0";

/** The path of the executable of each version, by its name; undefined is the one that `deno.json` pins. */
export async function supabaseClis(): Promise<{ name: string; path?: string }[]> {
  const { success, stdout, stderr } = await new Deno.Command("npx", {
    args: ["--yes", `--package=supabase@${NEXT}`, "--call", "command -v supabase"],
    stdin: "null",
  }).output();
  if (!success) throw new Error(`npx cannot install the CLI ${NEXT}: ${new TextDecoder().decode(stderr)}`);
  const path = new TextDecoder().decode(stdout).trim();
  return [{ name: "the pinned CLI" }, { name: `CLI ${NEXT}`, path }];
}
