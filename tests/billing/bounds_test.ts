// What credits-api publishes about an order of credits is what is enforced: of the pack by Postgres as by HTTP, of the
// address by HTTP alone, because Postgres is never told it.
import assert from "node:assert/strict";
import { beyond } from "../support/bounds.ts";
import { ask, type Problem } from "../support/calls.ts";
import { operations } from "../support/fuzz/operations.ts";
import { as, type Person, signUp } from "../support/people.ts";
import { service } from "../support/service.ts";
import { readTerms } from "../support/terms.ts";

const checkout = (await operations()).find(({ name }) => name === "post /credits-api/checkout");
const { properties = {}, required = [] } = checkout?.body?.schema ?? {};
const { pack_id, return_to } = properties;
const { packs: [pack] } = await readTerms();
const SHOP = "https://talehop.com/shop";
/** An address on an allowed origin, of so many characters. */
const address = (length: number) => `${SHOP}?`.padEnd(length, "a");

Deno.test("an order of credits has three fields, and needs two", () => {
  assert.deepEqual(Object.keys(properties).toSorted(), ["currency", "pack_id", "return_to"]);
  assert.deepEqual(required.toSorted(), ["pack_id", "return_to"]);
});

/** `taken`, or the code and the field of the refusal. */
async function http(person: Person, order: Record<string, unknown>): Promise<string> {
  const { status, body } = await ask<Problem & { field?: string }>(
    "POST",
    "credits-api/checkout",
    as(person),
    order,
  );
  return status === 200 ? "taken" : [body.code, body.field].filter(Boolean).join(" ");
}

/** `taken`, the outcome, or that the call itself is refused. */
async function postgres(person: Person, packId: unknown): Promise<string> {
  const { data } = await service.rpc("create_checkout", {
    p_user_id: person.id,
    p_pack_id: packId as string,
  });
  return data === null ? "refused" : data.outcome === "created" ? "taken" : `${data.outcome}`;
}

Deno.test("pack_id: Postgres takes what HTTP takes, and nothing that it refuses", async () => {
  for (const id of [pack.id, pack.id.toUpperCase(), crypto.randomUUID()]) {
    const person = await signUp();
    const said = await http(person, { pack_id: id, return_to: SHOP });
    assert.equal(said, id.toLowerCase() === pack.id ? "taken" : "unknown_pack", id);
    assert.equal(await postgres(person, id), said, id);
  }
  for (const id of [...beyond(pack_id), "", null, undefined]) {
    const person = await signUp();
    assert.equal(await http(person, { pack_id: id, return_to: SHOP }), "invalid_request pack_id", String(id));
    assert.match(await postgres(person, id), /refused|unknown_pack/, String(id));
  }
});

Deno.test("return_to: an address as long as it may be is taken, whatever is beyond is refused", async () => {
  const { maxLength = 0 } = return_to;
  const person = await signUp();
  for (const value of [...beyond(return_to), address(maxLength + 1), null, undefined]) {
    const said = await http(person, { pack_id: pack.id, return_to: value });
    assert.equal(said, "invalid_request return_to", String(value).slice(0, 60));
  }
  assert.equal(await http(person, { pack_id: pack.id, return_to: "a" }), "return_to_not_allowed return_to");
  const { data } = await service.from("credit_purchases").select("id").eq("user_id", person.id);
  assert.deepEqual(data, [], "a refused address leaves no purchase behind");
  assert.equal(await http(person, { pack_id: pack.id, return_to: address(maxLength) }), "taken");
});
