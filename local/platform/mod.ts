/**
 * A stand-in for the hosted platform, for tests only: the Supabase CLI links to it, pushes migrations and settings to it,
 * and deploys functions to it, without an account. It keeps what was uploaded, so that a test can look at it and run it.
 *
 * @module
 */
import { join } from "node:path";
import { createApp, DOMAIN } from "./app.ts";
import { newProject, type Project } from "./project.ts";

export type { DeployedFunction, Project, UploadedFile } from "./project.ts";

/** A running stand-in with one project. */
export interface PlatformStandIn {
  project: Project;
  /** What points the CLI at the stand-in instead of the hosted platform, and logs it in. */
  env: { SUPABASE_PROFILE: string; SUPABASE_ACCESS_TOKEN: string };
  close(): Promise<void>;
}

/** How a stand-in is started. */
export interface PlatformOptions {
  /** Folder for the profile that the CLI reads. */
  dir: string;
  /** The project's database, as the superuser. */
  adminUrl: string;
}

/** Starts the stand-in on 127.0.0.1, at a free port. */
export async function startPlatformStandIn({ dir, adminUrl }: PlatformOptions): Promise<PlatformStandIn> {
  const project = newProject(randomRef());
  const token = `sbp_${crypto.getRandomValues(new Uint8Array(20)).toHex()}`;
  const app = createApp({ project, token, adminUrl });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => app.fetch(request),
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  const profile = {
    name: "stand-in",
    api_url: url,
    dashboard_url: url,
    project_host: DOMAIN,
    pooler_host: DOMAIN,
  };
  const path = join(dir, "profile.json");
  await Deno.writeTextFile(path, JSON.stringify(profile));
  return {
    project,
    env: { SUPABASE_PROFILE: path, SUPABASE_ACCESS_TOKEN: token },
    close: () => server.shutdown(),
  };
}

/** A role of the login is named after the project, and several databases of one server may each belong to one. */
function randomRef(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(20)), (byte) => String.fromCharCode(97 + byte % 26))
    .join("");
}
