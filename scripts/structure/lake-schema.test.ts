import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { traceSpanSchema } from "../../packages/lake/src/table/trace-spans.ts";

const page = readFileSync(new URL("../../docs/reference/lake-schema.md", import.meta.url), "utf8");

/** Rows `| column | type | may be null |` of the page. */
const documented = [...page.matchAll(/^\| `([a-z_]+)` \| ([a-z ]+) \| (yes|no) \|/gm)].map(
  ([, name, type, nullable]) => [name, type, nullable === "yes"],
);

it("documents every column of trace_spans, in order, with its type", () => {
  const columns = traceSpanSchema.fields.map(({ name, type, nullable }) => [
    name,
    typeName(type),
    nullable,
  ]);
  expect(documented).toEqual(columns);
});

function typeName(type: unknown): string {
  if (typeof type === "string") return type;
  const { type: kind, elementType, keyType, valueType } = type as Record<string, unknown>;
  if (kind === "array") return `array of ${typeName(elementType)}`;
  if (kind === "map") return `map of ${typeName(keyType)} to ${typeName(valueType)}`;
  return String(kind);
}
