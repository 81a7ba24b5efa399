import type { Clock } from "@scouter/contracts";
import type { OutgoingBatch, RejectedItem, SendResult, Transport } from "../transport/transport.ts";
import { untilAborted } from "../transport/until-aborted.ts";
import type { RetryOptions } from "./queue-options.ts";
import { retryPauseMs } from "./retry-pause.ts";

export interface DeliveryMeans {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly retry: Required<RetryOptions>;
  /** Aborts when nobody waits for an answer any more. */
  readonly abandon: AbortSignal;
  /** Aborts once, at shutdown: pauses that the server did not ask for end at once. */
  readonly hurry: AbortSignal;
}

/**
 * - `answered`: stored, but for the rejected items.
 * - `refused`: no item will be accepted.
 * - `abandoned`: no answer came before the queue gave up; items may be stored or not.
 */
export type DeliveryOutcome =
  | { readonly kind: "answered"; readonly rejected: readonly RejectedItem[] }
  | { readonly kind: "refused"; readonly code: string }
  | { readonly kind: "abandoned" };

const abandoned: DeliveryOutcome = { kind: "abandoned" };

/** Sends a batch until it is answered or the tries end. Every try has the same bytes and the same identity. */
export async function deliverBatch(
  batch: OutgoingBatch,
  means: DeliveryMeans,
): Promise<DeliveryOutcome> {
  for (let attempt = 1; ; attempt += 1) {
    if (means.abandon.aborted) return abandoned;
    const result = await sendOnce(batch, means);
    if (result === undefined) return abandoned;
    if (result.outcome === "acknowledged") return { kind: "answered", rejected: result.rejected };
    if (result.outcome === "failed") return { kind: "refused", code: result.code };
    if (attempt >= means.retry.maxAttempts) {
      return { kind: "refused", code: "SDK_RETRIES_EXHAUSTED" };
    }
    await pause(attempt, result.retryAfterMs, means);
  }
}

/** @returns undefined when the queue gave up meanwhile */
async function sendOnce(
  batch: OutgoingBatch,
  means: DeliveryMeans,
): Promise<SendResult | undefined> {
  const { transport, abandon } = means;
  try {
    return await untilAborted(transport.send(batch, { signal: abandon }), abandon);
  } catch (error) {
    if (abandon.aborted) return undefined;
    // Transports report by value; one that throws all the same must not cost the batch.
    return { outcome: "retry", reason: error instanceof Error ? error.message : String(error) };
  }
}

async function pause(
  attempt: number,
  retryAfterMs: number | undefined,
  means: DeliveryMeans,
): Promise<void> {
  const { abandon, hurry } = means;
  const ms = retryPauseMs(attempt, means.retry, means.random(), retryAfterMs);
  // A pause that begins after the hurry is kept: it is what keeps the last tries apart.
  const mayBeCut = retryAfterMs === undefined && !hurry.aborted;
  try {
    await means.clock.sleep(ms, mayBeCut ? AbortSignal.any([abandon, hurry]) : abandon);
  } catch (error) {
    // Cut short by one of the two signals: the caller looks at them.
    if (!abandon.aborted && !hurry.aborted) throw error;
  }
}
