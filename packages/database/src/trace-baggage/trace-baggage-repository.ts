/**
 * Baggage entries of spans, by trace. A repeat of an entry (scope, key and value) is stored once, with the time of the
 * first.
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`)
 */
export interface TraceBaggageRepository {
  store(entries: readonly TraceBaggage[]): Promise<void>;
  /** Ordered by time, then scope, key and value. */
  of(traceId: string): Promise<readonly TraceBaggage[]>;
  /** Removes entries of spans that started so long ago, milliseconds, some thousands at most; resolves with their number. */
  forget(olderThanMs: number): Promise<number>;
}

export interface TraceBaggage {
  readonly traceId: string;
  /** Name of the instrumentation scope. */
  readonly scope: string;
  readonly key: string;
  readonly value: string;
  /** RFC 3339; of the span's start, microseconds. */
  readonly createdAt: string;
}
