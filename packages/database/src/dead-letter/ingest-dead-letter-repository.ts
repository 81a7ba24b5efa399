/**
 * Entries of the ingest log that were acknowledged but could not be replayed: kept with their reason, so that the log
 * moves on and nothing is lost silently.
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`): (owner, sequence) is unique; adding it again keeps the
 * first letter and is no error, so a replay that is repeated after a crash adds once.
 */
export interface IngestDeadLetterRepository {
  add(letter: NewIngestDeadLetter): Promise<void>;
  /** Newest first, without payloads. `before` is the id of the last letter of the page before. */
  list(page: {
    readonly limit: number;
    readonly before?: number | undefined;
  }): Promise<readonly IngestDeadLetter[]>;
  /** The bytes as they were in the log; undefined when unknown or when none were kept. */
  payload(id: number): Promise<Uint8Array | undefined>;
  count(): Promise<number>;
}

export interface NewIngestDeadLetter {
  readonly owner: string;
  readonly sequence: number;
  readonly reason: string;
  readonly format?: string | undefined;
  readonly payload?: Uint8Array | undefined;
}

export interface IngestDeadLetter {
  readonly id: number;
  readonly owner: string;
  readonly sequence: number;
  readonly reason: string;
  readonly format: string | null;
  readonly payloadBytes: number;
  /** RFC 3339, UTC, database clock. */
  readonly createdAt: string;
}
