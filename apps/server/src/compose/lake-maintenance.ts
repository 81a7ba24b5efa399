import type { Database } from "@scouter/database";
import type {
  LakeMaintenanceEvents,
  LakeMaintenanceOptions,
  MaintenanceLease,
} from "@scouter/lake";
import type { Config } from "../config/config.ts";
import type { Logger } from "../log/make-logger.ts";
import type { ServerMetrics } from "../metrics/server-metrics.ts";

const LEASE_NAME = "lake-maintenance";
/** A process that was killed holds up the others for so long. */
const LEASE_MS = 60_000;
const INTERVAL_MS = 30_000;
const VACUUM_INTERVAL_MS = 6 * 3_600_000;
/** So many make a lookup noticeably slower than one file does. */
const MERGE_FILES = 32;
const TARGET_BYTES = 128 * 2 ** 20;
/** The least with which files of the target's size can be sorted; taken only while that runs. */
const MEMORY_LIMIT_MB = 768;

export interface LakeMaintenanceParts {
  readonly config: Pick<Config, "lake">;
  readonly database: Pick<Database, "leases">;
  /** Unique over processes. */
  readonly processName: string;
}

export function lakeMaintenance(parts: LakeMaintenanceParts): LakeMaintenanceOptions {
  const { sortIntervalMs, retentionDays } = parts.config.lake;
  return {
    lease: maintenanceLease(parts),
    settings: {
      mergeFiles: MERGE_FILES,
      targetBytes: TARGET_BYTES,
      sortIntervalMs,
      retentionDays,
    },
    intervalMs: INTERVAL_MS,
    vacuumIntervalMs: VACUUM_INTERVAL_MS,
    memoryLimitMb: MEMORY_LIMIT_MB,
  };
}

function maintenanceLease({ database, processName }: LakeMaintenanceParts): MaintenanceLease {
  const { leases } = database;
  const request = { name: LEASE_NAME, holder: processName, leaseMs: LEASE_MS };
  return {
    leaseMs: LEASE_MS,
    take: (above) => leases.acquireEpoch(request, above),
    extend: () => leases.acquire(request),
    release: () => leases.release(LEASE_NAME, processName),
  };
}

export function lakeMaintenanceEvents(
  metrics: Pick<ServerMetrics, "lakeMaintenance">,
  logger: Logger,
): Required<LakeMaintenanceEvents> {
  const { runs, files, bytes, seconds } = metrics.lakeMaintenance;
  return {
    onMaintenance(run) {
      const { kind } = run;
      runs.inc({ kind, outcome: "done" });
      files.inc({ kind, when: "before" }, run.filesBefore);
      files.inc({ kind, when: "after" }, run.filesAfter);
      bytes.inc({ kind, when: "before" }, run.bytesBefore);
      bytes.inc({ kind, when: "after" }, run.bytesAfter);
      seconds.inc({ kind }, run.tookMs / 1000);
      logger.info(run, "maintenance of the lake");
    },
    onMaintenanceFailure(err, partition) {
      runs.inc({ kind: "any", outcome: "failed" });
      logger.error({ err, partition }, "maintenance of the lake failed; tried again later");
    },
  };
}
