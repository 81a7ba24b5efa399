import type { ReadView } from "../reader/read-view.ts";
import type { AttributeMatch } from "../trace-lake.ts";
import { spansSql } from "./merged-traces.ts";
import type { Parameters } from "./span-condition.ts";
import type { TimeRange } from "./trace-queries.ts";

/** SQL of the ids of traces that have a span in the range which any of the matches fits. */
export async function matchingTracesSql(
  view: ReadView,
  range: TimeRange,
  matches: readonly AttributeMatch[],
  parameters: Parameters,
): Promise<string> {
  const spans = await spansSql(view, range, [
    "trace_id",
    "start_time_unix_nano",
    "span_name",
    "service_name",
    "scope_name",
    "status_message",
    "attributes",
    "resource_attributes",
  ]);
  const conditions = matches.map((match) => conditionOf(match, parameters));
  return `SELECT trace_id FROM (${spans}) WHERE ${conditions.join(" OR ")}`;
}

function conditionOf(match: AttributeMatch, parameters: Parameters): string {
  if ("text" in match) {
    const text = parameters.add(match.text);
    const columns = ["span_name", "service_name", "scope_name", "status_message"];
    return columns.map((column) => `coalesce(contains(${column}, ${text}), false)`).join(" OR ");
  }
  const key = parameters.add(match.key);
  const forms = parameters.addAll(storedForms(match.value));
  return `coalesce(coalesce(attributes[${key}], resource_attributes[${key}]) IN (${forms}), false)`;
}

/** As a text, a number, a truth value or other JSON would be stored that shows as this. */
function storedForms(value: string): readonly string[] {
  const forms = [JSON.stringify(value), value];
  if (/^-?\d+$/.test(value)) forms.push(`${value}.0`);
  if (/^-?\d+\.\d*0+$/.test(value)) forms.push(String(Number(value)));
  return forms;
}
