import { setImmediate as nextTurn } from "node:timers/promises";
import {
  BatchSpanProcessor,
  InMemorySpanExporter,
  TracerProvider,
  type ReadableSpan,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace";

export interface OtelTimes {
  /** Nanoseconds of each `onEnd`. */
  readonly times: readonly number[];
  /** Spans that never reached the exporter, of which the processor says nothing to its caller. */
  readonly lost: number;
}

/**
 * What OpenTelemetry's batch processor takes for a finished span: the same work as a queue's insertion, a reference put
 * into a buffer. The exporter keeps them in memory.
 */
export async function otelInsertions(count: number, burst: number): Promise<OtelTimes> {
  const exporter = new InMemorySpanExporter();
  const processor = new BatchSpanProcessor({ exporter });
  const spans = finishedSpans(1_000);
  const times: number[] = [];
  for (let number = 0; number < count; number += 1) {
    const span = spans[number % spans.length];
    if (span === undefined) break;
    const start = process.hrtime.bigint();
    processor.onEnd(span);
    times.push(Number(process.hrtime.bigint() - start));
    if (number % burst === burst - 1) await nextTurn();
  }
  await processor.forceFlush();
  const exported = exporter.getFinishedSpans().length;
  await processor.shutdown();
  return { times, lost: count - exported };
}

function finishedSpans(count: number): readonly ReadableSpan[] {
  const spans: ReadableSpan[] = [];
  const keeping: SpanProcessor = {
    onStart() {},
    onEnd: (span) => void spans.push(span),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const tracer = new TracerProvider({ spanProcessors: [keeping] }).getTracer("bench");
  for (let number = 0; number < count; number += 1) {
    tracer.startSpan(`span ${number}`, { attributes: { number, answer: "a text" } }).end();
  }
  return spans;
}
