import type { Clock } from "@scouter/contracts";
import type { Transport } from "../transport/transport.ts";
import type { QueuedThing } from "./kind/batch-maker.ts";
import type { WatchingProfile } from "./kind/batch-maker-of.ts";
import type { DeliveryStats, DropReason } from "./delivery-stats.ts";

/** A profile that the queue feeds. */
export interface QueueProfile {
  /** The profile's uid as the server gave it at registration. */
  readonly uid: string;
  /** Share of items kept, 0..1, default 1. */
  readonly sampleRatio?: number;
  /**
   * The body of a profile that watches a model: then the alias takes `features(...)` (distributions, control charts) or
   * `metrics(...)`, and sends what they come to. Without it the alias takes agent records.
   */
  readonly watches?: WatchingProfile;
}

export interface DroppedItem {
  readonly alias: string;
  readonly reason: DropReason;
  /** How many items: 1, or those that a shutdown gave up together. */
  readonly count: number;
  /** What was wrong, for the log. */
  readonly detail: string;
}

export interface ScouterQueueOptions {
  /** By alias, the name that `insert` takes. */
  readonly profiles: Readonly<Record<string, QueueProfile>>;
  readonly transport: Transport;
  /** Default: the system's, with timers that let the app exit. */
  readonly clock?: Clock;
  /** Uniform in [0, 1), for sampling and jitter; default `Math.random`. */
  readonly random?: () => number;
  /** Items held per alias, default 10,000; further ones are dropped as `full`. */
  readonly capacity?: number;
  /** Longest wait of an item in the buffer before it is sent, default 30,000. */
  readonly publishIntervalMs?: number;
  /** Items that are sent as soon as they are there, and the largest batch; default 25. */
  readonly batchSize?: number;
  /** Batches of one alias that may be under way at once, default 4. */
  readonly maxConcurrentBatches?: number;
  readonly retry?: RetryOptions;
  /** Name of the app, by which the server sums up what its processes sent. */
  readonly service?: string;
  /**
   * Folder in which batches wait on the disk until they are answered, also over restarts of the app; default: none. What
   * is still in the buffer when the process is killed is lost all the same.
   */
  readonly spoolDir?: string;
  /** Most bytes in it, default 256 MiB; further batches wait in memory. */
  readonly spoolMaxBytes?: number;
  /** The active trace, asked at insertion for records that name none; default: OpenTelemetry's active span if the app uses it. */
  readonly activeTraceId?: () => string | undefined;
  /** Told of every dropped item, within `insert`: keep it short. What it throws is ignored. */
  readonly onDrop?: (dropped: DroppedItem) => void;
  /** Flush when the event loop of the process runs empty, default false. */
  readonly flushOnExit?: boolean;
  /**
   * Signals at which the queue shuts down, such as `["SIGTERM", "SIGINT"]`; default none. The process then ends by the
   * signal, unless the app listens to it itself: then ending is the app's business.
   */
  readonly flushOnSignals?: readonly NodeJS.Signals[];
}

export interface RetryOptions {
  /** Tries of a batch, the first included; default 12 (about two minutes). */
  readonly maxAttempts?: number;
  /** Upper bound of the pause after the first try, default 500; doubles with each. */
  readonly firstPauseMs?: number;
  /** Bound of the doubling, default 30,000. A longer pause that the server asks for is kept. */
  readonly maxPauseMs?: number;
}

/** What became of the items that were in the queue when it was asked to flush. */
export interface FlushReport {
  /** True when each of them was acknowledged, rejected or dropped before the limit; false when some are left on the disk. */
  readonly complete: boolean;
  readonly acknowledged: number;
  readonly rejected: Readonly<Record<string, number>>;
  /** Could not be made into JSON, or the queue closed before they were confirmed. */
  readonly dropped: number;
  /** Left on the disk for the next start. */
  readonly spooled: number;
  /** Without an answer at the limit. `shutdown` then gives them up: `stats.dropped.closed` counts them. */
  readonly unacknowledged: number;
  /** All aliases together, at the end. */
  readonly stats: DeliveryStats;
}

/** What `insert` takes: a record or a row, or a function that makes it, called only when the item is not sampled out. */
export type QueueItem = QueuedThing | (() => QueuedThing);
