import { metrics as otelMetrics } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { expect, test } from "vitest";
import { evalRecord } from "../record/eval-record.ts";
import { memoryTransport } from "../transport/memory-transport.ts";
import { exportQueueMetrics } from "./queue-metrics.ts";
import { ScouterQueue } from "./scouter-queue.ts";

test("OpenTelemetry's own reader sees the queue's counts", async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter });
  const provider = new MeterProvider({ readers: [reader] });
  const refused = { index: 0, code: "BAD_ITEM", message: "" };
  const queue = new ScouterQueue({
    profiles: { answers: { uid: "e" }, others: { uid: "f" } },
    transport: memoryTransport({ script: [{ outcome: "acknowledged", rejected: [refused] }] }),
    capacity: 3,
  });
  const stop = exportQueueMetrics(queue, provider.getMeter("test"));
  for (let count = 0; count < 5; count += 1)
    queue.insert("answers", evalRecord({ context: count }));
  await queue.flush();
  queue.insert("others", evalRecord({ context: 1 }));
  await reader.forceFlush();
  expect(pointsOf(exporter)).toEqual({
    "scouter.queue.items answers offered": 5,
    "scouter.queue.items answers sampled_out": 0,
    "scouter.queue.items answers dropped_full": 2,
    "scouter.queue.items answers dropped_invalid": 0,
    "scouter.queue.items answers dropped_closed": 0,
    "scouter.queue.items answers acknowledged": 2,
    "scouter.queue.items answers spooled": 0,
    "scouter.queue.items answers rejected BAD_ITEM": 1,
    "scouter.queue.items others offered": 1,
    "scouter.queue.items others sampled_out": 0,
    "scouter.queue.items others dropped_full": 0,
    "scouter.queue.items others dropped_invalid": 0,
    "scouter.queue.items others dropped_closed": 0,
    "scouter.queue.items others acknowledged": 0,
    "scouter.queue.items others spooled": 0,
    "scouter.queue.pending answers": 0,
    "scouter.queue.pending others": 1,
    "scouter.queue.in_flight answers": 0,
    "scouter.queue.in_flight others": 0,
  });
  stop();
  exporter.reset();
  queue.insert("answers", evalRecord({ context: 6 }));
  await reader.forceFlush();
  expect(pointsOf(exporter)["scouter.queue.items answers offered"]).not.toBe(6);
  await queue.shutdown();
  await provider.shutdown();
});

test("a meter of OpenTelemetry's API will do, also one that does nothing", async () => {
  const queue = new ScouterQueue({ profiles: { a: { uid: "e" } }, transport: memoryTransport() });
  exportQueueMetrics(queue, otelMetrics.getMeter("nobody listens"))();
  await queue.shutdown();
});

function pointsOf(exporter: InMemoryMetricExporter): Record<string, unknown> {
  const all = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
  const points = all
    .flatMap(({ metrics }) => metrics)
    .flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ attributes, value }) => [
        [descriptor.name, ...Object.values(attributes)].join(" "),
        value,
      ]),
    );
  return Object.fromEntries(points) as Record<string, unknown>;
}
