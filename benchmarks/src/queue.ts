/**
 * What the watched app pays for `ScouterQueue`: each insertion, by reference and with its record made, beside that of
 * OpenTelemetry's batch processor; its share of the main thread at a steady rate; memory of what is pending; and whether
 * the loss counter is exact when the buffer overflows. Every insertion is timed by itself, the two readings of the timer
 * included, while the queue serialises and delivers in the turns between.
 *
 * Options: `--samples N` (default 500,000), `--seconds N` at the steady rate (default 10), `--rate N` records a second
 * (default 10,000).
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { parseArgs } from "node:util";
import {
  accountedItems,
  evalRecord,
  memoryTransport,
  ScouterQueue,
  type EvalRecordItem,
} from "@scouter/sdk";
import { printFigure, quantile } from "./figure/print-figure.ts";
import { mainLoopShare } from "./queue/main-loop-share.ts";
import { otelInsertions } from "./queue/otel-batch-processor.ts";
import { pendingBytes } from "./queue/pending-memory.ts";

/** Insertions between two turns of the event loop: a busy request handler's worth. */
const BURST = 100;

const { values: options } = parseArgs({
  options: {
    samples: { type: "string", default: "500000" },
    seconds: { type: "string", default: "10" },
    rate: { type: "string", default: "10000" },
  },
});
const samples = Number(options.samples);
const PENDING = 100_000;

const lower = (name: string, value: number, unit: string, target: number | null, count = samples) =>
  printFigure({ name, value, unit, better: "lower", target, samples: count });

const records = Array.from({ length: 1_000 }, (_, number) => exampleRecord(number));
const byReference = (number: number) => records[number % records.length] ?? exampleRecord(number);

await insertionTimes(byReference, 50_000);
const inserts = await insertionTimes(byReference, samples);
lower("insert_p50_ns", quantile(inserts, 0.5), "ns", 100);
lower("insert_p99_ns", quantile(inserts, 0.99), "ns", 1_000);
lower("insert_p999_ns", quantile(inserts, 0.999), "ns", null);
const built = await insertionTimes(exampleRecord, samples);
lower("insert_with_record_p50_ns", quantile(built, 0.5), "ns", null);
lower("insert_with_record_p99_ns", quantile(built, 0.99), "ns", null);
lower("insert_with_record_p999_ns", quantile(built, 0.999), "ns", null);

await otelInsertions(50_000, BURST);
const otel = await otelInsertions(samples, BURST);
lower("otel_insert_p50_ns", quantile(otel.times, 0.5), "ns", null);
lower("otel_insert_p99_ns", quantile(otel.times, 0.99), "ns", null);
lower("otel_insert_p999_ns", quantile(otel.times, 0.999), "ns", null);
lower("otel_spans_lost_silently", otel.lost, "spans", null);

lower(
  "pending_bytes_by_reference",
  await pendingBytes(PENDING, byReference),
  "bytes",
  null,
  PENDING,
);
lower(
  "pending_bytes_with_record",
  await pendingBytes(PENDING, exampleRecord),
  "bytes",
  null,
  PENDING,
);

const steady = await mainLoopShare({
  recordsPerSecond: Number(options.rate),
  seconds: Number(options.seconds),
  recordOf: byReference,
});
lower("main_loop_share", steady.share, "of one core", null, steady.records);

const lossError = await lossCounterError(100_000);
lower("loss_counter_error_items", lossError, "items", 0, 100_000);
if (lossError !== 0) process.exitCode = 1;

/** Nanoseconds of each insertion, making its record included. */
async function insertionTimes(
  recordOf: (number: number) => EvalRecordItem,
  count: number,
): Promise<number[]> {
  const transport = memoryTransport();
  const queue = new ScouterQueue({ profiles: { bench: { uid: "entity" } }, transport });
  const times: number[] = [];
  for (let number = 0; number < count; number += 1) {
    const start = process.hrtime.bigint();
    const taken = queue.insert("bench", recordOf(number));
    times.push(Number(process.hrtime.bigint() - start));
    if (!taken) throw new Error(`insertion ${number} was refused: the figure would be wrong`);
    if (number % BURST === BURST - 1) await nextTurn();
  }
  const { complete, stats } = await queue.shutdown();
  if (!complete || stats.acknowledged !== count) throw new Error("not every record was delivered");
  return times;
}

/** Offers more than fits while nothing is answered; the distance of the counts from what really happened. */
async function lossCounterError(offered: number): Promise<number> {
  const transport = memoryTransport({ script: Array.from({ length: 100 }, () => neverAnswered) });
  const queue = new ScouterQueue({
    profiles: { bench: { uid: "entity" } },
    transport,
    capacity: 1_000,
  });
  let taken = 0;
  for (let number = 0; number < offered; number += 1) {
    if (queue.insert("bench", byReference(number))) taken += 1;
    if (number % BURST === BURST - 1) await nextTurn();
  }
  const stats = queue.stats();
  const error =
    Math.abs(stats.dropped.full - (offered - taken)) +
    Math.abs(stats.pending + stats.inFlight - taken) +
    Math.abs(accountedItems(stats) - offered);
  const { stats: end } = await queue.shutdown({ timeoutMs: 10 });
  return error + Math.abs(end.dropped.closed - taken) + Math.abs(accountedItems(end) - offered);
}

function neverAnswered(): Promise<never> {
  return new Promise(() => {});
}

function exampleRecord(number: number): EvalRecordItem {
  const question = `question ${number}: which car uses least fuel on the motorway?`;
  const answer = "the one with the smallest engine, at about five litres for a hundred kilometres";
  return evalRecord({ context: { question, answer, sources: [number, number + 1], score: 0.5 } });
}
