import type { z } from "zod";
import type { PathPart } from "./located-value.ts";
import { nearestName } from "./nearest-name.ts";

export interface PathProblem {
  readonly path: readonly PathPart[];
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

/** How many names of a long list a message shows. */
const SHOWN_NAMES = 12;

/** What a schema refuses, in words for the author of a file: what was given, what is allowed. */
export function schemaProblems(
  schema: z.ZodObject,
  given: unknown,
  issues: readonly Issue[],
): readonly PathProblem[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
    if (issue.code !== "unrecognized_keys") {
      return [{ path, message: messageOf(issue, valueAt(given, path)) }];
    }
    const known = Object.keys(schema.shape);
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `unknown field '${key}': ${meant(key, known)}`,
    }));
  });
}

function messageOf(issue: Issue, value: unknown): string {
  if (value === undefined && issue.code !== "custom") return `missing: expected ${expected(issue)}`;
  if (value === undefined) return `missing: ${issue.message}`;
  if (issue.code === "invalid_value" && typeof value === "string") {
    return `unknown value '${value}': ${meant(value, issue.values.map(String))}`;
  }
  if (issue.code === "invalid_type") return `expected ${expected(issue)}, got ${typeName(value)}`;
  if (issue.code === "too_small") {
    if (issue.origin === "string") return "is empty: expected at least one character";
    return `is ${shown(value)}: expected at least ${String(issue.minimum)}`;
  }
  if (issue.code === "too_big") {
    return `${sizeOf(value)}: expected at most ${String(issue.maximum)}`;
  }
  return issue.message;
}

function sizeOf(value: unknown): string {
  if (typeof value === "string") return `has ${value.length} characters`;
  return Array.isArray(value) ? `has ${value.length} elements` : `is ${shown(value)}`;
}

function expected(issue: Issue): string {
  if (issue.code === "invalid_type") {
    return ARTICLES[issue.expected] ?? issue.expected;
  }
  return issue.code === "invalid_value" ? `one of ${issue.values.map(String).join(", ")}` : "it";
}

const ARTICLES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/** `did you mean 'x'?`, or the names that are known. */
export function meant(given: string, known: readonly string[]): string {
  const nearest = nearestName(given, known);
  if (nearest !== undefined) return `did you mean '${nearest}'?`;
  const shown = known.slice(0, SHOWN_NAMES).join(", ");
  return `expected ${shown}${known.length > SHOWN_NAMES ? ", ..." : ""}`;
}

export function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string")
    return `text '${value.length > 40 ? `${value.slice(0, 40)}...` : value}'`;
  return typeof value === "object" ? "an object" : `${typeof value} ${shown(value)}`;
}

/** Numbers and the like as they are written. */
function shown(value: unknown): string {
  return JSON.stringify(value) ?? "nothing";
}

function valueAt(value: unknown, path: readonly PathPart[]): unknown {
  return path.reduce<unknown>(
    (current, part) =>
      typeof current === "object" && current !== null && Object.hasOwn(current, part)
        ? (current as Record<PathPart, unknown>)[part]
        : undefined,
    value,
  );
}
