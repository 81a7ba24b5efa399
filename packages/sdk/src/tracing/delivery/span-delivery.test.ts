import { TraceFlags } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accountedItems } from "../../queue/delivery-stats.ts";
import { memoryTransport, type MemoryStep } from "../../transport/memory-transport.ts";
import { spanDeliverySettings, type SpanDeliveryOptions } from "./span-delivery-options.ts";
import { SpanDelivery } from "./span-delivery.ts";

const span = (traceFlags: number = TraceFlags.SAMPLED) =>
  ({ spanContext: () => ({ traceFlags }) }) as unknown as ReadableSpan;

const quick = { maxAttempts: 3, firstPauseMs: 1, maxPauseMs: 2 };

interface Given extends SpanDeliveryOptions {
  readonly script?: readonly MemoryStep[];
  readonly serialise?: (spans: readonly ReadableSpan[]) => Uint8Array;
}

function deliveryOf({ script = [], serialise, ...options }: Given = {}) {
  const transport = memoryTransport({ script });
  const delivery = new SpanDelivery({
    transport,
    serialise: serialise ?? ((spans) => new Uint8Array(spans.length)),
    settings: spanDeliverySettings({ retry: quick, scheduledDelayMs: 60_000, ...options }),
    onDrop: options.onDrop,
  });
  return { transport, delivery };
}

function end(delivery: SpanDelivery, count: number): void {
  for (let left = count; left > 0; left -= 1) delivery.onEnd(span());
}

describe("SpanDelivery", () => {
  test("sends finished spans in batches, on demand", async () => {
    const { delivery, transport } = deliveryOf({ maxExportBatchSize: 4 });
    end(delivery, 10);
    await delivery.forceFlush();
    expect(transport.sent.map((batch) => batch.itemCount)).toEqual([4, 4, 2]);
    expect(delivery.stats()).toMatchObject({ offered: 10, acknowledged: 10, pending: 0 });
  });

  test("sends by itself once a batch is full, or the delay is over", async () => {
    const arrived = Promise.withResolvers<number>();
    const step: MemoryStep = (batch) => {
      arrived.resolve(batch.itemCount);
      return { outcome: "acknowledged", rejected: [] };
    };
    const full = deliveryOf({ maxExportBatchSize: 2, script: [step] });
    end(full.delivery, 2);
    expect(await arrived.promise).toBe(2);
    const later = Promise.withResolvers<number>();
    const delayed = deliveryOf({
      scheduledDelayMs: 5,
      script: [
        (batch) => {
          later.resolve(batch.itemCount);
          return { outcome: "acknowledged", rejected: [] };
        },
      ],
    });
    end(delayed.delivery, 1);
    expect(await later.promise).toBe(1);
  });

  test("a full buffer drops, counts and tells", () => {
    const told: unknown[] = [];
    const { delivery } = deliveryOf({
      maxQueueSize: 2,
      maxExportBatchSize: 2,
      onDrop: (reason, count) => told.push([reason, count]),
    });
    end(delivery, 3);
    expect(delivery.stats()).toMatchObject({ offered: 3, dropped: { full: 1 }, pending: 2 });
    expect(told).toEqual([["full", 1]]);
  });

  test("a hook that throws does not reach the app", () => {
    const onDrop = () => {
      throw new Error("no");
    };
    const { delivery } = deliveryOf({ maxQueueSize: 1, onDrop });
    expect(() => end(delivery, 2)).not.toThrow();
  });

  test("counts what OpenTelemetry recorded but did not sample", () => {
    const { delivery } = deliveryOf();
    delivery.onEnd(span(TraceFlags.NONE));
    expect(delivery.stats()).toMatchObject({ offered: 1, sampledOut: 1, pending: 0 });
  });

  test("tries again with the same bytes, then counts why it gave up", async () => {
    const retry = { outcome: "retry", reason: "busy" } as const;
    const { delivery, transport } = deliveryOf({ script: [retry, retry, retry] });
    end(delivery, 2);
    await delivery.forceFlush();
    expect(transport.sent).toHaveLength(3);
    expect(new Set(transport.sent.map((batch) => batch.body)).size).toBe(1);
    expect(delivery.stats().rejected).toEqual({ SDK_RETRIES_EXHAUSTED: 2 });
  });

  test("counts spans that the server refused, and those it took", async () => {
    const rejected = [{ index: 0, code: "OTLP_PARTIAL_SUCCESS", message: "bad id" }];
    const { delivery } = deliveryOf({ script: [{ outcome: "acknowledged", rejected }] });
    end(delivery, 3);
    await delivery.forceFlush();
    expect(delivery.stats()).toMatchObject({
      acknowledged: 2,
      rejected: { OTLP_PARTIAL_SUCCESS: 1 },
    });
  });

  test("spans that have no protobuf form are dropped alone", async () => {
    let calls = 0;
    const serialise = () => {
      calls += 1;
      if (calls === 1) throw new TypeError("bad attribute");
      return new Uint8Array(1);
    };
    const { delivery } = deliveryOf({ serialise, maxExportBatchSize: 1 });
    end(delivery, 2);
    await delivery.forceFlush();
    expect(delivery.stats()).toMatchObject({ dropped: { invalid: 1 }, acknowledged: 1 });
  });

  test("shutdown sends what is there; what ends later is dropped as closed", async () => {
    const { delivery, transport } = deliveryOf();
    end(delivery, 1);
    await Promise.all([delivery.shutdown(), delivery.shutdown()]);
    end(delivery, 1);
    expect(transport.sent).toHaveLength(1);
    expect(delivery.stats()).toMatchObject({ acknowledged: 1, dropped: { closed: 1 } });
  });

  test("every span is somewhere, at any moment, whatever the server does", async () => {
    const step = fc.constantFrom<MemoryStep>(
      { outcome: "acknowledged", rejected: [] },
      { outcome: "acknowledged", rejected: [{ index: 0, code: "X", message: "" }] },
      { outcome: "retry", reason: "busy" },
      { outcome: "failed", code: "HTTP_400", reason: "bad" },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 20 }),
        fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 8 }),
        async (script, counts) => {
          const { delivery } = deliveryOf({ script, maxQueueSize: 10, maxExportBatchSize: 3 });
          let offered = 0;
          for (const count of counts) {
            end(delivery, count);
            offered += count;
            expect(accountedItems(delivery.stats())).toBe(offered);
            await new Promise((resolve) => setImmediate(resolve));
            expect(accountedItems(delivery.stats())).toBe(offered);
          }
          await delivery.shutdown();
          const stats = delivery.stats();
          expect(accountedItems(stats)).toBe(offered);
          expect([stats.pending, stats.inFlight, stats.offered]).toEqual([0, 0, offered]);
        },
      ),
      { numRuns: 50 },
    );
  });
});

test.each([
  [{ maxQueueSize: 0 }, "maxQueueSize"],
  [{ maxExportBatchSize: 1.5 }, "maxExportBatchSize"],
  [{ scheduledDelayMs: Number.NaN }, "scheduledDelayMs"],
])("refuses %o", (options, named) => {
  expect(() => spanDeliverySettings(options)).toThrow(named);
});
