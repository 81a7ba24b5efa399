import type { Json } from "@scouter/contracts";
import { isJsonArray, isJsonObject } from "../json/json-type.ts";

/** What a keyword holds: schemas to go into, or a value to leave alone. */
const KEYWORDS: Readonly<Record<string, "schema" | "schemas" | "named-schemas" | "value">> = {
  type: "value",
  enum: "value",
  const: "value",
  required: "value",
  minimum: "value",
  maximum: "value",
  exclusiveMinimum: "value",
  exclusiveMaximum: "value",
  minLength: "value",
  maxLength: "value",
  minItems: "value",
  maxItems: "value",
  properties: "named-schemas",
  additionalProperties: "schema",
  items: "schema",
  allOf: "schemas",
  anyOf: "schemas",
  oneOf: "schemas",
  $ref: "value",
  $defs: "named-schemas",
  definitions: "named-schemas",
  // Of these a check has nothing to say.
  $schema: "value",
  $id: "value",
  $comment: "value",
  title: "value",
  description: "value",
  default: "value",
  examples: "value",
  deprecated: "value",
};

const MAX_DEPTH = 64;

/**
 * The first keyword of a schema that `schemaMismatch` does not look at: a check that ignored half of what it is told would
 * pass what it should not. Undefined when it knows them all.
 */
export function unknownKeyword(schema: Json, depth = 0): string | undefined {
  if (!isJsonObject(schema) || depth > MAX_DEPTH) return undefined;
  for (const [keyword, value] of Object.entries(schema)) {
    const kind = Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword] : undefined;
    if (kind === undefined) return keyword;
    for (const inner of innerSchemas(kind, value)) {
      const found = unknownKeyword(inner, depth + 1);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function innerSchemas(kind: string, value: Json): readonly Json[] {
  if (kind === "schema") return [value];
  if (kind === "schemas") return isJsonArray(value) ? value : [];
  return kind === "named-schemas" && isJsonObject(value) ? Object.values(value) : [];
}
