import type { App } from "@supabase/lite";
import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";

type StorageAdapter = NonNullable<App["_storageAdapter"]>;
type Metadata = Awaited<ReturnType<StorageAdapter["headObject"]>>;

/**
 * Keeps Storage's objects as files, `folder/bucket/key`, each with its content type in a file beside it. The adapter of
 * `@supabase/lite` that does so belongs to its command line and is not exported.
 */
export function fileStorage(folder: string): StorageAdapter {
  const root = resolve(folder);
  const pathOf = (bucket: string, key: string) => {
    const path = resolve(root, bucket, key);
    if (!path.startsWith(root + sep)) throw new Error(`object key outside of the storage folder: ${key}`);
    return path;
  };
  const remove = async (bucket: string, key: string) => {
    const path = pathOf(bucket, key);
    await Promise.all([fs.rm(path, { force: true }), fs.rm(path + TYPE, { force: true })]);
  };
  return {
    driver: undefined,
    async getObject(bucket, key) {
      const path = pathOf(bucket, key);
      const [metadata, body] = await Promise.all([metadataOf(path), fs.readFile(path)]);
      return { httpStatusCode: 200, metadata, body };
    },
    async uploadObject(bucket, key, _version, body, contentType, cacheControl) {
      const path = pathOf(bucket, key);
      await fs.mkdir(dirname(path), { recursive: true });
      await fs.writeFile(path, body);
      await fs.writeFile(path + TYPE, contentType);
      return { ...await metadataOf(path), cacheControl };
    },
    deleteObject: remove,
    async deleteObjects(bucket, keys) {
      await Promise.all(keys.map((key) => remove(bucket, key)));
    },
    async copyObject(bucket, key, _version, toBucket, toKey) {
      const [from, to] = [pathOf(bucket, key), pathOf(toBucket, toKey)];
      await fs.mkdir(dirname(to), { recursive: true });
      await Promise.all([fs.copyFile(from, to), fs.copyFile(from + TYPE, to + TYPE)]);
      const { eTag, lastModified } = await metadataOf(to);
      return { httpStatusCode: 200, eTag, lastModified };
    },
    headObject: (bucket, key) => metadataOf(pathOf(bucket, key)),
    privateAssetUrl: (bucket, key) => Promise.resolve(`file://${pathOf(bucket, key)}`),
  };
}

const TYPE = ".content-type";

async function metadataOf(path: string): Promise<Metadata> {
  const [{ size, mtime, mtimeMs }, mimetype] = await Promise.all([
    fs.stat(path),
    fs.readFile(path + TYPE, "utf8"),
  ]);
  const eTag = `"${createHash("sha256").update(`${path}:${mtimeMs}`).digest("hex").slice(0, 32)}"`;
  return { cacheControl: "no-cache", contentLength: size, size, mimetype, lastModified: mtime, eTag };
}
