import type { SpanFilter } from "@scouter/contracts";
import { errors } from "../errors.ts";
import { jsonEquals } from "../json/json-equals.ts";
import type { PatternCache } from "../operator/pattern-cache.ts";
import type { PlacedSpan } from "./span-order.ts";

export type SpanTest = (placed: PlacedSpan) => boolean;

/** Longest pattern of span names, in UTF-8 bytes: names are short, and so are patterns of them. */
const MAX_NAME_PATTERN_BYTES = 512;

/**
 * A filter as a test of one span. Every pattern of the tree is compiled, and a sequence in a place where it says nothing
 * is refused, whether or not a span will ever be tested against it.
 * @throws EVALUATE_ASSERTION_INVALID, EVALUATE_PATTERN_INVALID
 */
export function compileFilter(filter: SpanFilter, patterns: PatternCache): SpanTest {
  switch (filter.type) {
    case "ByName":
      return ({ span }) => span.name === filter.name;
    case "ByNamePattern":
      return nameTest(filter.pattern, patterns);
    case "WithAttribute":
      return ({ span }) => Object.hasOwn(span.attributes, filter.key);
    case "WithAttributeValue":
      return ({ span }) =>
        Object.hasOwn(span.attributes, filter.key) &&
        jsonEquals(span.attributes[filter.key] ?? null, filter.value);
    case "WithStatus":
      return ({ span }) => span.status === filter.status;
    case "WithDuration": {
      const { min_ms, max_ms } = filter;
      return ({ durationMs }) =>
        durationMs >= (min_ms ?? -Infinity) && durationMs <= (max_ms ?? Infinity);
    }
    case "And": {
      const tests = filter.filters.map((part) => compileFilter(part, patterns));
      return (placed) => tests.every((test) => test(placed));
    }
    case "Or": {
      const tests = filter.filters.map((part) => compileFilter(part, patterns));
      return (placed) => tests.some((test) => test(placed));
    }
    default:
      throw errors.EVALUATE_ASSERTION_INVALID({
        reason: "a Sequence filter counts runs of spans: it may only stand directly in SpanCount",
      });
  }
}

function nameTest(source: string, patterns: PatternCache): SpanTest {
  const bytes = Buffer.byteLength(source);
  if (bytes > MAX_NAME_PATTERN_BYTES) {
    const reason = `pattern of span names has ${bytes} bytes, at most ${MAX_NAME_PATTERN_BYTES} are allowed`;
    throw errors.EVALUATE_ASSERTION_INVALID({ reason });
  }
  const pattern = patterns.compiled(source);
  return ({ span }) => pattern.matches(span.name);
}
