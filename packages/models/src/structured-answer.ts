import type { Json } from "@scouter/contracts";

/** The structured answer in a text; undefined when it is not JSON, or not of the type that the schema names at its top. */
export function structuredValue(text: string, schema: Json): Json | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return matchesTopLevelType(value, schema) ? value : undefined;
  } catch {
    // The port's word for an answer that is not JSON.
    return undefined;
  }
}

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
