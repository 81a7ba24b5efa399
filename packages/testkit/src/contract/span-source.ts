import type { EvaluatedSpan, SpanSource } from "@scouter/evaluate";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** A source that the suite can fill. */
export interface SpanSourceSubject {
  readonly source: SpanSource;
  /** Stores spans and resolves when they are readable. May be called with spans stored before: a retry. */
  readonly store: (spans: readonly EvaluatedSpan[]) => Promise<void>;
  readonly close: () => Promise<void>;
}

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const OTHER_TRACE = "1bf7651916cd43dd8448eb211c80319c";
const START_MS = Date.UTC(2025, 0, 15, 12);

function span(spanId: string, offsetMs: number, more: Partial<EvaluatedSpan> = {}): EvaluatedSpan {
  return {
    traceId: TRACE,
    spanId,
    name: `step ${spanId}`,
    serviceName: "checkout",
    startTimeMs: START_MS + offsetMs,
    endTimeMs: START_MS + offsetMs + 40,
    status: "Unset",
    attributes: {},
    ...more,
  };
}

const ROOT = span("00000000000000aa", 0, { name: "answer", status: "Ok" });
const CHILD = span("00000000000000bb", 10, {
  parentSpanId: ROOT.spanId,
  status: "Error",
  statusMessage: "tool failed",
  attributes: {
    "gen_ai.request.model": "model-a",
    "gen_ai.usage.input_tokens": 12,
    retried: true,
    ratio: 0.25,
    steps: ["plan", "fetch"],
  },
});
const SAME_START = span("00000000000000ab", 10, { parentSpanId: ROOT.spanId });

/** The port's contract; run it on every adapter. */
export function spanSourceContract(
  name: string,
  makeSubject: () => Promise<SpanSourceSubject>,
): void {
  describe(`SpanSource contract: ${name}`, () => {
    let subject: SpanSourceSubject;
    beforeEach(async () => {
      subject = await makeSubject();
    });
    afterEach(() => subject.close());

    it("knows an unknown trace as an empty list", async () => {
      await subject.store([ROOT]);
      expect(await subject.source.spansOf(OTHER_TRACE)).toEqual([]);
    });

    it("yields the spans of the trace alone, by start time, then span id", async () => {
      const foreign = { ...span("00000000000000cc", 5), traceId: OTHER_TRACE };
      await subject.store([CHILD, SAME_START, foreign, ROOT]);
      const ids = (await subject.source.spansOf(TRACE)).map(({ spanId }) => spanId);
      expect(ids).toEqual([ROOT.spanId, SAME_START.spanId, CHILD.spanId]);
    });

    it("keeps every member and attribute type", async () => {
      await subject.store([ROOT, CHILD]);
      expect(await subject.source.spansOf(TRACE)).toEqual([ROOT, CHILD]);
    });

    it("yields a span that arrived twice once", async () => {
      await subject.store([ROOT, CHILD]);
      await subject.store([CHILD, SAME_START]);
      expect(await subject.source.spansOf(TRACE)).toHaveLength(3);
    });

    it("shows later spans to later calls and never changes an earlier result", async () => {
      await subject.store([ROOT]);
      const before = await subject.source.spansOf(TRACE);
      await subject.store([CHILD]);
      expect(before).toEqual([ROOT]);
      expect(await subject.source.spansOf(TRACE)).toHaveLength(2);
    });

    it("rejects with the signal's reason when aborted before the call", async () => {
      const reason = new Error("stopped");
      const call = subject.source.spansOf(TRACE, { signal: AbortSignal.abort(reason) });
      await expect(call).rejects.toBe(reason);
    });
  });
}
