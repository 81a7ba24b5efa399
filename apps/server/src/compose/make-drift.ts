import type { AlertChannels } from "@scouter/alerts";
import type { Clock } from "@scouter/contracts";
import type { Database } from "@scouter/database";
import type { Config } from "../config/config.ts";
import type { Logger } from "../log/make-logger.ts";
import type { ServerMetrics } from "../metrics/server-metrics.ts";
import { AlertDelivery } from "../workers/alert-delivery.ts";
import { BuiltInAlertWorker } from "../workers/built-in-alert-worker.ts";
import { builtInRules } from "../alerts/built-in/built-in-rule.ts";
import { DriftPlanner } from "../workers/drift-planner.ts";
import { DriftWorkers, type DriftWorkerEvents } from "../workers/drift-worker.ts";

export interface DriftSystemParts {
  readonly config: Pick<Config, "drift" | "alerts">;
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: ServerMetrics;
  readonly alertChannels: AlertChannels;
  /** Unique over processes. */
  readonly processName: string;
}

/** Planner, workers and delivery: from a slot of a schedule to the alert that somebody reads. */
export function makeDrift(parts: DriftSystemParts) {
  const { config, database, clock, logger, metrics, alertChannels, processName } = parts;
  const onTrouble = (err: unknown) => logger.warn({ err }, "drift waits for the database");
  const planner = new DriftPlanner({
    database,
    clock,
    // Windows follow the clock that stamps what is received, whatever this machine's clock says.
    nowMs: () => database.driftWindows.nowMs(),
    holder: processName,
    events: {
      onPlanned: (windows) => metrics.plannedWindows.inc({ outcome: "due" }, windows),
      onSkipped(profileUid, windows, reason) {
        metrics.plannedWindows.inc({ outcome: "skipped" }, windows);
        logger.warn({ profileUid, windows, reason }, "missed windows are not made up for");
      },
      onScheduleError: (profileUid, err) =>
        logger.error({ err, profileUid }, "a profile's schedule cannot be read"),
      onLate(late) {
        metrics.lateObservations.inc(late.found);
        logger.warn({ ...late }, "observations came after their window was computed");
      },
      onTrouble,
    },
  });
  const workers = new DriftWorkers({
    database,
    data: database.observations,
    clock,
    workers: config.drift.workers,
    standardDispatch: config.alerts.standard,
    processName,
    events: { ...workerEvents(metrics, logger), onTrouble },
  });
  const delivery = new AlertDelivery({
    database,
    clock,
    channels: alertChannels,
    maxRetries: config.alerts.maxRetries,
    workerId: `${processName}/alerts`,
    events: {
      onDelivered: () => metrics.alertDeliveries.inc({ outcome: "delivered" }),
      onFailed(alert, err, retryInMs) {
        metrics.alertDeliveries.inc({ outcome: retryInMs === undefined ? "given up" : "failed" });
        logger.error({ err, alert, retryInMs }, "an alert could not be delivered");
      },
      onTrouble,
    },
  });
  const watching = new BuiltInAlertWorker({
    database,
    rules: builtInRules(database),
    clock,
    nowMs: () => database.driftWindows.nowMs(),
    dispatch: config.alerts.standard,
    holder: processName,
    events: {
      onChanged({ action, rule, profileUid }) {
        metrics.builtInAlerts.inc({ rule, action });
        logger.warn({ rule, action, profileUid }, "a built-in alert opened or ended");
      },
      onRuleFailed: (rule, err) =>
        logger.warn({ err, rule }, "a built-in alert could not be looked at"),
      onTrouble,
    },
  });
  return {
    async start() {
      await delivery.start();
      if (config.alerts.builtIn) watching.start();
      await workers.start();
      if (config.drift.workers > 0) planner.start();
    },
    drain: () => Promise.all([planner.stop(), workers.drain(), watching.stop(), delivery.stop()]),
    abort: () => workers.abort(),
  };
}

function workerEvents(
  metrics: ServerMetrics,
  logger: Logger,
): Omit<DriftWorkerEvents, "onTrouble"> {
  return {
    onComputed(_window, tookMs) {
      metrics.computedWindows.inc({ outcome: "done" });
      metrics.windowSeconds.observe(tookMs / 1000);
    },
    onFailed({ profile, endMs }, err, retryInMs) {
      metrics.computedWindows.inc({ outcome: retryInMs === undefined ? "given up" : "failed" });
      const windowEnd = new Date(endMs).toISOString();
      logger.warn({ err, profileUid: profile.uid, windowEnd, retryInMs }, "a window failed");
    },
    onStale: () => metrics.computedWindows.inc({ outcome: "stale" }),
  };
}
