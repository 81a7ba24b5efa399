import type { DeliveryReport } from "../received-message/message-repository.ts";

/**
 * What each sender of numbered messages has sent, kept for as long as its messages are remembered after it was last seen.
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`): counts are of the transactions that stored the messages,
 * so `committed + refused` items are exactly those that are stored or were refused. A message is missing when a higher
 * number of the same producer arrived and it did not; it may still be under way.
 */
export interface ProducerRepository {
  /** Newest `lastSeen` first. */
  list(page: ProducerPage): Promise<readonly ProducerAccount[]>;
  /** Sums over the producers of each service; null for those that gave no name. */
  services(): Promise<readonly ServiceAccount[]>;
}

export interface ProducerPage {
  readonly limit: number;
  readonly service?: string | undefined;
  /** The last producer of the page before. */
  readonly after?: { readonly lastSeen: string; readonly producer: string } | undefined;
}

export interface ProducerAccount {
  readonly producer: string;
  readonly service: string | null;
  /** RFC 3339, UTC, database clock. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** Messages, each counted once. */
  readonly messages: number;
  /** How often a message came again. */
  readonly repeats: number;
  /** Items stored. */
  readonly committed: number;
  /** Items refused for good. */
  readonly refused: number;
  readonly lastSequence: number;
  /** Messages that did not arrive, in ranges with both ends included; at most the first hundred. */
  readonly missing: { readonly messages: number; readonly ranges: readonly SequenceRange[] };
  /** Every message up to this one has arrived; null when the first is missing. */
  readonly completeThrough: { readonly sequence: number; readonly at: string } | null;
  /** What the producer last told of itself, as it was when it made message `asOfSequence`. */
  readonly report: (ReportedItems & { readonly asOfSequence: number }) | null;
}

export type SequenceRange = readonly [first: number, last: number];
export type ReportedItems = Omit<DeliveryReport, "service">;

export interface ServiceAccount {
  readonly service: string | null;
  readonly producers: number;
  readonly messages: number;
  readonly repeats: number;
  readonly committed: number;
  readonly refused: number;
  readonly lastSeen: string;
  /** Of the producers that tell of themselves. */
  readonly report: ReportedItems;
}
