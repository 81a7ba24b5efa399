import { guestFetch } from "@scouter/testkit/server-process/guest-fetch";
import { randomFillSync } from "node:crypto";
import { exportRequestProtobuf } from "@scouter/testkit/otlp/export-protobuf";
import { typicalExport } from "@scouter/testkit/otlp/typical-export";

const SPANS_PER_REQUEST = 100;

export interface SpanLoadResult {
  readonly acknowledgedSpans: number;
  readonly seconds: number;
  /** Replies other than 200: busy answers that a client would retry. */
  readonly refusals: number;
}

export interface SpanLoadOptions {
  readonly url: string;
  readonly inFlight: number;
  readonly seconds: number;
  /** Spans a second over all connections; unlimited when absent. */
  readonly spansPerSecond?: number;
}

/** Closed loop of protobuf export requests of 100 spans, each with ids of its own. */
export async function runSpanLoad(options: SpanLoadOptions): Promise<SpanLoadResult> {
  const template = requestTemplate();
  const started = performance.now();
  const deadline = started + options.seconds * 1000;
  const pauseMs =
    options.spansPerSecond === undefined
      ? 0
      : (1000 * SPANS_PER_REQUEST * options.inFlight) / options.spansPerSecond;
  let acknowledgedSpans = 0;
  let refusals = 0;
  const connection = async () => {
    while (performance.now() < deadline) {
      const sentAt = performance.now();
      const reply = await guestFetch(options.url, {
        method: "POST",
        headers: { "content-type": "application/x-protobuf" },
        body: template.next(),
      });
      await reply.arrayBuffer();
      if (reply.status === 200) acknowledgedSpans += SPANS_PER_REQUEST;
      else refusals += 1;
      const rest = pauseMs - (performance.now() - sentAt);
      if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
    }
  };
  await Promise.all(Array.from({ length: options.inFlight }, connection));
  return { acknowledgedSpans, seconds: (performance.now() - started) / 1000, refusals };
}

/**
 * One encoded request whose ids are replaced in place for every use: encoding anew would measure the encoder.
 * The same four random bytes go over the start of every id, so parents and children stay related.
 */
export function requestTemplate(): { next(): Buffer<ArrayBuffer> } {
  const request = typicalExport({ spanCount: SPANS_PER_REQUEST });
  const bytes = Buffer.from(exportRequestProtobuf(request));
  const offsets: number[] = [];
  for (const span of request.resourceSpans[0]?.scopeSpans[0]?.spans ?? []) {
    for (const id of [span.traceId, span.spanId]) {
      if (id === undefined) continue;
      for (let at = bytes.indexOf(id); at >= 0; at = bytes.indexOf(id, at + 1)) offsets.push(at);
    }
  }
  const unique = [...new Set(offsets)];
  return {
    next() {
      const copy = Buffer.from(bytes);
      const mark = randomFillSync(Buffer.alloc(4));
      for (const offset of unique) mark.copy(copy, offset);
      return copy;
    },
  };
}
