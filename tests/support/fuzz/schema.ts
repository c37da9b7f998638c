/**
 * Values that fit a JSON schema, sit on its bounds, or miss it.
 *
 * @module
 */
import fc from "fast-check";
import { hostile } from "./values.ts";

/** The part of JSON schema that the descriptions of the functions use. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  pattern?: string;
  enum?: unknown[];
  example?: unknown;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
}

/** Makes arbitraries from schemas; `ids` are what a UUID may be, `definitions` what a `$ref` may name. */
export class Shapes {
  constructor(readonly ids: string[], readonly definitions: Record<string, Schema>) {}

  /** Values that fit, the ones on the bounds more often than by chance. */
  valid(named: Schema): fc.Arbitrary<unknown> {
    const schema = this.#resolve(named);
    const type = [schema.type].flat()[0];
    if (schema.enum) return fc.constantFrom(...schema.enum);
    if (type === "object") return this.#object(schema);
    if (type === "array") {
      const { minItems = 0, maxItems = 5 } = schema;
      return fc.array(this.valid(schema.items ?? {}), {
        minLength: minItems,
        maxLength: Math.min(maxItems, 5),
      });
    }
    if (type === "boolean") return fc.boolean();
    if (type === "integer" || type === "number") return this.#integer(schema);
    if (type === "string") return this.#text(schema);
    return fc.jsonValue({ maxDepth: 2 });
  }

  /** Values that fit but for one place, which is hostile, missing, on a bound or too much. */
  spoiled(named: Schema): fc.Arbitrary<unknown> {
    const schema = this.#resolve(named);
    if (!schema.properties) return fc.oneof(hostile, this.#beyond(schema));
    const whole = this.#object(schema);
    const fields = Object.entries(schema.properties).map(([name, field]) => {
      const value = fc.oneof(
        hostile,
        this.#beyond(this.#resolve(field)),
        this.spoiled(field),
        fc.constant(undefined),
      );
      return fc.tuple(whole, value).map(([object, bad]) => ({ ...object, [name]: bad }));
    });
    const surplus = fc.tuple(whole, fc.string({ unit: "binary" }), hostile);
    return fc.oneof(
      ...fields,
      surplus.map(([object, name, value]) => ({ ...object, [name]: value })),
      hostile,
    );
  }

  #resolve(schema: Schema): Schema {
    return schema.$ref ? this.definitions[schema.$ref.split("/").at(-1) ?? ""] : schema;
  }

  #object({ properties = {}, required = [] }: Schema): fc.Arbitrary<Record<string, unknown>> {
    const fields = Object.entries(properties).map(([name, field]) => [name, this.valid(field)]);
    return fc.record(Object.fromEntries(fields), { requiredKeys: required });
  }

  #integer({ minimum = -1000, maximum = 1000 }: Schema): fc.Arbitrary<number> {
    return fc.oneof(
      fc.integer({ min: minimum, max: maximum }),
      fc.constantFrom(minimum, maximum),
      fc.integer({ min: minimum, max: Math.min(maximum, minimum + 12) }),
    );
  }

  #text({ format, pattern, example = "en", minLength = 0, maxLength = 100 }: Schema): fc.Arbitrary<string> {
    if (format === "uuid") return fc.oneof(fc.constantFrom(...this.ids), fc.uuid());
    if (pattern) return fc.stringMatching(new RegExp(pattern)).map((text) => text.slice(0, 255));
    const unit = fc.constantFrom<"grapheme" | "grapheme-ascii">("grapheme", "grapheme-ascii");
    const free = unit.chain((unit) =>
      fc.string({ unit, minLength, maxLength: Math.min(maxLength, minLength + 60) })
    );
    return fc.oneof(
      free.map((text) => text.slice(0, maxLength)),
      fc.constant(String(example)),
      fc.constantFrom("x".repeat(minLength), "x".repeat(maxLength), "https://talehop.com/"),
    );
  }

  #beyond(
    { minLength = 0, maxLength = 100, minimum = 0, maximum = 100, maxItems = 10, items, type }: Schema,
  ) {
    if (type === "array") return this.valid(items ?? {}).map((item) => Array(maxItems + 1).fill(item));
    if (type === "string") {
      return fc.constantFrom("x".repeat(maxLength + 1), "x".repeat(Math.max(0, minLength - 1)));
    }
    return fc.constantFrom<unknown>(minimum - 1, maximum + 1, minimum + 0.5, String(minimum), [minimum]);
  }
}
