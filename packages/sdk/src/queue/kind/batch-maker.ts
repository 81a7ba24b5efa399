import type { EvalRecordItem } from "../../record/eval-record.ts";
import type { FeaturesItem, MetricsItem } from "../../record/observed-row.ts";
import type { SerialisedBatch } from "../batch-body.ts";

export type QueuedThing = EvalRecordItem | FeaturesItem | MetricsItem;

/** An item in the queue, with the trace that was active when it came. */
export interface QueuedItem {
  readonly item: QueuedThing;
  readonly traceId: string | undefined;
}

/** How the items of one kind of profile become messages. */
export interface BatchMaker {
  /** The kind of item that it takes. */
  readonly takes: QueuedThing["kind"];
  /** Items that are sent as soon as they are there, and the most of one batch; undefined: as the queue is set. */
  readonly batchSize: number | undefined;
  /** Makes the messages, in slices between which the event loop runs. Never rejects for what items hold. */
  make(items: readonly QueuedItem[], maxBytes: number): Promise<SerialisedBatch>;
}
