import type { Clock, Json } from "@scouter/contracts";
import type { Capture, Captured, CollectedRecord, EvaluatedSpan } from "@scouter/evaluate";
import { type CapturedRecord, type CaptureScope, withCapture } from "./capture-scope.ts";
import { capturedSpan } from "./captured-span.ts";

/** Spans of one repeat that are kept; an agent that runs wild must not fill the memory. */
const MAX_SPANS = 20_000;
/** How long spans that are still open may take to end after the agent answered. */
const OPEN_SPANS_MS = 1_000;

/** Keeps records and spans of repeats apart by the async context they are made in. */
export function scopeCapture(clock: Clock): Capture {
  return {
    async during(_job, work) {
      const scope = new RepeatScope();
      const result = await withCapture(scope, work);
      await scope.untilQuiet(clock);
      return { result, captured: scope.close() };
    },
    outside: (work) => withCapture(undefined, work),
  };
}

class RepeatScope implements CaptureScope {
  readonly #records = new Map<string, CollectedRecord[]>();
  readonly #spans: EvaluatedSpan[] = [];
  #open = 0;
  isClosed = false;
  #quiet: (() => void) | undefined;

  addRecord(alias: string, { contextJson, ...record }: CapturedRecord): void {
    if (this.isClosed) return;
    const own = this.#records.get(alias) ?? [];
    own.push({ ...record, context: JSON.parse(contextJson) as Json, source: "Queue" });
    this.#records.set(alias, own);
  }

  spanStarted(): void {
    this.#open += 1;
  }

  spanEnded(span: unknown): void {
    this.#open -= 1;
    if (!this.isClosed && this.#spans.length < MAX_SPANS) this.#spans.push(capturedSpan(span));
    if (this.#open === 0) this.#quiet?.();
  }

  async untilQuiet(clock: Clock): Promise<void> {
    if (this.#open === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#quiet = resolve;
    const given = new AbortController();
    const limit = clock.sleep(OPEN_SPANS_MS, given.signal).catch(() => undefined);
    await Promise.race([promise, limit]);
    given.abort();
  }

  close(): Captured {
    this.isClosed = true;
    const spans = this.#spans.toSorted((a, b) => a.startTimeMs - b.startTimeMs);
    return { records: this.#records, spans };
  }
}
