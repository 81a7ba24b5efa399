/** The parts of OpenTelemetry's process-wide registry that are read here. */
interface OpenTelemetryRegistry {
  readonly context?: {
    active(): { getValue(key: symbol): unknown };
  };
}

/** Where every 1.x release of `@opentelemetry/api` keeps what is registered, so that several copies of it share one. */
const REGISTRY = Symbol.for("opentelemetry.js.api.1");
/** The key under which the API's context holds the active span. */
const ACTIVE_SPAN = Symbol.for("OpenTelemetry Context Key SPAN");

/**
 * Trace id of OpenTelemetry's active span; undefined when there is none or the app does not use OpenTelemetry.
 *
 * Reads the API's shared registry instead of importing the API, so the queue needs no optional package and costs an app
 * without tracing one property read.
 */
export function activeTraceId(): string | undefined {
  const registry = (globalThis as { [REGISTRY]?: OpenTelemetryRegistry })[REGISTRY];
  const span = registry?.context?.active().getValue(ACTIVE_SPAN);
  return isSpan(span) ? span.spanContext().traceId : undefined;
}

function isSpan(value: unknown): value is { spanContext(): { readonly traceId: string } } {
  return typeof value === "object" && value !== null && "spanContext" in value;
}
