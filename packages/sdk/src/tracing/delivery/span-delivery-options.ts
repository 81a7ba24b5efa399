import type { DropReason } from "../../queue/delivery-stats.ts";
import type { RetryOptions } from "../../queue/queue-options.ts";
import { defaultRetry } from "../../queue/retry-pause.ts";
import { errors } from "../../errors.ts";

/** How finished spans are held, batched and sent. */
export interface SpanDeliveryOptions {
  /** Spans held, default 20,480; further ones are dropped as `full`. */
  readonly maxQueueSize?: number;
  /** Spans per request, default 512. */
  readonly maxExportBatchSize?: number;
  /** Longest wait of a span before it is sent, default 1,000. */
  readonly scheduledDelayMs?: number;
  /** Limit of one request, default 10,000. */
  readonly timeoutMs?: number;
  /** Compress requests of 1 KiB and more, default false. */
  readonly gzip?: boolean;
  readonly retry?: RetryOptions;
  /** Told of every dropped span, where it is dropped: keep it short. What it throws is ignored. */
  readonly onDrop?: (reason: DropReason, count: number) => void;
}

export type SpanDeliverySettings = Required<
  Omit<SpanDeliveryOptions, "onDrop" | "retry" | "gzip" | "timeoutMs">
> & { readonly retry: Required<RetryOptions> };

const MAX_TIMER_MS = 2 ** 31 - 1;

/** @throws SDK_OPTION_OUT_OF_RANGE */
export function spanDeliverySettings(options: SpanDeliveryOptions): SpanDeliverySettings {
  const maxQueueSize = atLeastOne("maxQueueSize", options.maxQueueSize ?? 20_480);
  return {
    maxQueueSize,
    maxExportBatchSize: Math.min(
      maxQueueSize,
      atLeastOne("maxExportBatchSize", options.maxExportBatchSize ?? 512),
    ),
    scheduledDelayMs: duration("scheduledDelayMs", options.scheduledDelayMs ?? 1_000),
    retry: { ...defaultRetry, ...options.retry },
  };
}

function atLeastOne(option: string, given: number): number {
  if (Number.isSafeInteger(given) && given >= 1) return given;
  throw errors.SDK_OPTION_OUT_OF_RANGE({ option, given, allowed: "a whole number of at least 1" });
}

function duration(option: string, given: number): number {
  if (given > 0 && given <= MAX_TIMER_MS) return given;
  const allowed = `milliseconds above 0 and at most ${MAX_TIMER_MS}`;
  throw errors.SDK_OPTION_OUT_OF_RANGE({ option, given, allowed });
}
