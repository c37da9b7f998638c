import { type Config, defaultConfig } from "./config.ts";

/** A file of a deployed function: its path as it was uploaded, and what is in it. */
export interface UploadedFile {
  path: string;
  content: Uint8Array<ArrayBuffer>;
}

/** A function as `functions deploy` left it. */
export interface DeployedFunction {
  slug: string;
  /** Counts the uploads that changed something. */
  version: number;
  verifyJwt: boolean;
  /** Which of the files is started. */
  entrypoint: string;
  /** SHA-256 of all files, by which an upload that changes nothing is known. */
  hash: string;
  files: UploadedFile[];
}

/** One project: what the commands of the Supabase CLI change. */
export interface Project {
  /** Twenty lower-case letters. */
  ref: string;
  secrets: Map<string, string>;
  functions: Map<string, DeployedFunction>;
  config: Config;
}

/** A project that nothing was deployed to yet. */
export function newProject(ref: string): Project {
  return { ref, secrets: new Map(), functions: new Map(), config: defaultConfig() };
}
