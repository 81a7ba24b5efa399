import type { DeliveryStats } from "./delivery-stats.ts";
import type { FlushReport, QueueItem, ScouterQueueOptions } from "./queue-options.ts";

export declare class ScouterQueue {
  constructor(options: ScouterQueueOptions);
  /** True when the item was taken into the buffer. Never throws, never waits. */
  insert(alias: string, item: QueueItem): boolean;
  stats(alias?: string): DeliveryStats;
  flush(options?: { readonly timeoutMs?: number }): Promise<FlushReport>;
  shutdown(options?: { readonly timeoutMs?: number }): Promise<FlushReport>;
}
