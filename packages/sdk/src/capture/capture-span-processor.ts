import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import { activeCapture, type CaptureScope } from "./capture-scope.ts";

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
  return {
    onStart(span) {
      const scope = activeCapture();
      if (scope === undefined) return;
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
