// A thread that makes one report: comparisons draw thousands of samples, which would hold up everything else.
import { parentPort, workerData } from "node:worker_threads";
import { isScouterError } from "@scouter/contracts";
import { compareRuns, runReport } from "@scouter/evaluate";
import { shownReport } from "./shown-report.ts";
import type { ReportOrder, ReportReply } from "./report-order.ts";

function made({ candidate, baseline, options }: ReportOrder): ReportReply {
  try {
    if (baseline === undefined)
      return { kind: "made", report: shownReport(runReport({ candidate })) };
    const comparison = compareRuns(baseline, candidate, options);
    return { kind: "made", report: shownReport(runReport({ comparison, baseline, candidate })) };
  } catch (error) {
    if (!isScouterError(error)) throw error;
    const { code, kind, message, remedy } = error;
    return { kind: "refused", error: { code, kind, message, remedy } };
  }
}

parentPort?.postMessage(made(workerData as ReportOrder));
