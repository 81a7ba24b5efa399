import {
  evaluationResultPage,
  judgeCostReport,
  taskOutcome,
  type JudgeCost,
} from "@scouter/contracts";
import { z } from "zod";
import { readableProfile, referenceTo } from "../../guard/readable-profile.ts";
import { readableSpaces } from "../../guard/readable-spaces.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";
import {
  nameParameter,
  pageQuery,
  periodOf,
  periodQuery,
  shownPeriod,
} from "../../query/period.ts";

const tags = ["agent evaluation"];

/** Results of tasks over profiles and versions, and what judges cost. */
export function resultRoutes(
  app: JsonRoutes,
  { database, evaluatedCharts, clock }: ApiParts,
): void {
  const resultsQuery = z.object({
    ...periodQuery,
    ...pageQuery,
    space: nameParameter.optional(),
    /** The profile's, as its version; `uid` names one version at once. */
    name: nameParameter.optional(),
    version: nameParameter.optional(),
    uid: nameParameter.optional(),
    task: nameParameter.optional(),
    outcome: taskOutcome.optional(),
    trace_id: nameParameter.optional(),
  });
  app.get(
    "/scouter/v2/evaluations/results",
    { schema: { tags, querystring: resultsQuery, response: { 200: evaluationResultPage } } },
    async (request) => {
      const { start, end, space, uid, trace_id: traceId, ...filter } = request.query;
      const period = periodOf({ start, end }, clock.now());
      const spaces = readableSpaces(request, space);
      const asked = { ...filter, ...period, spaces, profileUid: uid, traceId };
      const { items, nextCursor } = await database.evaluations.results(asked);
      return {
        ...shownPeriod(period),
        items: items.map((item) => ({
          evaluated_at: item.evaluatedAt,
          profile: item.profile,
          record_uid: item.recordUid,
          record_id: item.recordId,
          trace_id: item.traceId,
          revision: item.revision,
          task_id: item.taskId,
          task_type: item.taskType,
          outcome: item.outcome,
          condition: item.condition,
          skipped_by: item.skippedBy,
          error_code: item.errorCode,
          operator: item.operator,
          expected: item.expected,
          actual: item.actual,
          message: item.message,
          judge: item.judge ?? null,
        })),
        next_cursor: nextCursor,
      };
    },
  );

  const costsQuery = z.object({ uid: nameParameter, ...periodQuery });
  app.get(
    "/scouter/v2/evaluations/judges",
    { schema: { tags, querystring: costsQuery, response: { 200: judgeCostReport } } },
    async (request) => {
      const period = periodOf(request.query, clock.now());
      const profile = await readableProfile(request, request.query.uid, database);
      const costs = await evaluatedCharts.judgeCosts({ profileUid: profile.uid, ...period });
      const items = costs.map((cost) => ({
        task_id: cost.taskId,
        provider: cost.provider,
        model: cost.model,
        judged: cost.judged,
        skipped: cost.skipped,
        calls: cost.calls,
        cached_calls: cost.cachedCalls,
        saved_calls: cost.savedCalls,
        input_tokens: cost.inputTokens,
        output_tokens: cost.outputTokens,
        cost_usd: cost.costUsd,
        unpriced_calls: cost.unpricedCalls,
        saved_usd: cost.savedUsd,
      }));
      return {
        ...shownPeriod(period),
        profile: referenceTo(profile),
        items,
        total: totalOf(items),
      };
    },
  );
}

/** Money that is not known of one judge is not known of all together. */
function totalOf(items: readonly JudgeCost[]) {
  const sum = (count: (item: JudgeCost) => number) =>
    items.reduce((total, item) => total + count(item), 0);
  const money = (of: (item: JudgeCost) => number | null, needed: (item: JudgeCost) => boolean) =>
    items.some((item) => needed(item) && of(item) === null) ? null : sum((item) => of(item) ?? 0);
  return {
    calls: sum(({ calls }) => calls),
    saved_calls: sum(({ saved_calls }) => saved_calls),
    input_tokens: sum(({ input_tokens }) => input_tokens),
    output_tokens: sum(({ output_tokens }) => output_tokens),
    cost_usd: money(
      ({ cost_usd, unpriced_calls }) => (unpriced_calls > 0 ? null : cost_usd),
      ({ calls }) => calls > 0,
    ),
    saved_usd: money(
      ({ saved_usd }) => saved_usd,
      ({ saved_calls }) => saved_calls > 0,
    ),
  };
}
