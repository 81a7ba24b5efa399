import type { Json } from "@scouter/contracts";
import { errors } from "../errors.ts";
import { MAX_JSON_DEPTH } from "../limits.ts";
import { isJsonArray, isJsonObject } from "./json-type.ts";

/**
 * The one deep equality: of equality operators, membership, sequences and uniqueness. Key order does not matter and
 * 5 equals 5.0 at every depth, because JSON parsing keeps no difference between them. NaN equals itself, so that
 * equality stays reflexive.
 * @throws EVALUATE_VALUE_TOO_DEEP
 */
export function jsonEquals(left: Json, right: Json, depth = 0): boolean {
  if (left === right) return true;
  if (depth > MAX_JSON_DEPTH) throw errors.EVALUATE_VALUE_TOO_DEEP(undefined);
  if (isJsonArray(left)) return isJsonArray(right) && arraysEqual(left, right, depth);
  if (isJsonObject(left)) {
    if (!isJsonObject(right)) return false;
    const keys = Object.keys(left);
    if (keys.length !== Object.keys(right).length) return false;
    return keys.every(
      (key) =>
        Object.hasOwn(right, key) && jsonEquals(left[key] ?? null, right[key] ?? null, depth + 1),
    );
  }
  return Number.isNaN(left) && Number.isNaN(right);
}

function arraysEqual(left: readonly Json[], right: readonly Json[], depth: number): boolean {
  if (left.length !== right.length) return false;
  return left.every((item, index) => jsonEquals(item, right[index] ?? null, depth + 1));
}

/**
 * Text that is equal exactly when `jsonEquals` holds: sorted keys, one spelling per number.
 * @throws EVALUATE_VALUE_TOO_DEEP
 */
export function canonicalText(value: Json, depth = 0): string {
  if (depth > MAX_JSON_DEPTH) throw errors.EVALUATE_VALUE_TOO_DEEP(undefined);
  if (isJsonArray(value)) {
    return `[${value.map((item) => canonicalText(item, depth + 1)).join(",")}]`;
  }
  if (isJsonObject(value)) {
    const members = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonicalText(value[key] ?? null, depth + 1)}`);
    return `{${members.join(",")}}`;
  }
  // String(-0) is "0", and NaN and the infinities keep a spelling of their own.
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}
