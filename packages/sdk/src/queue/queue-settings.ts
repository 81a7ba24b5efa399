import { errors } from "../errors.ts";
import type { RetryOptions, ScouterQueueOptions } from "./queue-options.ts";
import { defaultRetry } from "./retry-pause.ts";

/** The numbers of a queue, checked and complete. */
export interface QueueSettings {
  readonly capacity: number;
  readonly publishIntervalMs: number;
  readonly batchSize: number;
  readonly maxConcurrentBatches: number;
  readonly retry: Required<RetryOptions>;
  readonly spoolMaxBytes: number;
}

/** Longest pause that a timer can take; beyond, Node fires it at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** @throws SDK_OPTION_OUT_OF_RANGE */
export function queueSettings(options: ScouterQueueOptions): QueueSettings {
  const { retry = {} } = options;
  for (const [alias, profile] of Object.entries(options.profiles)) {
    checkRatio(`profiles.${alias}.sampleRatio`, profile.sampleRatio ?? 1);
  }
  return {
    capacity: count("capacity", options.capacity ?? 10_000),
    publishIntervalMs: duration("publishIntervalMs", options.publishIntervalMs ?? 30_000),
    batchSize: count("batchSize", options.batchSize ?? 25),
    maxConcurrentBatches: count("maxConcurrentBatches", options.maxConcurrentBatches ?? 4),
    spoolMaxBytes: count("spoolMaxBytes", options.spoolMaxBytes ?? 256 * 1024 * 1024),
    retry: {
      maxAttempts: count("retry.maxAttempts", retry.maxAttempts ?? defaultRetry.maxAttempts),
      firstPauseMs: duration("retry.firstPauseMs", retry.firstPauseMs ?? defaultRetry.firstPauseMs),
      maxPauseMs: duration("retry.maxPauseMs", retry.maxPauseMs ?? defaultRetry.maxPauseMs),
    },
  };
}

function count(option: string, given: number): number {
  if (Number.isSafeInteger(given) && given >= 1) return given;
  throw errors.SDK_OPTION_OUT_OF_RANGE({ option, given, allowed: "a whole number of at least 1" });
}

function duration(option: string, given: number): number {
  if (given > 0 && given <= MAX_TIMER_MS) return given;
  const allowed = `milliseconds above 0 and at most ${MAX_TIMER_MS}`;
  throw errors.SDK_OPTION_OUT_OF_RANGE({ option, given, allowed });
}

function checkRatio(option: string, given: number): void {
  if (given >= 0 && given <= 1) return;
  throw errors.SDK_OPTION_OUT_OF_RANGE({ option, given, allowed: "a share from 0 to 1" });
}
