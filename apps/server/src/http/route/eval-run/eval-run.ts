import { createHash } from "node:crypto";
import {
  evalBaselinePage,
  evalBaselineRequest,
  evalBaseline,
  evalReport,
  evalRunDetail,
  evalRunPage,
  evalRunRequest,
  evalRunScenario,
  evalRunStored,
  runScenario,
  type EvalBaseline,
  type JsonObject,
} from "@scouter/contracts";
import type { EvalBaselineEntry } from "@scouter/database";
import { compareModes } from "@scouter/evaluate";
import { z } from "zod";
import { errors } from "../../../errors.ts";
import { makeReport } from "../../../offline/make-report.ts";
import { documentOf, readableRun } from "./readable-run.ts";
import { runItemOf, runSummary } from "../../../offline/run-summary.ts";
import { readableSpaces } from "../../guard/readable-spaces.ts";
import { principalOf, requireIn } from "../../guard/request-principal.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";
import { nameParameter, pageQuery, rowId } from "../../query/period.ts";

const tags = ["offline evaluation"];
const params = z.object({ id: rowId });

/** Results of offline runs, and the names that make some of them baselines. */
export function evalRunRoutes(app: JsonRoutes, { database }: ApiParts): void {
  app.post(
    "/scouter/v2/eval/runs",
    { schema: { tags, body: evalRunRequest, response: { 200: evalRunStored } } },
    async (request) => {
      const { space, run } = request.body;
      requireIn(request, "write", space);
      const { id, outcome } = await database.evalRuns.store({
        space,
        runId: run.run_id,
        suite: run.suite.name,
        createdAt: run.created_at,
        digest: createHash("sha256").update(JSON.stringify(run)).digest("hex"),
        summary: runSummary(run),
        document: run as unknown as JsonObject,
      });
      if (outcome === "conflict") throw errors.SERVER_EVAL_RUN_TAKEN({ runId: run.run_id, space });
      return { id, outcome };
    },
  );

  const list = z.object({
    ...pageQuery,
    space: nameParameter.optional(),
    suite: nameParameter.optional(),
  });
  app.get(
    "/scouter/v2/eval/runs",
    { schema: { tags, querystring: list, response: { 200: evalRunPage } } },
    async (request) => {
      const { space, ...asked } = request.query;
      const spaces = readableSpaces(request, space);
      const { items, nextCursor } = await database.evalRuns.list({ ...asked, spaces });
      return { items: items.map(runItemOf), next_cursor: nextCursor };
    },
  );

  app.get(
    "/scouter/v2/eval/runs/:id",
    { schema: { tags, params, response: { 200: evalRunDetail } } },
    async (request) => {
      const entry = await readableRun(request, request.params.id, database);
      return { ...runItemOf(entry), run: await documentOf(entry, database) };
    },
  );

  app.get(
    "/scouter/v2/eval/runs/:id/scenario",
    {
      schema: {
        tags,
        params,
        querystring: z.object({ scenario: nameParameter }),
        response: { 200: evalRunScenario },
      },
    },
    async (request) => {
      const entry = await readableRun(request, request.params.id, database);
      const { scenario: scenarioId } = request.query;
      const scenario = await database.evalRuns.scenario(entry.id, scenarioId);
      if (scenario === undefined) {
        throw errors.SERVER_EVAL_RUN_SCENARIO_UNKNOWN({ id: entry.id, scenario: scenarioId });
      }
      return runScenario.parse(scenario);
    },
  );

  const compared = z.object({
    /** The run to compare with; the run is reported alone without it. */
    baseline: rowId.optional(),
    mode: z.enum(compareModes).default("statistical"),
    threshold: z.coerce.number().min(0).max(1).default(0.05),
    alpha: z.coerce.number().gt(0).max(0.5).default(0.05),
  });
  app.get(
    "/scouter/v2/eval/runs/:id/report",
    { schema: { tags, params, querystring: compared, response: { 200: evalReport } } },
    async (request) => {
      const { baseline: baselineId, mode, threshold, alpha } = request.query;
      const candidate = await readableRun(request, request.params.id, database);
      const baseline =
        baselineId === undefined ? undefined : await readableRun(request, baselineId, database);
      return makeReport({
        candidate: await documentOf(candidate, database),
        baseline: baseline === undefined ? undefined : await documentOf(baseline, database),
        options: { mode, regressionThreshold: threshold, alpha },
      });
    },
  );

  app.get(
    "/scouter/v2/eval/baselines",
    {
      schema: {
        tags,
        querystring: z.object({ ...pageQuery, space: nameParameter.optional() }),
        response: { 200: evalBaselinePage },
      },
    },
    async (request) => {
      const { space, ...asked } = request.query;
      const spaces = readableSpaces(request, space);
      const { items, nextCursor } = await database.evalRuns.baselines({ ...asked, spaces });
      return { items: items.map(baselineOf), next_cursor: nextCursor };
    },
  );

  app.put(
    "/scouter/v2/eval/baselines",
    { schema: { tags, body: evalBaselineRequest, response: { 200: evalBaseline } } },
    async (request) => {
      const { space, name, run: id } = request.body;
      requireIn(request, "write", space);
      const by = principalOf(request).username;
      const isDone = await database.evalRuns.promote({ space, name, id, by });
      const entry = isDone ? await database.evalRuns.baseline(space, name) : undefined;
      if (entry === undefined) throw errors.SERVER_EVAL_RUN_UNKNOWN({ id });
      return baselineOf(entry);
    },
  );
}

function baselineOf({ name, promotedAt, promotedBy, run }: EvalBaselineEntry): EvalBaseline {
  return {
    space: run.space,
    name,
    promoted_at: promotedAt,
    promoted_by: promotedBy,
    run: runItemOf(run),
  };
}
