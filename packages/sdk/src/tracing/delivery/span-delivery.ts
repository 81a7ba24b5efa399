import type { Context } from "@opentelemetry/api";
import type { ReadableSpan, Span, SpanProcessor } from "@opentelemetry/sdk-trace";
import type { Clock } from "@scouter/contracts";
import { uuidv7 } from "../../identity/uuidv7.ts";
import { AliasLedger } from "../../queue/alias-ledger.ts";
import { backgroundClock } from "../../queue/background-clock.ts";
import { deliverBatch, type DeliveryMeans } from "../../queue/batch-delivery.ts";
import type { DeliveryStats, DropReason } from "../../queue/delivery-stats.ts";
import type { Transport } from "../../transport/transport.ts";
import type { SpanDeliverySettings } from "./span-delivery-options.ts";
import { SpanRing } from "./span-ring.ts";

export interface SpanDeliveryParts {
  readonly transport: Transport;
  /** `ExportTraceServiceRequest` as protobuf. */
  readonly serialise: (spans: readonly ReadableSpan[]) => Uint8Array;
  readonly settings: SpanDeliverySettings;
  readonly onDrop?: ((reason: DropReason, count: number) => void) | undefined;
  /** Default: the system's, with timers that let the app exit. */
  readonly clock?: Clock;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
}

const FLAG_SAMPLED = 1;
const SHUTDOWN_MS = 5_000;

/**
 * Delivers finished spans in the background and counts each of them to its end, where OpenTelemetry's own batch
 * processor drops without a word. A span costs the app one push of a reference; a full buffer drops and counts. Batches
 * are sent one after the other: while the server is slow or gone, spans wait in the buffer.
 */
export class SpanDelivery implements SpanProcessor {
  readonly #parts: SpanDeliveryParts;
  readonly #ring: SpanRing;
  readonly #ledger = new AliasLedger();
  readonly #clock: Clock;
  readonly #abandon = new AbortController();
  readonly #hurry = new AbortController();
  readonly #producer = uuidv7();
  #sequence = 0;
  #timer: AbortController | undefined;
  #sending: Promise<void> | undefined;
  #shutdown: Promise<void> | undefined;

  constructor(parts: SpanDeliveryParts) {
    this.#parts = parts;
    this.#clock = parts.clock ?? backgroundClock;
    this.#ring = new SpanRing(parts.settings.maxQueueSize);
  }

  onStart(_span: Span, _parent: Context): void {
    // Only finished spans are of interest.
  }

  onEnd(span: ReadableSpan): void {
    const ledger = this.#ledger;
    ledger.offered += 1;
    if ((span.spanContext().traceFlags & FLAG_SAMPLED) === 0) ledger.sampledOut += 1;
    else if (this.#shutdown !== undefined) this.#drop("closed", 1);
    else if (!this.#ring.push(span)) this.#drop("full", 1);
    else this.#schedule();
  }

  /** Where every finished span is: the identity of {@link DeliveryStats} holds at any moment. */
  stats(): DeliveryStats {
    return this.#ledger.stats(this.#ring.length);
  }

  /** Sends what is there now and waits for the answers. */
  async forceFlush(): Promise<void> {
    const through = this.#ring.pushed;
    while (this.#ring.taken < through && !this.#abandon.signal.aborted) await this.#send();
    await this.#sending;
  }

  /** Takes no further spans, flushes for at most 5 s, and counts what is left as dropped. Idempotent. */
  shutdown(): Promise<void> {
    this.#shutdown ??= this.#shutDown();
    return this.#shutdown;
  }

  async #shutDown(): Promise<void> {
    this.#timer?.abort();
    this.#hurry.abort();
    const limit = setTimeout(() => this.#abandon.abort(), SHUTDOWN_MS);
    await this.forceFlush();
    clearTimeout(limit);
    this.#abandon.abort();
    const rest = this.#ring.take(this.#ring.length).length;
    if (rest > 0) this.#drop("closed", rest);
    await this.#parts.transport.close();
  }

  #schedule(): void {
    if (this.#ring.length >= this.#parts.settings.maxExportBatchSize) {
      void this.#send();
      return;
    }
    if (this.#timer !== undefined) return;
    const timer = new AbortController();
    this.#timer = timer;
    this.#clock.sleep(this.#parts.settings.scheduledDelayMs, timer.signal).then(
      () => {
        this.#timer = undefined;
        void this.#send();
      },
      () => (this.#timer = undefined),
    );
  }

  /** One batch at a time; a call while one is under way waits for that one. */
  #send(): Promise<void> {
    this.#sending ??= this.#sendBatch().finally(() => {
      this.#sending = undefined;
      if (this.#ring.length > 0 && !this.#abandon.signal.aborted) this.#schedule();
    });
    return this.#sending;
  }

  async #sendBatch(): Promise<void> {
    // Out of the app's call stack: `onEnd` must not pay for serialising.
    await new Promise((resolve) => setImmediate(resolve));
    const spans = this.#ring.take(this.#parts.settings.maxExportBatchSize);
    if (spans.length === 0) return;
    const ledger = this.#ledger;
    ledger.inFlight += spans.length;
    try {
      await this.#deliver(spans);
    } finally {
      ledger.inFlight -= spans.length;
    }
  }

  async #deliver(spans: readonly ReadableSpan[]): Promise<void> {
    const body = this.#serialised(spans);
    if (body === undefined) return this.#drop("invalid", spans.length);
    const outcome = await deliverBatch(
      { body, itemCount: spans.length, producer: this.#producer, sequence: ++this.#sequence },
      this.#means(),
    );
    const ledger = this.#ledger;
    if (outcome.kind === "abandoned") return this.#drop("closed", spans.length);
    if (outcome.kind === "refused") {
      for (const _ of spans) ledger.reject(outcome.code);
      return;
    }
    for (const { code } of outcome.rejected) ledger.reject(code);
    ledger.acknowledged += spans.length - outcome.rejected.length;
  }

  #serialised(spans: readonly ReadableSpan[]): Uint8Array | undefined {
    try {
      return this.#parts.serialise(spans);
    } catch {
      // An attribute that cannot be encoded must not end the delivery of the others.
      return undefined;
    }
  }

  #means(): DeliveryMeans {
    return {
      transport: this.#parts.transport,
      clock: this.#clock,
      random: this.#parts.random ?? Math.random,
      retry: this.#parts.settings.retry,
      abandon: this.#abandon.signal,
      hurry: this.#hurry.signal,
    };
  }

  #drop(reason: DropReason, count: number): void {
    this.#ledger.dropped[reason] += count;
    try {
      this.#parts.onDrop?.(reason, count);
    } catch {
      // The app's hook failed; ending its span must not.
    }
  }
}
