import {
  exportRequest,
  type ExportRequest,
  otlpSpan,
  spanIdBytes,
  traceIdBytes,
} from "./export-request.ts";

export const HUGE_TRACE_LEVELS = 10_000;
export const HUGE_TRACE_SPANS = 100_000;

const MS = 1_000_000n;

/**
 * A trace of 100,000 spans and 10,000 levels: a chain of 10,000 spans, each with 9 more that have no children. In parts of
 * 20,000 spans, the deepest first.
 */
export function hugeTrace(traceNumber: number, startNano: bigint): readonly ExportRequest[] {
  const traceId = traceIdBytes(traceNumber);
  const leaves = HUGE_TRACE_SPANS / HUGE_TRACE_LEVELS - 1;
  const spans = Array.from({ length: HUGE_TRACE_LEVELS }, (_, level) => {
    const start = startNano + BigInt(level) * MS;
    const link = otlpSpan({
      traceId,
      spanId: spanIdBytes(level + 1),
      ...(level === 0 ? {} : { parentSpanId: spanIdBytes(level) }),
      name: `level ${level}`,
      startTimeUnixNano: start,
      endTimeUnixNano: startNano + BigInt(2 * HUGE_TRACE_LEVELS - level) * MS,
    });
    // The leaf of the last level stands beside, not below, so that the chain alone is the depth.
    const parentSpanId = spanIdBytes(Math.max(1, level));
    const others = Array.from({ length: leaves }, (__, leaf) =>
      otlpSpan({
        traceId,
        spanId: spanIdBytes(HUGE_TRACE_LEVELS * (leaf + 1) + level + 1),
        parentSpanId,
        name: `leaf ${leaf}`,
        startTimeUnixNano: start + BigInt(leaf + 1),
        endTimeUnixNano: start + MS,
        status: { code: leaf === 0 && level % 1_000 === 0 ? 2 : 0 },
      }),
    );
    return [link, ...others];
  }).flat();
  const size = HUGE_TRACE_SPANS / 5;
  return Array.from({ length: 5 }, (_, part) =>
    exportRequest(spans.slice((4 - part) * size, (5 - part) * size)),
  );
}
