import type { OutgoingBatch } from "../transport/transport.ts";
import { deliverBatch, type DeliveryMeans, type DeliveryOutcome } from "./batch-delivery.ts";

/** `spooled`: the queue gave up, and the batch is on the disk: the app's next start sends it. */
export type HandoverOutcome = DeliveryOutcome | { readonly kind: "spooled" };

/** Two moments of a batch's way: somebody else keeps its bytes, and its end is known. Neither promise rejects. */
export interface Handover {
  readonly taken: Promise<void>;
  readonly outcome: Promise<HandoverOutcome>;
}

/** Who delivers batches: straight from memory, or by way of the disk. */
export interface BatchHandover {
  /** Whether `taken` comes with the outcome. */
  readonly settlesWhenTaken: boolean;
  handOver(message: OutgoingBatch): Handover;
  /** Gives back what it holds; called once, when nobody hands over any more. */
  close(): Promise<void>;
}

/** The lane keeps the batch until it is answered: that bounds the memory of batches under way. */
export function directHandover(means: DeliveryMeans): BatchHandover {
  return {
    settlesWhenTaken: true,
    handOver(message) {
      const outcome = deliverBatch(message, means).catch(
        // Only a clock or random source handed in can throw here; the items still end in a count.
        (): DeliveryOutcome => ({ kind: "refused", code: "SDK_DELIVERY_FAILED" }),
      );
      return { taken: outcome.then(() => undefined), outcome };
    },
    close: async () => {},
  };
}
