/**
 * Messages of brokers that can never be stored, or not all of their items: kept with their reason, so that the broker can
 * let go of them and nobody has to guess what was lost.
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`): a message that its broker delivers again may be parked
 * twice; nothing is ever parked that was stored whole.
 */
export interface ParkedMessageRepository {
  park(message: MessageToPark): Promise<void>;
  /** Newest first, without payloads. `before` is the id of the last one of the page before. */
  list(page: {
    readonly limit: number;
    readonly before?: number | undefined;
  }): Promise<readonly ParkedMessage[]>;
  /** The message as it came; undefined when unknown or when it was too large to be kept. */
  payload(id: number): Promise<Uint8Array | undefined>;
  count(): Promise<number>;
}

export interface MessageToPark {
  /** `kafka`, `rabbitmq`, `redis-stream`, `redis-channel`. */
  readonly broker: string;
  /** Where the broker had it: queue, stream and entry, or topic, partition and offset. */
  readonly origin: string;
  /** Error code. */
  readonly code: string;
  readonly reason: string;
  readonly sizeBytes: number;
  readonly payload?: Uint8Array | undefined;
}

export interface ParkedMessage extends Omit<MessageToPark, "payload"> {
  readonly id: number;
  readonly hasPayload: boolean;
  /** RFC 3339, UTC, database clock. */
  readonly parkedAt: string;
}
