import type { Clock } from "@scouter/contracts";
import type { EvalRecordItem } from "../record/eval-record.ts";
import type { Transport } from "../transport/transport.ts";
import type { DeliveryStats, DropReason } from "./delivery-stats.ts";

/** A profile that the queue feeds. */
export interface QueueProfile {
  /** The profile's uid as the server gave it at registration. */
  readonly uid: string;
  /** Share of items kept, 0..1, default 1. */
  readonly sampleRatio?: number;
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
  /** The active trace, asked at insertion for records that name none; default: OpenTelemetry's active span if the app uses it. */
  readonly activeTraceId?: () => string | undefined;
  /** Told of every dropped item, within `insert`: keep it short. What it throws is ignored. */
  readonly onDrop?: (dropped: DroppedItem) => void;
  /** Flush when the event loop of the process runs empty, default false. Signals stay the app's business. */
  readonly flushOnExit?: boolean;
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
  /** True when each of them was acknowledged, rejected or dropped before the limit. */
  readonly complete: boolean;
  readonly acknowledged: number;
  readonly rejected: Readonly<Record<string, number>>;
  /** Could not be made into JSON, or the queue closed before they were confirmed. */
  readonly dropped: number;
  /** Without an answer at the limit. `shutdown` then gives them up: `stats.dropped.closed` counts them. */
  readonly unacknowledged: number;
  /** All aliases together, at the end. */
  readonly stats: DeliveryStats;
}

/** What `insert` takes: a record, or a function that makes it, called only when the item is not sampled out. */
export type QueueItem = EvalRecordItem | (() => EvalRecordItem);
