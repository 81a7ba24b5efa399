import { overview } from "@scouter/contracts";
import { MOST_PENDING_COUNTED } from "@scouter/database";
import { z } from "zod";
import { readableSpaces } from "../../guard/readable-spaces.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";
import {
  bucketSeconds,
  bucketsQuery,
  filledBuckets,
  nameParameter,
  periodOf,
  periodQuery,
  shownPeriod,
} from "../../query/period.ts";
import { activityIn, totalActivity } from "./activity.ts";
import { attentionOf } from "./attention.ts";

/** What is shown of each kind of trouble, and of open alerts. */
const MOST_OF_A_KIND = 50;

const querystring = z.object({
  ...periodQuery,
  ...bucketsQuery,
  space: nameParameter.optional(),
});

/** `GET /scouter/v2/overview`: what happened, what needs somebody, and whether anything lags behind. */
export function overviewRoutes(
  app: JsonRoutes,
  { database, evaluatedCharts, clock }: ApiParts,
): void {
  app.get(
    "/scouter/v2/overview",
    { schema: { tags: ["summary"], querystring, response: { 200: overview } } },
    async (request) => {
      const { space, buckets, ...range } = request.query;
      const spaces = readableSpaces(request, space);
      const period = periodOf(range, clock.now());
      const limit = MOST_OF_A_KIND + 1;
      const [activity, troubles, open, delivery, freshness] = await Promise.all([
        evaluatedCharts.activity({ spaces, buckets, ...period }),
        database.overview.troubles({ spaces, limit, ...period }),
        database.alerts.list({ spaces, limit, status: "active", ...period }),
        database.overview.delivery({ spaces, ...period }),
        database.overview.freshness(spaces),
      ]);
      const byBucket = new Map(activity.map((row) => [row.bucket, row]));
      const { outbox, records } = delivery;
      return {
        ...shownPeriod(period),
        bucket_seconds: bucketSeconds(period, buckets),
        buckets: filledBuckets(period, buckets, (bucket) => activityIn(byBucket.get(bucket))),
        totals: totalActivity(activity),
        ...attentionOf(open.items, troubles, MOST_OF_A_KIND),
        delivery: {
          outbox: { ...pendingOf(outbox), delivered: outbox.delivered, failed: outbox.failed },
          records: { ...pendingOf(records), counted_up_to: MOST_PENDING_COUNTED },
        },
        freshness: {
          latest_record_received: freshness.latestRecordReceived,
          latest_evaluation_finished: freshness.latestEvaluationFinished,
          latest_window_computed: freshness.latestWindowComputed,
        },
      };
    },
  );
}

function pendingOf(state: {
  readonly pending: number;
  readonly oldestPendingAt: string | null;
  readonly oldestPendingAgeSeconds: number | null;
}) {
  return {
    pending: state.pending,
    oldest_pending_at: state.oldestPendingAt,
    oldest_pending_age_seconds: state.oldestPendingAgeSeconds,
  };
}
