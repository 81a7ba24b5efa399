import type { CustomProfile } from "@scouter/contracts";
import { aggregateBatch } from "./aggregate-batch.ts";
import type { BatchMaker } from "./batch-maker.ts";
import { Means } from "./means.ts";

/** Named metrics: the mean of `sample_size` sets of values, or of what is there when the timer comes. */
export function customBatchMaker(entityUid: string, profile: CustomProfile): BatchMaker {
  const names = Object.keys(profile.metrics);
  return {
    takes: "metrics",
    batchSize: profile.config.sample_size,
    make(items, maxBytes) {
      const means = new Means(names, (name) => name.toLowerCase());
      const records = () =>
        means.entries().map(([metric, value, createdAtMs]) =>
          JSON.stringify({
            Custom: {
              created_at: new Date(createdAtMs).toISOString(),
              uid: entityUid,
              metric,
              value,
              entity_id: 0,
            },
          }),
        );
      return aggregateBatch(items, { add: (queued) => means.add(queued), records }, maxBytes);
    },
  };
}
