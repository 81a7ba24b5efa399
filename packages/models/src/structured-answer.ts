import type { Json } from "@scouter/contracts";

/** Whether a value has the type, or one of the types, that a JSON schema names at its top; a schema without one fits all. */
export function matchesTopLevelType(value: Json, schema: Json): boolean {
  const type = isObject(schema) ? schema["type"] : undefined;
  if (type === undefined) return true;
  const types: readonly Json[] = Array.isArray(type) ? type : [type];
  return types.some((name) => hasType(value, name));
}

function hasType(value: Json, type: Json): boolean {
  switch (type) {
    case "object":
      return isObject(value);
    case "array":
      return Array.isArray(value);
    case "null":
      return value === null;
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
