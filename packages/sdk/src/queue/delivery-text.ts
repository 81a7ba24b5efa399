import type { DeliveryStats } from "./delivery-stats.ts";

/** What a batch tells of its producer: see `OutgoingBatch.delivery`. */
export function deliveryText(stats: DeliveryStats, service: string | undefined): string {
  const { offered, sampledOut, dropped } = stats;
  const counts = [
    `offered=${offered}&sampled=${sampledOut}`,
    `full=${dropped.full}&invalid=${dropped.invalid}&closed=${dropped.closed}`,
  ].join("&");
  return service === undefined ? counts : `service=${encodeURIComponent(service)}&${counts}`;
}
