/** What was received of one trace since it was last told. */
export interface TraceSighting {
  readonly traceId: string;
  /** Repeats count. */
  readonly spans: number;
  /** A span without parent is among them: spans are sent when they have ended. */
  readonly rootEnded: boolean;
  /** Milliseconds since the latest of them was received. */
  readonly agoMs: number;
  /** Sorted, each once; so are the lists below. */
  readonly entityIds: readonly string[];
  readonly queueIds: readonly string[];
  /** Of the entities: those that a span or event names beside a queued record. */
  readonly queuedEntityIds: readonly string[];
}
