import type { SpanRow } from "@scouter/telemetry";
import type { SeenSpan } from "../activity/span-sightings.ts";
import { parentSpanIdAt, stageSpans, type StagedRows, traceIdAt } from "./staged-rows.ts";

/** The spans of an entry between decoding and the flush. */
export interface AdmittedSpans {
  readonly rows: StagedRows;
  /** By their row, those that name an entity or a queued record: few. */
  readonly naming: ReadonlyMap<number, SpanRow>;
}

export const NO_SPANS: AdmittedSpans = { rows: { count: 0, columns: [] }, naming: new Map() };

export function admittedSpans(spans: readonly SpanRow[], receivedAtMs: number): AdmittedSpans {
  if (spans.length === 0) return NO_SPANS;
  const naming = new Map<number, SpanRow>();
  spans.forEach((span, row) => {
    if (span.entityIds.length > 0 || span.queueIds.length > 0) naming.set(row, span);
  });
  return { rows: stageSpans(spans, receivedAtMs), naming };
}

const NAMES_NOTHING = { entityIds: [], queueIds: [], attributes: new Map(), events: [] };

/** The spans as the search for awaited traces looks at them. */
export function* seenSpans({ rows, naming }: AdmittedSpans): Generator<SeenSpan> {
  for (let row = 0; row < rows.count; row += 1) {
    yield (
      naming.get(row) ?? {
        ...NAMES_NOTHING,
        traceId: traceIdAt(rows, row),
        parentSpanId: parentSpanIdAt(rows, row),
      }
    );
  }
}
