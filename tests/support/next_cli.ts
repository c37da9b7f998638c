/** The CLI that comes after the pinned one; Deno cannot install it as well: see docs/adr/0005. */
const VERSION = "3.1.0";

/** The path of its executable, which npx installs. */
export async function nextCli(): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("npx", {
    args: ["--yes", `--package=supabase@${VERSION}`, "--call", "command -v supabase"],
    stdin: "null",
  }).output();
  if (!success) {
    throw new Error(`npx cannot install supabase@${VERSION}: ${new TextDecoder().decode(stderr)}`);
  }
  return new TextDecoder().decode(stdout).trim();
}
