import type { Json, JsonObject } from "@scouter/contracts";

export type JsonType = "null" | "boolean" | "number" | "string" | "array" | "object";

export function jsonType(value: Json): JsonType {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  const type = typeof value;
  if (type === "boolean" || type === "number" || type === "string") return type;
  return "object";
}

export function isJsonArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

export function isJsonObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A JSON number. NaN, which a caller's object may hold though JSON cannot, is not one. */
export function isNumber(value: Json): value is number {
  return typeof value === "number" && !Number.isNaN(value);
}
