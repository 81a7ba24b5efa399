import { type DriftFeatureStatus, summary } from "@scouter/contracts";
import type { LatestWindow, ProfileEvalSummary } from "@scouter/database";
import { may } from "../../../auth/principal.ts";
import { principalOf } from "../../guard/request-principal.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";

/** Profiles shown; their list has pages of its own. */
const MAX_PROFILES = 1000;

/** `GET /scouter/v2/summary`: everything that is stored, counted; profiles only of spaces that the asker may read. */
export function summaryRoutes(app: JsonRoutes, { database, lake }: ApiParts): void {
  app.get(
    "/scouter/v2/summary",
    { schema: { tags: ["summary"], response: { 200: summary } } },
    async (request) => {
      const principal = principalOf(request);
      const [lakeCounts, records, evaluations, profiles, alerts, windows, latest] =
        await Promise.all([
          lake.counts(),
          database.evalRecords.counts(),
          database.evalRecords.summary(),
          database.profiles.list({ limit: MAX_PROFILES }),
          database.alerts.counts(),
          database.driftWindows.counts(),
          database.driftWindows.latest(),
        ]);
      const readable = profiles.items.filter(({ space }) => may(principal, "read", space));
      const readableUids = new Set(readable.map(({ uid }) => uid));
      const readableWindows = latest.filter(({ profileUid }) => readableUids.has(profileUid));
      const { pending, processing, processed, failed } = records;
      const byUid = new Map(evaluations.map((row) => [row.profileUid, row]));
      return {
        spans: lakeCounts.spans,
        traces: lakeCounts.traces,
        error_spans: lakeCounts.errorSpans,
        records: { pending, processing, processed, failed },
        ...verdict(evaluations),
        alerts,
        windows,
        features: {
          drifted: featuresWith("alert", readableWindows),
          stable: featuresWith("ok", readableWindows),
        },
        profiles: readable.map((profile) => {
          const row = byUid.get(profile.uid);
          return {
            ...profile,
            records_evaluated: row?.recordsEvaluated ?? 0,
            ...verdict(row === undefined ? [] : [row]),
          };
        }),
      };
    },
  );
}

function featuresWith(status: DriftFeatureStatus, latest: readonly LatestWindow[]) {
  return latest.flatMap(({ profileUid, result }) =>
    result.features
      .filter((feature) => feature.status === status)
      .map(({ name }) => ({ profile_uid: profileUid, name })),
  );
}

/** Gates and skipped tasks do not count in the pass rate; errored ones count as not passed. */
function verdict(rows: readonly ProfileEvalSummary[]) {
  const sum = (pick: (row: ProfileEvalSummary) => number) =>
    rows.reduce((total, row) => total + pick(row), 0);
  const tasks = {
    passed: sum((row) => row.tasksPassed),
    failed: sum((row) => row.tasksFailed),
    errored: sum((row) => row.tasksErrored),
    skipped: sum((row) => row.tasksSkipped),
  };
  const counted = tasks.passed + tasks.failed + tasks.errored;
  return { tasks, pass_rate: counted === 0 ? null : tasks.passed / counted };
}
