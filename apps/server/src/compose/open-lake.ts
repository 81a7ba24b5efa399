import { crc32 } from "node:zlib";
import type { Database } from "@scouter/database";
import type { DeadLetter, TraceLake, TraceLakeEvents } from "@scouter/lake";
import type { Config } from "../config/config.ts";
import type { Logger } from "../log/make-logger.ts";
import type { Outside } from "./outside.ts";
import { uuidV7 } from "./uuid-v7.ts";

/** Compressed bytes that may wait for a flush; decoded they take about ten times as much memory. */
const MAX_UNFLUSHED_BYTES = 32 * 2 ** 20;
/** One process writes and reads: its snapshot is never behind its own commits. */
const REFRESH_INTERVAL_MS = 10_000;
const LAKE_THREADS = 2;
const LAKE_MEMORY_MB = 512;

export interface LakeParts {
  readonly config: Config;
  readonly database: Pick<Database, "deadLetters">;
  readonly logger: Logger;
  readonly outside: Outside;
  readonly onFatal: (error: unknown) => void;
}

/** Opens the span log under a new owner, then the lake, which replays what ended processes left in the log. */
export async function openLake(parts: LakeParts): Promise<TraceLake> {
  const { config, outside } = parts;
  const { clock } = outside;
  const ingestLog = await outside.openIngestLog({
    root: config.lake.ingestLogFolder,
    owner: uuidV7(clock.now()),
    clock,
  });
  return outside.openTraceLake({
    root: config.lake.folder,
    ingestLog,
    clock,
    flushIntervalMs: config.lake.flushIntervalMs,
    flushSpans: config.lake.flushSpans,
    refreshIntervalMs: REFRESH_INTERVAL_MS,
    maxInflatedBytes: config.http.maxInflatedBytes,
    maxUnflushedBytes: MAX_UNFLUSHED_BYTES,
    threads: LAKE_THREADS,
    memoryLimitMb: LAKE_MEMORY_MB,
    events: lakeEvents(parts),
  });
}

function lakeEvents({ database, logger, onFatal }: LakeParts): TraceLakeEvents {
  return {
    async onDeadLetter(letter) {
      const { owner, reason, payload } = letter;
      logger.error({ owner, sequence: letter.sequence, reason }, "log entry cannot be replayed");
      await database.deadLetters.add({ owner, sequence: sequenceOf(letter), reason, payload });
    },
    onFlush: (flushed) => logger.debug(flushed, "spans committed"),
    onFlushFailure: (err) => logger.error({ err }, "spans not committed; kept, tried again"),
    onReplay: (replayed) => logger.info(replayed, "replayed the log of an ended process"),
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
