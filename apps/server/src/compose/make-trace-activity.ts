import type { Clock } from "@scouter/contracts";
import type { Database } from "@scouter/database";
import type { TraceLake, TraceLakeEvents } from "@scouter/lake";
import type { Config } from "../config/config.ts";
import type { Logger } from "../log/make-logger.ts";
import type { TraceCompletion } from "../trace-activity/trace-completion.ts";
import { TraceDispatch } from "../trace-activity/trace-dispatch.ts";
import { TraceSettler } from "../trace-activity/trace-settler.ts";
import { LakeNotices } from "./lake-notices.ts";

/** Where several processes ingest, each hands on the spans of awaited traces within a second. */
const OTHERS_FLUSH_MS = 1_000;

export interface TraceActivityParts {
  /** What workers await. */
  readonly completion: TraceCompletion;
  readonly onSpansSeen: NonNullable<TraceLakeEvents["onSpansSeen"]>;
  /** To be called after every commit of spans. */
  readonly onCommitted: () => void;
  /** The lake, which is opened later: what it replays then is told already. */
  use(lake: TraceLake): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** What this process tells other processes of spans, and hears from them. */
export function makeTraceActivity(parts: {
  readonly config: Pick<Config, "lake" | "database">;
  readonly database: Pick<
    Database,
    "traceActivity" | "listen" | "sendNotice" | "evalRecords" | "profiles"
  >;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly processName: string;
}): TraceActivityParts {
  const { config, database, clock, logger, processName } = parts;
  const isShared = config.database.kind === "postgres";
  const { quietMs, limitMs } = config.lake.settle;
  let lake: TraceLake | undefined;
  const onTrouble = (err: unknown) =>
    logger.warn({ err }, "awaited traces: trouble with the database; tried again");
  const settler = new TraceSettler({
    database,
    clock,
    config: { quietMs: quietMs + (isShared ? OTHERS_FLUSH_MS : 0), limitMs },
    lookup: async (traceIds) => (await lake?.sightingsOf(traceIds)) ?? [],
    hurry: (traceIds) => lake?.awaitTraces(traceIds),
    onTrouble,
  });
  const dispatch = new TraceDispatch({
    database,
    completion: settler,
    clock,
    config: config.lake.dispatch,
    onTrouble,
  });
  const notices = new LakeNotices({ database, clock, processName, onTrouble });
  return {
    completion: settler,
    onSpansSeen: (sightings, isReadable) => settler.seen(sightings, isReadable),
    onCommitted: () => {
      if (isShared) notices.committed();
    },
    use: (opened) => (lake = opened),
    async start() {
      if (isShared && lake !== undefined) await notices.start(lake);
      await settler.start();
      dispatch.start();
    },
    async stop() {
      await notices.stop();
      await dispatch.stop();
      await settler.stop();
    },
  };
}
