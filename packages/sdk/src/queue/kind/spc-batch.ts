import type { SpcProfile } from "@scouter/contracts";
import { aggregateBatch } from "./aggregate-batch.ts";
import type { BatchMaker } from "./batch-maker.ts";
import { Means } from "./means.ts";

/**
 * Control charts: `sample_size` rows make one point, their mean, of each feature. The timer sends what is there, as a
 * point of fewer rows: late is better than never.
 */
export function spcBatchMaker(entityUid: string, profile: SpcProfile): BatchMaker {
  const { sample_size: sampleSize, alert_config: alert } = profile.config;
  const watched = alert.features_to_monitor;
  const names = watched.length === 0 ? Object.keys(profile.features) : watched;
  return {
    takes: "features",
    batchSize: sampleSize,
    make(items, maxBytes) {
      const means = new Means(names);
      const records = () =>
        means.entries().map(([feature, value, createdAtMs]) =>
          JSON.stringify({
            Spc: {
              created_at: new Date(createdAtMs).toISOString(),
              uid: entityUid,
              feature,
              value,
              entity_id: 0,
            },
          }),
        );
      return aggregateBatch(items, { add: (queued) => means.add(queued), records }, maxBytes);
    },
  };
}
