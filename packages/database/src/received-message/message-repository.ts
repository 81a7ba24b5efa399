import type { EvalRecordToStore, StoreOutcome } from "../eval-record/eval-record-repository.ts";
import type { Observation, ObservationOutcome } from "../observation/observation-repository.ts";

/**
 * Messages of senders, stored once however often they come.
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`):
 * - A message with an identity is stored in the transaction that remembers the identity. A repeat, also at the same time
 *   and in another process, stores nothing and gets the outcomes of the first one, for as long as it is remembered.
 * - Without an identity every message counts as new; eval records are then still recognised by their uid.
 * - `store` is all or nothing over its messages; it rejects when one of their items cannot be stored.
 * - `storeItems` takes one message apart: what cannot be stored is refused with its reason, the rest is stored. It rejects
 *   only with what says nothing about the items (no connection, contention), and has stored nothing then.
 */
export interface MessageRepository {
  /** One list per message, one outcome per item, in order. */
  store(messages: readonly ReceivedMessage[]): Promise<readonly (readonly ItemOutcome[])[]>;
  storeItems(message: ReceivedMessage): Promise<readonly ItemOutcome[]>;
  /** Forgets identities, and producers, that were last seen longer ago than this; resolves with the identities' number. */
  forget(olderThanMs: number): Promise<number>;
}

export interface ReceivedMessage {
  readonly identity?: MessageIdentity | undefined;
  /** What the sender tells of itself; without an identity it is ignored. */
  readonly report?: DeliveryReport | undefined;
  readonly items: readonly ReceivedItem[];
}

/** Who sent a message, and its number among the sender's. */
export interface MessageIdentity {
  /** 1 to 200 characters. */
  readonly producer: string;
  /** From 0, exact. */
  readonly sequence: number;
  /**
   * Who gave the number. A sender counts its messages 1, 2, 3 ..., so that a gap is a message that did not arrive, and is
   * kept account of. A broker's place of a message only tells repeats. Default: the sender.
   */
  readonly numberedBy?: "sender" | "broker";
}

/** Items of a sender from its start to the moment when it made the message, wherever they ended. */
export interface DeliveryReport {
  /** Name of the app. */
  readonly service?: string | undefined;
  readonly offered: number;
  readonly sampledOut: number;
  readonly droppedFull: number;
  readonly droppedInvalid: number;
  readonly droppedClosed: number;
}

export type ReceivedItem =
  | { readonly kind: "eval-record"; readonly item: EvalRecordToStore }
  | { readonly kind: "observation"; readonly item: Observation };

/** An object: the item itself cannot be stored. */
export type ItemOutcome = StoreOutcome | ObservationOutcome | UnstorableItem;

export interface UnstorableItem {
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
}
