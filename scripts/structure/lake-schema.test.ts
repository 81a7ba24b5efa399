import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { EVALUATION_TABLE } from "../../packages/lake/src/archive/evaluation-table.ts";
import { OBSERVATION_TABLE } from "../../packages/lake/src/archive/observation-table.ts";
import { summarySchema } from "../../packages/lake/src/summary/trace-summaries.ts";
import { traceSpanSchema } from "../../packages/lake/src/table/trace-spans.ts";

const page = readFileSync(new URL("../../docs/reference/lake-schema.md", import.meta.url), "utf8");

/** Rows `| column | type | may be null |` of a section. */
function documented(section: string) {
  const text = page.split(/^## /m).find((part) => part.startsWith(section)) ?? "";
  return [...text.matchAll(/^\| `([a-z_]+)` \| ([a-z ]+) \| (yes|no) \|/gm)].map(
    ([, name, type, nullable]) => [name, type, nullable === "yes"],
  );
}

it.each([
  ["trace_spans", traceSpanSchema],
  ["trace_summaries", summarySchema],
  ["observation_archive", OBSERVATION_TABLE.schema],
  ["evaluation_archive", EVALUATION_TABLE.schema],
])("documents every column of %s, in order, with its type", (table, schema) => {
  const columns = schema.fields.map(({ name, type, nullable }) => [name, typeName(type), nullable]);
  expect(documented(`Columns of ${table}`)).toEqual(columns);
});

function typeName(type: unknown): string {
  if (typeof type === "string") return type;
  const { type: kind, elementType, keyType, valueType } = type as Record<string, unknown>;
  if (kind === "array") return `array of ${typeName(elementType)}`;
  if (kind === "map") return `map of ${typeName(keyType)} to ${typeName(valueType)}`;
  return String(kind);
}
