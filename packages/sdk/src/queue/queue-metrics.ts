import type { DeliveryStats } from "./delivery-stats.ts";

/** The part of `ScouterQueue` that is read. */
export interface CountedQueue {
  readonly aliases: readonly string[];
  stats(alias?: string): DeliveryStats;
}

interface ObservableResult {
  observe(value: number, attributes?: Readonly<Record<string, string>>): void;
}

interface ObservableInstrument {
  addCallback(callback: (result: ObservableResult) => void): void;
  removeCallback(callback: (result: ObservableResult) => void): void;
}

interface InstrumentOptions {
  readonly description?: string;
  readonly unit?: string;
}

/** The part of OpenTelemetry's `Meter` that is used: `metrics.getMeter("my-app")` of `@opentelemetry/api` is one. */
export interface QueueMeter {
  createObservableCounter(name: string, options?: InstrumentOptions): ObservableInstrument;
  createObservableGauge(name: string, options?: InstrumentOptions): ObservableInstrument;
}

type Callback = (result: ObservableResult) => void;

/**
 * Exports a queue's counts as OpenTelemetry metrics, read whenever the app's reader collects:
 *
 * - `scouter.queue.items`, a counter with the attributes `scouter.alias` and `outcome`: `offered`, and where items ended:
 *   `sampled_out`, `dropped_full`, `dropped_invalid`, `dropped_closed`, `acknowledged`, `spooled`, `rejected` (with `code`).
 * - `scouter.queue.pending` and `scouter.queue.in_flight`, gauges with `scouter.alias`: items that have no end yet.
 *
 * @returns stops exporting
 */
export function exportQueueMetrics(queue: CountedQueue, meter: QueueMeter): () => void {
  const unit = "{item}";
  const eachAlias =
    (observe: (stats: DeliveryStats, alias: string, result: ObservableResult) => void): Callback =>
    (result) => {
      for (const alias of queue.aliases) observe(queue.stats(alias), alias, result);
    };
  const instruments: readonly (readonly [ObservableInstrument, Callback])[] = [
    [
      meter.createObservableCounter("scouter.queue.items", {
        unit,
        description: "items offered to the queue, and where they ended",
      }),
      eachAlias(observeItems),
    ],
    [
      meter.createObservableGauge("scouter.queue.pending", {
        unit,
        description: "items in the buffer",
      }),
      eachAlias(({ pending }, alias, result) =>
        result.observe(pending, { "scouter.alias": alias }),
      ),
    ],
    [
      meter.createObservableGauge("scouter.queue.in_flight", {
        unit,
        description: "items taken from the buffer and not answered yet",
      }),
      eachAlias(({ inFlight }, alias, result) =>
        result.observe(inFlight, { "scouter.alias": alias }),
      ),
    ],
  ];
  for (const [instrument, callback] of instruments) instrument.addCallback(callback);
  return () => {
    for (const [instrument, callback] of instruments) instrument.removeCallback(callback);
  };
}

function observeItems(stats: DeliveryStats, alias: string, result: ObservableResult): void {
  const outcomes = {
    offered: stats.offered,
    sampled_out: stats.sampledOut,
    dropped_full: stats.dropped.full,
    dropped_invalid: stats.dropped.invalid,
    dropped_closed: stats.dropped.closed,
    acknowledged: stats.acknowledged,
    spooled: stats.spooled,
  };
  for (const [outcome, count] of Object.entries(outcomes)) {
    result.observe(count, { "scouter.alias": alias, outcome });
  }
  for (const [code, count] of Object.entries(stats.rejected)) {
    result.observe(count, { "scouter.alias": alias, outcome: "rejected", code });
  }
}
