import type { Clock } from "@scouter/contracts";
import type { EvaluatedSpan, SpanSource } from "@scouter/evaluate";
import type { TraceLake } from "@scouter/lake";
import type { TraceWaitConfig } from "../config/config.ts";

export interface TraceWaitParts {
  readonly clock: Clock;
  readonly lake: Pick<TraceLake, "listTraces">;
  readonly spanSource: SpanSource;
  readonly config: TraceWaitConfig;
}

export interface AwaitedRecord {
  readonly uid: string;
  /** Null: the trace is the one that says it queued this record. */
  readonly traceId: string | null;
}

/** What was there when the wait ended. */
export interface AwaitedTrace {
  readonly traceId: string | null;
  readonly spans: readonly EvaluatedSpan[];
  readonly state: TraceState;
}

/** `incomplete`: some spans are there, and more are to come as far as one can tell. */
export type TraceState = "complete" | "incomplete" | "absent";

const MAX_PAUSE_MS = 5_000;

/**
 * Waits for the trace of a record until it is whole or the time is over, looking again after pauses that double. A trace
 * is whole when its root has ended (spans are exported when they end), no parent is missing and nothing came for the
 * quiet period. Holds no connection between two looks. Rejects with the signal's reason.
 */
export async function waitForTrace(
  { clock, lake, spanSource, config }: TraceWaitParts,
  record: AwaitedRecord,
  signal: AbortSignal,
): Promise<AwaitedTrace> {
  const startMs = clock.monotonicMs();
  const quiet = { count: -1, sinceMs: startMs };
  let traceId = record.traceId?.toLowerCase() ?? null;
  for (let pauseMs = config.backoffMs; ; pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2)) {
    signal.throwIfAborted();
    traceId ??= await traceThatQueued(lake, record.uid);
    const spans = traceId === null ? [] : await spanSource.spansOf(traceId, { signal });
    const nowMs = clock.monotonicMs();
    if (spans.length !== quiet.count) Object.assign(quiet, { count: spans.length, sinceMs: nowMs });
    const quietLeftMs = quiet.sinceMs + config.quietMs - nowMs;
    const leftMs = startMs + config.timeoutMs - nowMs;
    const isWhole = hasWholeTree(spans);
    if (isWhole && quietLeftMs <= 0) return { traceId, spans, state: "complete" };
    if (leftMs <= 0) {
      return { traceId, spans, state: spans.length === 0 ? "absent" : "incomplete" };
    }
    const nextMs = isWhole ? quietLeftMs : Math.min(MAX_PAUSE_MS, pauseMs);
    await clock.sleep(Math.min(nextMs, leftMs), signal);
  }
}

async function traceThatQueued(lake: TraceWaitParts["lake"], uid: string): Promise<string | null> {
  const { items } = await lake.listTraces({ queueId: uid, limit: 1, direction: "next" });
  return items[0]?.traceId ?? null;
}

function hasWholeTree(spans: readonly EvaluatedSpan[]): boolean {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  return (
    spans.some(({ parentSpanId }) => parentSpanId === undefined) &&
    spans.every(({ parentSpanId }) => parentSpanId === undefined || ids.has(parentSpanId))
  );
}
