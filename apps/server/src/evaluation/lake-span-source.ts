import type { EvaluatedSpan, SpanSource } from "@scouter/evaluate";
import type { TraceLake } from "@scouter/lake";
import { plainJsonOf, type SpanRow } from "@scouter/telemetry";

/** The lake as the source of spans: the table together with what this process has not committed yet. */
export function lakeSpanSource(lake: Pick<TraceLake, "spansOf">): SpanSource {
  return {
    async spansOf(traceId, options = {}) {
      options.signal?.throwIfAborted();
      const rows = await lake.spansOf(traceId, options);
      return rows.map(evaluatedSpan);
    },
  };
}

const STATUSES = ["Unset", "Ok", "Error"] as const;

function evaluatedSpan(row: SpanRow): EvaluatedSpan {
  return {
    traceId: row.traceId,
    spanId: row.spanId,
    ...(row.parentSpanId === null ? {} : { parentSpanId: row.parentSpanId }),
    name: row.name,
    serviceName: row.serviceName,
    startTimeMs: msOfNanos(row.startTimeUnixNano),
    endTimeMs: msOfNanos(row.endTimeUnixNano),
    status: STATUSES[row.statusCode] ?? "Unset",
    ...(row.statusMessage === null ? {} : { statusMessage: row.statusMessage }),
    attributes: Object.fromEntries(
      Array.from(row.attributes, ([key, json]) => [key, plainJsonOf(json)] as const),
    ),
  };
}

/** Whole milliseconds exactly, the rest to a quarter of a microsecond. */
function msOfNanos(nanos: bigint): number {
  return Number(nanos / 1_000_000n) + Number(nanos % 1_000_000n) / 1e6;
}
