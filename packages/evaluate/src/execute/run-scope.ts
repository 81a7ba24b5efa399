import type { Clock, Json } from "@scouter/contracts";
import type { Judging } from "../judge/judging.ts";
import type { SpanSource } from "../port/span-source.ts";
import type { TraceView } from "../trace-assertion/span-order.ts";

/** What the outside world gives to an evaluation. Assertions and agent assertions need the clock alone. */
export interface EvaluationPorts {
  readonly clock: Clock;
  /** For trace assertions; without it they end as `errored`. */
  readonly spanSource?: SpanSource | undefined;
  /** For judges; without it they end as `errored`. */
  readonly judging?: Judging | undefined;
}

/** The record that a task runs on, beside its context. */
export interface RunScope {
  readonly ports: EvaluationPorts;
  /** The record's own context, without outputs of dependencies. */
  readonly context: Json;
  readonly entityUid: string;
  readonly traceId: string | null;
  /**
   * The spans of the record's trace: read once, when the first task asks.
   * Rejects with EVALUATE_SPAN_SOURCE_MISSING and what the source rejects with.
   */
  readonly trace: () => Promise<TraceView>;
  readonly signal: AbortSignal | undefined;
}
