import type { AlertMessage } from "@scouter/alerts";
import {
  type DispatchConfig,
  type EvalReport,
  evalNotifyReply,
  evalNotifyRequest,
  isScouterError,
} from "@scouter/contracts";
import type { EvalRunEntry } from "@scouter/database";
import { z } from "zod";
import { dispatchOfText } from "../../../alerts/alert-channel-setting.ts";
import { errors } from "../../../errors.ts";
import { makeReport } from "../../../offline/make-report.ts";
import { requireIn } from "../../guard/request-principal.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";
import { rowId } from "../../query/period.ts";
import { documentOf, readableRun } from "./readable-run.ts";

const TIMEOUT_MS = 10_000;
const TOLD_REASONS = 10;

/**
 * `POST /scouter/v2/eval/runs/{id}/notify`: what a nightly run ends with. One attempt, with the same key for the same pair of
 * runs; what the provider says is part of a 200.
 */
export function evalNotifyRoutes(app: JsonRoutes, parts: ApiParts): void {
  const { alertChannels, clock, database, logger } = parts;
  app.post(
    "/scouter/v2/eval/runs/:id/notify",
    {
      schema: {
        tags: ["offline evaluation"],
        params: z.object({ id: rowId }),
        body: evalNotifyRequest,
        response: { 200: evalNotifyReply },
      },
    },
    async (request) => {
      const { channel: given, baseline: baselineId, mode, threshold, alpha, always } = request.body;
      const candidate = await readableRun(request, request.params.id, database);
      requireIn(request, "write", candidate.space);
      const baseline = await readableRun(request, baselineId, database);
      const dispatch = dispatchOfText(given);
      if (dispatch === undefined) throw errors.SERVER_ALERT_CHANNEL_UNREADABLE({ given });
      const report = await makeReport({
        candidate: await documentOf(candidate, database),
        baseline: await documentOf(baseline, database),
        options: { mode, regressionThreshold: threshold, alpha },
      });
      const adapter = alertChannels.of({ dispatch_config: dispatch });
      const reply = { verdict: report.verdict ?? "", channel: adapter.name };
      if (!always && report.verdict !== "fail" && report.verdict !== "invalid") {
        return { ...reply, delivered: null, error: null };
      }
      const dedupKey = `regression/${String(candidate.id)}/${String(baseline.id)}`;
      const message = messageOf(candidate, report, { dispatch, nowMs: clock.now() });
      try {
        await adapter.deliver({ dedupKey, message }, AbortSignal.timeout(TIMEOUT_MS));
        return { ...reply, delivered: true, error: null };
      } catch (error) {
        logger.warn({ err: error, channel: adapter.name }, "a regression could not be told");
        const told = isScouterError(error) ? error : errors.SERVER_ALERT_TEST_FAILED({});
        return { ...reply, delivered: false, error: told.message };
      }
    },
  );
}

function messageOf(
  { id, space, suite, runId }: EvalRunEntry,
  { headline, reasons, notes }: EvalReport,
  { dispatch, nowMs }: { readonly dispatch: DispatchConfig; readonly nowMs: number },
): AlertMessage {
  return {
    event: "regression",
    space,
    name: suite,
    version: runId,
    profile_uid: "",
    drift_type: "Agent",
    window_end: new Date(nowMs).toISOString(),
    text: [headline, ...[...reasons, ...notes].slice(0, TOLD_REASONS)].join("\n"),
    run: id,
    alerts: [],
    dispatch_config: dispatch,
  };
}
