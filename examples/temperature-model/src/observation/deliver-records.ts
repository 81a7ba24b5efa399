import type { Clock, ServerRecordInput } from "@scouter/contracts";
import type { Transport } from "@scouter/sdk";
import { errors } from "../errors.ts";

const MAX_ATTEMPTS = 5;
const PAUSE_MS = 500;

export interface DeliveryMeans {
  readonly transport: Transport;
  readonly clock: Clock;
  /** UUIDv7 of this process: with the sequence number it makes a repeated batch known to the server. */
  readonly producer: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends one batch until it is stored, always under the same identity.
 *
 * @throws MODEL_DEMO_NOT_DELIVERED when the server refused any of it or did not answer five times
 */
export async function deliverRecords(
  records: readonly ServerRecordInput[],
  sequence: number,
  means: DeliveryMeans,
): Promise<void> {
  const { transport, clock, producer, signal } = means;
  const body = Buffer.from(JSON.stringify({ records }));
  const batch = { body, itemCount: records.length, producer, sequence };
  const failed = (reason: string) =>
    errors.MODEL_DEMO_NOT_DELIVERED({ sent: records.length, reason });
  for (let attempt = 1; ; attempt += 1) {
    const result = await transport.send(batch, signal === undefined ? {} : { signal });
    if (result.outcome === "acknowledged") {
      const [first] = result.rejected;
      if (first === undefined) return;
      throw failed(`${result.rejected.length} refused, the first: ${first.message}`);
    }
    if (result.outcome === "failed" || attempt === MAX_ATTEMPTS) throw failed(result.reason);
    await clock.sleep(result.retryAfterMs ?? PAUSE_MS, signal);
  }
}
