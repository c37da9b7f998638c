/** What the local Data API does beyond what it is made of. */
import assert from "node:assert/strict";
import { readSchemaOnce } from "./api.ts";

Deno.test("requests that come while the schema is read wait for it, and a reading that failed is tried again", async () => {
  const readings: PromiseWithResolvers<never>[] = [];
  const connection = {
    introspect: (_options?: object) => {
      readings.push(Promise.withResolvers<never>());
      return readings.at(-1)!.promise;
    },
  };
  readSchemaOnce(connection);
  const ask = () => connection.introspect({ useCache: true });
  const first = [ask(), ask()];
  assert.equal(readings.length, 1);
  const anew = connection.introspect({});
  assert.equal(readings.length, 2, "who wants it as it is now reads it");
  readings[0].reject(new Error("away"));
  await Promise.all(first.map((one) => assert.rejects(one, /away/)));
  const again = ask();
  assert.equal(readings.length, 3);
  const schema = { tables: [] } as never;
  for (const { resolve } of readings.slice(1)) resolve(schema);
  assert.deepEqual([await anew, await again], [schema, schema]);
});
