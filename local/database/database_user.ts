import { userInfo } from "node:os";
import { StackError } from "../errors.ts";

/** Enters a folder level by level and prints the first one that it may not enter. */
const ENTER =
  'IFS=/; path=; for name in $1; do path="${path%/}/$name"; cd "$path" 2>/dev/null || { echo "$path"; exit 1; }; done';

/** Who runs Postgres: nobody in particular, or, because Postgres refuses to run as root, the system user `postgres`. */
export type DatabaseUser = { uid: number; gid: number } | Record<string, never>;

/** Finds the user that runs Postgres, and adds the system user `postgres` on a machine that has none and runs us as root. */
export async function databaseUser(): Promise<DatabaseUser> {
  if (Deno.build.os === "windows" || userInfo().uid !== 0) return {};
  return await systemUser() ?? await addSystemUser();
}

/** Refuses, with what to do, folders that the user of the database cannot get at. */
export async function checkAccess(user: DatabaseUser, folders: string[]): Promise<void> {
  if (!("uid" in user)) return;
  for (const folder of folders) {
    const { success, stdout } = await new Deno.Command("sh", {
      args: ["-c", ENTER, "sh", folder],
      cwd: "/",
      ...user,
    }).output();
    if (success) continue;
    throw new StackError(
      `the database runs as the user "postgres" (it refuses to run as root), who may not enter ` +
        `${
          new TextDecoder().decode(stdout).trim()
        }: move the checkout to a folder that everybody may enter, ` +
        `for example under /srv, or start as a user other than root`,
    );
  }
}

async function systemUser(): Promise<DatabaseUser | undefined> {
  const passwd = await Deno.readTextFile("/etc/passwd").catch(() => "");
  const entry = passwd.split("\n").find((line) => line.startsWith("postgres:"))?.split(":");
  return entry && { uid: Number(entry[2]), gid: Number(entry[3]) };
}

async function addSystemUser(): Promise<DatabaseUser> {
  const args = ["--system", "--user-group", "--no-create-home", "--shell", "/bin/false", "postgres"];
  await new Deno.Command("useradd", { args }).output().catch(() => {});
  const user = await systemUser();
  if (user) return user;
  throw new StackError(
    "Postgres refuses to run as root and no user for it could be added: run `useradd --system postgres`",
  );
}
