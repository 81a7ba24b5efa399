import type { Migration } from "kysely/migration";
import { firstTables } from "./0001-first-tables.ts";
import { evalScenarios } from "./0002-eval-scenarios.ts";
import { users } from "./0003-users.ts";
import { ingestLog } from "./0004-ingest-log.ts";
import { driftWindows } from "./0005-drift-windows.ts";
import { observations } from "./0006-observations.ts";
import { lateObservations } from "./0007-late-observations.ts";
import { timeIndexes } from "./0008-time-indexes.ts";
import { judgeUsage } from "./0009-judge-usage.ts";
import { leaseEpochs } from "./0010-lease-epochs.ts";
import { traceActivity } from "./0011-trace-activity.ts";
import { traceBaggage } from "./0012-trace-baggage.ts";
import { fairClaims } from "./0015-fair-claims.ts";
import { judgeSpend } from "./0016-judge-spend.ts";
import { recordsByTrace } from "./0017-records-by-trace.ts";
import { unsettledWindows } from "./0018-unsettled-windows.ts";
import { observationDays } from "./0019-observation-days.ts";
import { evalRuns } from "./0021-eval-runs.ts";
import { delivery } from "./0023-delivery.ts";
import { discardedRecords } from "./0027-discarded-records.ts";
import { lateSpans } from "./0028-late-spans.ts";
import { builtInAlerts } from "./0029-built-in-alerts.ts";
import { archivedEvaluations } from "./0031-archived-evaluations.ts";
import { oneIndexOfUids } from "./0035-one-index-of-uids.ts";

/** In the order of their names. Never change one that was released: add the next. */
export const migrations: Readonly<Record<string, Migration>> = {
  "0001-first-tables": firstTables,
  "0002-eval-scenarios": evalScenarios,
  "0003-users": users,
  "0004-ingest-log": ingestLog,
  "0005-drift-windows": driftWindows,
  "0006-observations": observations,
  "0007-late-observations": lateObservations,
  "0008-time-indexes": timeIndexes,
  "0009-judge-usage": judgeUsage,
  "0010-lease-epochs": leaseEpochs,
  "0011-trace-activity": traceActivity,
  "0012-trace-baggage": traceBaggage,
  "0015-fair-claims": fairClaims,
  "0016-judge-spend": judgeSpend,
  "0017-records-by-trace": recordsByTrace,
  "0018-unsettled-windows": unsettledWindows,
  "0019-observation-days": observationDays,
  "0021-eval-runs": evalRuns,
  "0023-delivery": delivery,
  "0027-discarded-records": discardedRecords,
  "0028-late-spans": lateSpans,
  "0029-built-in-alerts": builtInAlerts,
  "0031-archived-evaluations": archivedEvaluations,
  "0035-one-index-of-uids": oneIndexOfUids,
};
