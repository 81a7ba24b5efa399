import type { Json } from "@scouter/contracts";
import type { TraceSpan } from "@scouter/sdk";
import { oneLine, shorten } from "./table.ts";
import { durationMs, formatDuration } from "./time.ts";

const STATUS_NAMES = ["unset", "ok", "error"] as const;
const MAXIMUM_DETAIL = 160;

/**
 * The spans of a trace as an indented tree: name, duration, status, and what the generative AI attributes say.
 *
 * @param spans in tree order with their depth, as the server sends them
 */
export function spanTree(spans: readonly TraceSpan[]): string {
  const names = spans.map((span, index) => treePrefix(spans, index) + oneLine(span.span_name));
  const durations = spans.map((span) => formatDuration(durationMs(span.start_time, span.end_time)));
  const nameWidth = Math.max(0, ...names.map((name) => name.length));
  const durationWidth = Math.max(0, ...durations.map((duration) => duration.length));
  return spans
    .map((span, index) => {
      const name = (names[index] ?? "").padEnd(nameWidth);
      const duration = (durations[index] ?? "").padStart(durationWidth);
      const status = (STATUS_NAMES[span.status_code] ?? String(span.status_code)).padEnd(5);
      const detail = shorten(oneLine(spanDetails(span).join("; ")), MAXIMUM_DETAIL);
      return `${name}  ${duration}  ${status}  ${detail}`.trimEnd();
    })
    .join("\n");
}

/** Whether a later span continues a level decides between a branch, a corner, a line and a gap. */
function treePrefix(spans: readonly TraceSpan[], index: number): string {
  const depth = spans[index]?.depth ?? 0;
  let prefix = "";
  for (let level = 1; level <= depth; level += 1) {
    const more = continuesAt(spans, index, level);
    if (level === depth) prefix += more ? "├─ " : "└─ ";
    else prefix += more ? "│  " : "   ";
  }
  return prefix;
}

function continuesAt(spans: readonly TraceSpan[], index: number, level: number): boolean {
  for (const span of spans.slice(index + 1)) {
    if (span.depth < level) return false;
    if (span.depth === level) return true;
  }
  return false;
}

function spanDetails(span: TraceSpan): readonly string[] {
  const value = attributeReader(span);
  const [input, output] = [value("gen_ai.usage.input_tokens"), value("gen_ai.usage.output_tokens")];
  const finish = value("gen_ai.response.finish_reasons");
  const details: readonly (string | undefined)[] = [
    value("gen_ai.response.model") ?? value("gen_ai.request.model"),
    input === undefined && output === undefined
      ? undefined
      : `tokens ${input ?? "?"} in, ${output ?? "?"} out`,
    finish === undefined ? undefined : `finish ${finish}`,
    value("gen_ai.tool.call.arguments"),
    value("gen_ai.tool.call.result"),
    value("error.type"),
    span.status_message ?? undefined,
  ];
  return details.filter((detail) => detail !== undefined);
}

function attributeReader(span: TraceSpan): (key: string) => string | undefined {
  const values = new Map(span.attributes.map(({ key, value }) => [key, value]));
  return (key) => {
    const value = values.get(key);
    return value === undefined ? undefined : attributeText(value);
  };
}

function attributeText(value: Json): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map((item: Json) => attributeText(item)).join(",");
  return JSON.stringify(value);
}
