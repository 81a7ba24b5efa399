import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { evalRecord } from "../record/eval-record.ts";
import type { OutgoingBatch, SendResult, Transport } from "../transport/transport.ts";
import { untilAborted } from "../transport/until-aborted.ts";
import { accountedItems } from "./delivery-stats.ts";
import type { DropReason } from "./delivery-stats.ts";
import type { FlushReport } from "./queue-options.ts";
import { ScouterQueue } from "./scouter-queue.ts";

const ALIASES = ["plain", "sampled", "unknown"] as const;

/** Answers when the test says so, in any order, and remembers how each message ended. */
class DirectedTransport implements Transport {
  readonly name = "directed";
  readonly capabilities = { confirms: "server", maxBatchBytes: 2_000 } as const;
  readonly open: { batch: OutgoingBatch; answer: (result: SendResult | Error) => void }[] = [];
  readonly bodies = new Map<number, Uint8Array>();
  /** Messages that came again under their number with other bytes. */
  changedRepeats = 0;
  acknowledged = 0;
  readonly rejected = new Map<string, number>();

  send(batch: OutgoingBatch, options: { readonly signal?: AbortSignal } = {}): Promise<SendResult> {
    this.bodies.set(batch.sequence, this.bodies.get(batch.sequence) ?? batch.body);
    if (this.bodies.get(batch.sequence) !== batch.body) this.changedRepeats += 1;
    const { promise, resolve, reject } = Promise.withResolvers<SendResult>();
    const answer = (result: SendResult | Error) => {
      if (result instanceof Error) return reject(result);
      this.#note(batch, result);
      resolve(result);
    };
    const entry = { batch, answer };
    this.open.push(entry);
    return untilAborted(promise, options.signal).finally(() => {
      const position = this.open.indexOf(entry);
      if (position >= 0) this.open.splice(position, 1);
    });
  }

  async close(): Promise<void> {}

  #note(batch: OutgoingBatch, result: SendResult): void {
    if (result.outcome === "acknowledged") {
      this.acknowledged += batch.itemCount - result.rejected.length;
      for (const { code } of result.rejected) this.#reject(code, 1);
    } else if (result.outcome === "failed") {
      this.#reject(result.code, batch.itemCount);
    }
  }

  #reject(code: string, count: number): void {
    this.rejected.set(code, (this.rejected.get(code) ?? 0) + count);
  }
}

type Step =
  | { readonly kind: "insert"; readonly alias: string; readonly count: number; readonly what: What }
  | { readonly kind: "advance"; readonly ms: number }
  | { readonly kind: "answer"; readonly which: number; readonly how: How }
  | { readonly kind: "flush"; readonly timeoutMs: number }
  | { readonly kind: "turn" };
type What = "good" | "circular" | "huge" | "maker" | "throwing-maker" | "nothing";
type How = "acknowledge" | "reject-first" | "retry" | "retry-later" | "fail" | "throw";

const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("insert" as const),
      alias: fc.constantFrom(...ALIASES),
      count: fc.integer({ min: 1, max: 12 }),
      what: fc.constantFrom<What>(
        "good",
        "good",
        "good",
        "circular",
        "huge",
        "maker",
        "throwing-maker",
        "nothing",
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("answer" as const),
      which: fc.nat(5),
      how: fc.constantFrom<How>(
        "acknowledge",
        "acknowledge",
        "reject-first",
        "retry",
        "retry-later",
        "fail",
        "throw",
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("advance" as const),
      ms: fc.integer({ min: 1, max: 3_000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("flush" as const),
      timeoutMs: fc.integer({ min: 1, max: 2_000 }),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: "turn" } as const) },
);

test("every offered item is in exactly one count, after every step of any interleaving", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(stepArbitrary, { maxLength: 40 }),
      fc.integer({ min: 1, max: 10 }),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 3 }),
      runInterleaving,
    ),
    { numRuns: 300 },
  );
});

async function runInterleaving(
  steps: readonly Step[],
  capacity: number,
  batchSize: number,
  maxConcurrentBatches: number,
): Promise<void> {
  const clock = new ManualClock();
  const transport = new DirectedTransport();
  const dropped: Record<DropReason, number> = { full: 0, invalid: 0, closed: 0 };
  let coin = 0;
  const queue = new ScouterQueue({
    profiles: { plain: { uid: "entity-1" }, sampled: { uid: "entity-2", sampleRatio: 0.5 } },
    transport,
    clock,
    random: () => (coin = (coin + 0.375) % 1),
    capacity,
    batchSize,
    maxConcurrentBatches,
    publishIntervalMs: 1_000,
    retry: { maxAttempts: 3, firstPauseMs: 100, maxPauseMs: 400 },
    onDrop: ({ reason, count }) => {
      dropped[reason] += count;
      throw new Error("a hook that fails");
    },
  });
  let offered = 0;
  const flushes: Promise<FlushReport>[] = [];
  const check = () => {
    const total = queue.stats();
    expect(total.offered).toBe(offered);
    expect(accountedItems(total)).toBe(offered);
    expect(total.dropped).toEqual(dropped);
    for (const alias of ["plain", "sampled"]) {
      const stats = queue.stats(alias);
      expect(accountedItems(stats)).toBe(stats.offered);
      expect(stats.pending).toBeLessThanOrEqual(capacity);
    }
  };

  for (const step of steps) {
    if (step.kind === "insert") {
      for (let left = step.count; left > 0; left -= 1) {
        offered += 1;
        queue.insert(step.alias, itemOf(step.what));
        check();
      }
    } else if (step.kind === "advance") {
      await clock.advance(step.ms);
    } else if (step.kind === "answer") {
      const send = transport.open[step.which % Math.max(1, transport.open.length)];
      send?.answer(answerOf(step.how));
      check();
    } else if (step.kind === "flush") {
      flushes.push(queue.flush({ timeoutMs: step.timeoutMs }));
    }
    await turnOfTheLoop();
    check();
  }

  const shutdown = queue.shutdown({ timeoutMs: 500 });
  check();
  offered += 1;
  expect(queue.insert("plain", itemOf("good"))).toBe(false);
  await clock.advance(500);
  const report = await shutdown;
  await clock.advance(2_000);
  check();
  expect(report.stats).toEqual(queue.stats());
  expect(await queue.shutdown()).toBe(report);
  expectFinalCounts(queue, transport);
  await expectFlushesEnded(flushes);
}

function expectFinalCounts(queue: ScouterQueue, transport: DirectedTransport): void {
  const { pending, inFlight, acknowledged, rejected } = queue.stats();
  expect({ pending, inFlight, acknowledged }).toEqual({
    pending: 0,
    inFlight: 0,
    acknowledged: transport.acknowledged,
  });
  const { SDK_RETRIES_EXHAUSTED: _, ...answered } = rejected;
  expect(answered).toEqual(Object.fromEntries(transport.rejected));
  expect(transport.changedRepeats).toBe(0);
  // Numbers without gaps: the server finds a missing message by them.
  expect([...transport.bodies.keys()]).toEqual(
    Array.from({ length: transport.bodies.size }, (_, index) => index + 1),
  );
}

async function expectFlushesEnded(flushes: readonly Promise<FlushReport>[]): Promise<void> {
  for (const report of await Promise.all(flushes)) {
    expect(report.complete).toBe(report.unacknowledged === 0);
    expect(report.unacknowledged).toBeGreaterThanOrEqual(0);
  }
}

function itemOf(what: What) {
  const circular: { self?: unknown } = {};
  circular.self = circular;
  switch (what) {
    case "good":
      return evalRecord({ context: { answer: 1 } });
    case "circular":
      return evalRecord({ context: circular });
    case "huge":
      return evalRecord({ context: "x".repeat(3_000) });
    case "maker":
      return () => evalRecord({ context: [] });
    case "throwing-maker":
      return () => {
        throw new Error("cannot be made");
      };
    case "nothing":
      // What an app without types may pass.
      return undefined as unknown as ReturnType<typeof evalRecord>;
  }
}

function answerOf(how: How): SendResult | Error {
  switch (how) {
    case "acknowledge":
      return { outcome: "acknowledged", rejected: [] };
    case "reject-first":
      return { outcome: "acknowledged", rejected: [{ index: 0, code: "BAD_ITEM", message: "" }] };
    case "retry":
      return { outcome: "retry", reason: "busy" };
    case "retry-later":
      return { outcome: "retry", reason: "busy", retryAfterMs: 900 };
    case "fail":
      return { outcome: "failed", code: "REFUSED", reason: "no" };
    case "throw":
      return new Error("a transport that throws");
  }
}

function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
