import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import { activeCapture, type CaptureScope } from "./capture-scope.ts";

/** Traces remembered before those of closed scopes are let go. */
const MAX_TRACES = 1_000;

function forgetClosed(traces: Map<string, CaptureScope>): void {
  for (const [traceId, { isClosed }] of traces) {
    if (isClosed) traces.delete(traceId);
  }
}

/**
 * Hands the spans of offline evaluations to their scope; does nothing for all others. Add it to a tracer provider of your
 * own where the provider cannot be found by itself:
 *
 * ```ts
 * new TracerProvider({ spanProcessors: [captureSpanProcessor(), ...others] });
 * ```
 */
export function captureSpanProcessor(): SpanProcessor {
  const scopes = new WeakMap<object, CaptureScope>();
  const traces = new Map<string, CaptureScope>();
  return {
    onStart(span) {
      const { traceId } = span.spanContext();
      // A span goes where its trace is: its parent was begun in the right place, it may be in somebody's queue.
      const scope = traces.get(traceId) ?? activeCapture();
      if (scope === undefined) return;
      if (traces.size >= MAX_TRACES) forgetClosed(traces);
      traces.set(traceId, scope);
      scopes.set(span, scope);
      scope.spanStarted();
    },
    onEnd(span) {
      scopes.get(span)?.spanEnded(span);
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}
