import type { Json, SpanFilter, TraceAssertion } from "@scouter/contracts";
import { errors } from "../errors.ts";
import type { PatternCache } from "../operator/pattern-cache.ts";
import { aggregate } from "./aggregate.ts";
import { compileFilter } from "./span-filter.ts";
import { wholeMs, type PlacedSpan, type TraceView } from "./span-order.ts";

/** The value that an assertion takes from a trace with at least one span. `context` fills templates of inner tasks. */
export type TraceExtractor = (trace: TraceView, context: Json) => Json;

/** Whether an inner task passes on a value. */
export type ValueTest = (value: Json, context: Json) => boolean;

export interface TraceAssertionParts {
  readonly patterns: PatternCache;
  /** Makes the test of an attribute filter's inner task. */
  readonly compileInner: (
    task: Extract<TraceAssertion, { type: "AttributeFilter" }>["task"],
  ) => ValueTest;
}

/** @throws EVALUATE_ASSERTION_INVALID, EVALUATE_PATTERN_INVALID and what the inner task is refused for */
export function compileTraceAssertion(
  assertion: TraceAssertion,
  parts: TraceAssertionParts,
): TraceExtractor {
  switch (assertion.type) {
    case "SpanSequence":
      return ({ spans }) => isSequence(spans, assertion.span_names);
    case "SpanSet":
      return ({ spans }) => {
        const names = new Set(spans.map(({ span }) => span.name));
        return assertion.span_names.every((name) => names.has(name));
      };
    case "SpanCount":
      return compileCount(assertion.filter, parts.patterns);
    case "SpanExists": {
      const test = compileFilter(assertion.filter, parts.patterns);
      return ({ spans }) => spans.some(test);
    }
    case "SpanAttribute": {
      const test = compileFilter(assertion.filter, parts.patterns);
      return ({ spans }) => spanAttribute(spans.filter(test), assertion.attribute_key);
    }
    case "SpanDuration": {
      const test = compileFilter(assertion.filter, parts.patterns);
      return ({ spans }) => oneOrAll(spans.filter(test).map(({ durationMs }) => durationMs));
    }
    case "SpanAggregation": {
      const { attribute_key, aggregation } = assertion;
      const test = compileFilter(assertion.filter, parts.patterns);
      return ({ spans }) => aggregate(aggregation, valuesOf(spans.filter(test), attribute_key));
    }
    case "TraceDuration":
      return ({ spans }) => traceDurationMs(spans);
    case "TraceSpanCount":
      return ({ spans }) => spans.length;
    case "TraceErrorCount":
      return ({ spans }) => spans.filter(({ span }) => span.status === "Error").length;
    case "TraceServiceCount":
      return ({ spans }) => new Set(spans.map(({ span }) => span.serviceName)).size;
    case "TraceMaxDepth":
      return ({ spans }) => spans.reduce((most, { depth }) => Math.max(most, depth), 0);
    case "TraceAttribute":
      return ({ spans }) => rootAttribute(spans, assertion.attribute_key);
    default:
      return compileAttributeFilter(assertion, parts);
  }
}

function isSequence(spans: readonly PlacedSpan[], names: readonly string[]): boolean {
  return (
    spans.length === names.length && spans.every(({ span }, index) => span.name === names[index])
  );
}

/** Of a sequence: runs of neighbouring spans with these names, overlapping ones counted. */
function compileCount(filter: SpanFilter, patterns: PatternCache): TraceExtractor {
  if (filter.type !== "Sequence") {
    const test = compileFilter(filter, patterns);
    return ({ spans }) => spans.filter(test).length;
  }
  const { names } = filter;
  return ({ spans }) => {
    if (names.length === 0) return 0;
    const begins = (start: number) =>
      names.every((name, offset) => spans[start + offset]?.span.name === name);
    return spans.reduce((count, _span, start) => count + (begins(start) ? 1 : 0), 0);
  };
}

/** Null when no span is meant; else the values of those that have the key. */
function spanAttribute(spans: readonly PlacedSpan[], key: string): Json {
  return spans.length === 0 ? null : oneOrAll(valuesOf(spans, key));
}

function valuesOf(spans: readonly PlacedSpan[], key: string): readonly Json[] {
  return spans.flatMap(({ span }) =>
    // Wrapped, so that a value that is an array stays one value.
    Object.hasOwn(span.attributes, key) ? [span.attributes[key] ?? null] : [],
  );
}

function oneOrAll(values: readonly Json[]): Json {
  const [only] = values;
  return values.length === 1 && only !== undefined ? only : values;
}

function traceDurationMs(spans: readonly PlacedSpan[]): number {
  let [start, end] = [Infinity, -Infinity];
  for (const { span } of spans) {
    start = Math.min(start, span.startTimeMs);
    end = Math.max(end, span.endTimeMs);
  }
  return spans.length === 0 ? 0 : wholeMs(start, end);
}

function rootAttribute(spans: readonly PlacedSpan[], key: string): Json {
  const root = spans.find(({ depth }) => depth === 0)?.span;
  if (root === undefined || !Object.hasOwn(root.attributes, key)) {
    throw errors.EVALUATE_ATTRIBUTE_NOT_FOUND({ key, span: root?.name ?? "" });
  }
  return root.attributes[key] ?? null;
}

function compileAttributeFilter(
  { key, task, mode }: Extract<TraceAssertion, { type: "AttributeFilter" }>,
  { compileInner }: TraceAssertionParts,
): TraceExtractor {
  const test = compileInner(task);
  return ({ spans }, context) => {
    const values = valuesOf(spans, key).map(attributeJson);
    if (values.length === 0) return false;
    return mode === "Any"
      ? values.some((value) => test(value, context))
      : values.every((value) => test(value, context));
  };
}

/** Attributes carry structured data as JSON text; text that is not JSON is meant as it is. */
function attributeJson(value: Json): Json {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}
