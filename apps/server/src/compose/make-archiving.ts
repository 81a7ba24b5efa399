import type { ArchivedPart, Database, EvaluationPart } from "@scouter/database";
import type { EvaluationArchive, ObservationArchive } from "@scouter/lake";
import { EvaluatedCharts } from "../archive/evaluated-charts.ts";
import { ObservedCharts } from "../archive/observed-charts.ts";
import { ObservedWindows } from "../archive/observed-windows.ts";
import type { Config } from "../config/config.ts";
import type { Logger } from "../log/make-logger.ts";
import type { ServerMetrics } from "../metrics/server-metrics.ts";
import { ArchiveWorker, type ArchiveUnit } from "../workers/archive-worker.ts";
import type { Outside } from "./outside.ts";

export interface Archives {
  readonly observations: ObservationArchive;
  readonly evaluations: EvaluationArchive;
  close(): Promise<void>;
}

export function openArchives({ lake }: Config, outside: Outside): Archives {
  const { folder: root, remote } = lake;
  const observations = outside.openObservationArchive({ root, remote });
  const evaluations = outside.openEvaluationArchive({ root, remote });
  return {
    observations,
    evaluations,
    async close() {
      await Promise.all([observations.close(), evaluations.close()]);
    },
  };
}

/** Charts, and what windows stand on, over the database and the archives. */
export function makeCharts(database: Database, archives: Archives) {
  return {
    charts: new ObservedCharts({ database, archive: archives.observations }),
    evaluatedCharts: new EvaluatedCharts({ database, archive: archives.evaluations }),
    observedWindows: new ObservedWindows({ database, ...archives }),
  };
}

/** Moves what is older than the retention to the archives. */
export function makeArchiving(parts: {
  readonly config: Config;
  readonly outside: Outside;
  readonly database: Database;
  readonly archives: Archives;
  readonly logger: Logger;
  readonly metrics: ServerMetrics;
  readonly processName: string;
}) {
  const { config, outside, database, archives, logger, metrics, processName } = parts;
  const { retentionDays, archiveRetentionDays } = config.drift;
  const { leases } = database;
  const { clock } = outside;
  const frame = { leases, clock, retentionDays, archiveRetentionDays, holder: processName };
  const eventsOf = (what: string, counter: { inc(by: number): void }) => ({
    onArchived(unit: ArchiveUnit, rows: number) {
      counter.inc(rows);
      logger.info({ ...unit, rows }, `${what} of a day moved to the lake`);
    },
    onFailed: (unit: ArchiveUnit, err: unknown) =>
      logger.error({ err, ...unit }, `${what} of a day stay in the database; tried again`),
    onMerged: () => logger.debug(`small files of ${what} merged in the archive`),
    onExpired: (beforeDay: string, files: number) =>
      logger.info({ beforeDay, files }, `${what} of days before are out of the archive`),
    onTrouble: (err: unknown) => logger.warn({ err }, `the archive of ${what} waits`),
  });
  const workers = [
    new ArchiveWorker({
      ...frame,
      source: database.observationDays,
      archive: archives.observations,
      leaseName: "observation-archive",
      events: eventsOf("observations", metrics.archivedObservations),
    }),
    new ArchiveWorker<EvaluationPart, ArchivedPart>({
      ...frame,
      source: database.evaluationDays,
      archive: archives.evaluations,
      leaseName: "evaluation-archive",
      events: eventsOf("evaluation records", metrics.archivedEvaluations),
    }),
  ];
  return {
    start() {
      for (const worker of workers) worker.start();
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}
