/**
 * Tells when a trace is whole. What a worker awaits that needs a trace's spans.
 *
 * Contract:
 * - Being told is a hint, the row is the truth: a notice may be lost or come twice, and every wait looks for itself
 *   once a second.
 * - After `complete`, `lake.spansOf(traceId)` gives every span that was received up to the quiet period, on every
 *   process. Spans that come later open the trace again; it settles again with the next revision.
 * - Nothing here holds a database connection while it waits.
 */
export interface TraceCompletion {
  /**
   * Says that these traces are waited for, before their spans come or after: from now on every process makes their
   * spans readable within a second. Idempotent, cheap for traces that are waited for already.
   */
  watch(traceIds: readonly string[]): Promise<void>;
  /**
   * Resolves when the trace is settled; when the hard limit since its first span is over (`cut`); or with `absent` when
   * no span was seen for `absentMs` from the call on. So a trace whose spans still come is waited for up to the hard
   * limit, whatever `absentMs` says. `watch` is implied. Rejects with the signal's reason only.
   */
  wait(key: TraceKey, options: TraceWaitOptions): Promise<SettledTrace>;
  /**
   * Calls `handler` after traces were settled, by this process or another, with their ids; with an empty list when it
   * is not known which (after a lost connection): look at all that are of interest then. It must not throw. Returns the
   * function that ends it.
   */
  onSettled(handler: (traceIds: readonly string[]) => void): () => void;
}

/** A trace by its id, or the one that says it queued this record. */
export type TraceKey =
  | { readonly traceId: string }
  | { readonly traceId?: undefined; readonly queueId: string };

export interface TraceWaitOptions {
  readonly absentMs: number;
  readonly signal: AbortSignal;
  /** Only a settlement above this revision will do; 0 by default. For an evaluation that saw an earlier one. */
  readonly afterRevision?: number;
}

export interface SettledTrace {
  /** Null when it is absent and was asked for by the record it queued. */
  readonly traceId: string | null;
  readonly state: "complete" | "cut" | "absent";
  /** 0 for an absent one. */
  readonly revision: number;
}
