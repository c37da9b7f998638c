import type { DeployedFunction } from "./project.ts";

/** The SHA-256 of `bytes`, in hexadecimal digits. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** Takes in the form that `functions deploy --use-api` uploads: a part `metadata`, and a part `file` for each file. */
export async function receive(
  form: FormData,
  before: DeployedFunction | undefined,
  slug: string,
): Promise<DeployedFunction> {
  const part = form.get("metadata");
  const metadata = JSON.parse(part instanceof File ? await part.text() : part ?? "{}");
  const files = await Promise.all(
    form.getAll("file").filter((file) => file instanceof File).map(async (file) => ({
      path: file.name,
      content: await file.bytes(),
    })),
  );
  const hash = await sha256(await new Blob(files.flatMap(({ path, content }) => [path, content])).bytes());
  return {
    slug,
    version: before?.hash === hash ? before.version : (before?.version ?? 0) + 1,
    verifyJwt: metadata.verify_jwt ?? true,
    entrypoint: metadata.entrypoint_path,
    hash,
    files,
  };
}

/** A function as the Management API shows it. */
export function describe({ slug, version, verifyJwt, entrypoint, hash }: DeployedFunction) {
  return {
    id: slug,
    slug,
    name: slug,
    status: "ACTIVE",
    version,
    created_at: 0,
    updated_at: 0,
    verify_jwt: verifyJwt,
    import_map: false,
    entrypoint_path: entrypoint,
    ezbr_sha256: hash,
  };
}
