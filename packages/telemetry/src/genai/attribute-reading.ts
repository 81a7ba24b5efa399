import type { Json } from "@scouter/contracts";
import { plainJsonOf } from "../attribute/plain-json.ts";
import type { StoredAttributes } from "./genai-span.ts";

/** An attribute as plain JSON; undefined when absent. Text that is no JSON (no row of ours has any) is taken as text. */
export function valueOf(attributes: StoredAttributes, key: string): Json | undefined {
  const text = attributes.get(key);
  if (text === undefined) return undefined;
  // Most values are texts without escapes: ingest reads several of each GenAI span.
  if (text.length >= 2 && text.startsWith('"') && !text.includes("\\")) return text.slice(1, -1);
  try {
    return plainJsonOf(text);
  } catch {
    return text; // total on any attributes: a value we cannot read is still shown
  }
}

/** A text that is not empty, or a number or boolean as text; null for everything else. */
export function textOf(attributes: StoredAttributes, key: string): string | null {
  const value = valueOf(attributes, key);
  if (typeof value === "string") return value === "" ? null : value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}

/** A whole number from 0 to 2^53 - 1, also sent as a double or as text; null for everything else. */
export function countOf(attributes: StoredAttributes, key: string): number | null {
  const value = valueOf(attributes, key);
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isSafeInteger(number) || number < 0) return null;
  return number;
}

/** JSON that a text holds, or the value itself; texts that are no JSON stay texts. */
export function parsedJson(value: Json): Json {
  if (typeof value !== "string" || !/^\s*[[{"]/.test(value)) return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value; // plain text that begins like JSON
  }
}
