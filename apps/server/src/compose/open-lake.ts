import { crc32 } from "node:zlib";
import type { Database } from "@scouter/database";
import type { DeadLetter, IngestLog, TraceLake, TraceLakeEvents } from "@scouter/lake";
import type { Config } from "../config/config.ts";
import { errors } from "../errors.ts";
import type { Logger } from "../log/make-logger.ts";
import type { ServerMetrics } from "../metrics/server-metrics.ts";
import { lakeMaintenance, lakeMaintenanceEvents } from "./lake-maintenance.ts";
import type { Outside } from "./outside.ts";
import { uuidV7 } from "./uuid-v7.ts";

/** Compressed bytes that may wait for a flush; decoded they take about ten times as much memory. */
const MAX_UNFLUSHED_BYTES = 32 * 2 ** 20;
/** One process writes and reads: its snapshot is never behind its own commits. */
const LONE_REFRESH_INTERVAL_MS = 10_000;
/** How long a read may miss what other processes have committed. */
const SHARED_REFRESH_INTERVAL_MS = 1_000;
/** A lapsed lease is noticed within a third of its length. */
const ADOPTIONS_PER_LEASE = 3;
/** Facts about the installation that never change. */
const LAKE_ID = "lake_id";
const LAKE_THREADS = 2;
const LAKE_MEMORY_MB = 512;

export interface LakeParts {
  readonly config: Config;
  readonly database: Pick<Database, "deadLetters" | "identity" | "leases">;
  readonly logger: Logger;
  readonly metrics: Pick<ServerMetrics, "lakeMaintenance">;
  readonly outside: Outside;
  /** Unique over processes. */
  readonly processName: string;
  readonly onSpansSeen: NonNullable<TraceLakeEvents["onSpansSeen"]>;
  readonly onCommitted: () => void;
  readonly onFatal: (error: unknown) => void;
}

/** Opens the span log under a new owner, then the lake, which replays what ended processes left in the log. */
export async function openLake(parts: LakeParts): Promise<TraceLake> {
  const { config, outside } = parts;
  const { clock } = outside;
  await checkLakeId(parts);
  const openLog = ingestLogOpener(parts);
  const ingestLog = await openLog();
  const { shared } = ingestLog.capabilities;
  return outside.openTraceLake({
    root: config.lake.folder,
    ...(config.lake.remote && { remote: config.lake.remote }),
    ingestLog,
    ...(shared && { reopenIngestLog: openLog }),
    adoptionIntervalMs: config.lake.ingestLeaseMs / ADOPTIONS_PER_LEASE,
    clock,
    flushIntervalMs: config.lake.flushIntervalMs,
    flushSpans: config.lake.flushSpans,
    refreshIntervalMs:
      config.lake.refreshIntervalMs ??
      (shared ? SHARED_REFRESH_INTERVAL_MS : LONE_REFRESH_INTERVAL_MS),
    maxInflatedBytes: config.http.maxInflatedBytes,
    maxUnflushedBytes: MAX_UNFLUSHED_BYTES,
    threads: LAKE_THREADS,
    memoryLimitMb: LAKE_MEMORY_MB,
    maintenance: lakeMaintenance(parts),
    events: lakeEvents(parts),
  });
}

/** The log's place follows the database's: beside the embedded one as files, else in the server's tables. */
function ingestLogOpener({ config, outside, logger }: LakeParts): () => Promise<IngestLog> {
  const { clock } = outside;
  const { database, lake } = config;
  return () => {
    const owner = uuidV7(clock.now());
    if (database.kind === "embedded") {
      return outside.openIngestLog({ root: lake.ingestLogFolder, owner, clock });
    }
    return outside.openPostgresIngestLog({
      uri: database.uri,
      owner,
      clock,
      leaseMs: lake.ingestLeaseMs,
      connectTimeoutMs: database.connectTimeoutMs,
      onConnectionLost: (err) => logger.warn({ err }, "span log: trouble with the database"),
    });
  };
}

/**
 * A database belongs to one lake for good. A process with another folder would adopt the log of others and commit
 * their spans to where nobody looks for them.
 */
async function checkLakeId({ config, database, outside }: LakeParts): Promise<void> {
  const place = config.lake.remote ?? config.lake.folder;
  let expected = await database.identity.get(LAKE_ID);
  let found = await outside.lakeIdOf(place);
  if (expected === undefined) {
    found ??= await outside.giveLakeId(place, uuidV7(outside.clock.now()));
    expected = await database.identity.putIfAbsent(LAKE_ID, found);
  }
  if (found !== expected) {
    const shown = typeof place === "string" ? place : place.uri;
    throw errors.SERVER_LAKE_FOREIGN({ place: shown, found, expected });
  }
}

function lakeEvents(parts: LakeParts): TraceLakeEvents {
  const { database, logger, metrics, onFatal, onSpansSeen, onCommitted } = parts;
  return {
    onSpansSeen,
    ...lakeMaintenanceEvents(metrics, logger),
    async onDeadLetter(letter) {
      const { owner, reason, payload, format } = letter;
      logger.error({ owner, sequence: letter.sequence, reason }, "log entry cannot be replayed");
      await database.deadLetters.add({
        owner,
        sequence: sequenceOf(letter),
        reason,
        payload,
        format,
      });
    },
    onFlush(flushed) {
      logger.debug(flushed, "spans committed");
      onCommitted();
    },
    onFlushFailure: (err) => logger.error({ err }, "spans not committed; kept, tried again"),
    onReplay: (replayed) => logger.info(replayed, "replayed the log of an ended process"),
    onOwnerLost: (lost) =>
      logger.warn(lost, "another process took over this one's span log; it goes on with a new one"),
    onAdoptionFailure: (err) =>
      logger.error({ err }, "logs of ended processes not taken over; tried again"),
    onFatal,
  };
}

/**
 * A damaged place of the log has no number. Its reason names the position, so a negative number made from it keeps the
 * letters of one log apart and a repeated replay from adding one twice.
 */
function sequenceOf(letter: DeadLetter): number {
  return letter.sequence ?? -1 - crc32(letter.reason);
}
