import type { Json } from "@scouter/contracts";

/**
 * The spans of a record's own trace, as trace assertions see them.
 *
 * Contract (suite: `@scouter/testkit` `spanSourceContract`):
 * - `spansOf` yields every span of the trace that is readable now, each (trace_id, span_id) once, ordered by start
 *   time, then span id. An unknown trace is an empty list, not an error; waiting for more is the caller's business.
 * - The result belongs to the caller and does not change afterwards.
 */
export interface SpanSource {
  spansOf(
    traceId: string,
    options?: { readonly signal?: AbortSignal },
  ): Promise<readonly EvaluatedSpan[]>;
}

export interface EvaluatedSpan {
  /** 32 lower-case hexadecimal digits. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits. */
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly serviceName: string;
  readonly startTimeMs: number;
  readonly endTimeMs: number;
  readonly status: "Unset" | "Ok" | "Error";
  readonly statusMessage?: string;
  readonly attributes: Readonly<Record<string, Json>>;
}
