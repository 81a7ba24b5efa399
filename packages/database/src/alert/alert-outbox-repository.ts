import type { JsonObject } from "@scouter/contracts";

/** NOTIFY channel: sent once per transaction that stored messages. The payload is empty. */
export const ALERT_OUTBOX_CHANNEL = "alert_outbox";

/**
 * Messages about alerts, stored with what they tell and delivered later, and the log of every attempt.
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`): delivery is at least once, with the same key on every
 * attempt; a message that was delivered is never handed out again. Times are the database's.
 */
export interface AlertOutboxRepository {
  /** Due messages, longest due first; never one that another live claim holds. */
  claim(request: OutboxClaimRequest): Promise<readonly ClaimedMessage[]>;
  /** Ends a message; false when another claim holds it. Logs the attempt either way, because it was made. */
  delivered(claim: OutboxClaim, delivery: { readonly channel: string }): Promise<boolean>;
  /** Ends an attempt. With `retryInMs` the message is due again after that time, else it is `failed` for good. */
  failed(claim: OutboxClaim, failure: DeliveryFailure): Promise<boolean>;
  /** Gives back every claim of a worker at once, without counting an attempt. Resolves with their number. */
  releaseAll(workerId: string): Promise<number>;
  /** Newest message first, with its attempts. `limit` 1..1000. */
  list(request: {
    readonly profileUid: string;
    readonly limit: number;
  }): Promise<readonly OutboxMessage[]>;
  counts(): Promise<OutboxCounts>;
}

export interface OutboxClaimRequest {
  readonly workerId: string;
  /** 1..1000. */
  readonly limit: number;
  readonly leaseMs: number;
}

export interface OutboxClaim {
  readonly messageId: number;
  readonly fencing: number;
}

export interface ClaimedMessage {
  readonly claim: OutboxClaim;
  readonly dedupKey: string;
  readonly message: JsonObject;
  /** From 1. */
  readonly attempt: number;
}

export interface DeliveryFailure {
  readonly channel: string;
  readonly error: string;
  /** Absent: no further attempt. */
  readonly retryInMs?: number | undefined;
}

export type OutboxStatus = "pending" | "sending" | "delivered" | "failed";

export interface OutboxMessage {
  readonly dedupKey: string;
  readonly message: JsonObject;
  readonly status: OutboxStatus;
  readonly attempts: number;
  readonly lastError: string | null;
  /** Oldest first. */
  readonly deliveries: readonly DeliveryAttempt[];
}

export interface DeliveryAttempt {
  readonly channel: string;
  readonly outcome: "delivered" | "failed";
  readonly detail: string | null;
}

export type OutboxCounts = Readonly<Record<OutboxStatus, number>>;
