import { FarEndScript } from "@scouter/testkit/contract/far-end";
import { transportContract } from "@scouter/testkit/contract/transport";
import { expect, test } from "vitest";
import { ScouterQueue, accountedItems, evalRecord } from "../index.ts";
import type { OutgoingBatch, SendResult, Transport } from "../index.ts";

/** A transport as an app writes its own, with nothing but what the package exports. */
class PostboxTransport implements Transport {
  readonly name = "postbox";
  readonly capabilities = { confirms: "broker", maxBatchBytes: 1_000_000 } as const;
  readonly #deliver: (batch: OutgoingBatch) => Promise<boolean>;
  readonly #underWay = new Set<Promise<boolean>>();
  #closed = false;

  constructor(deliver: (batch: OutgoingBatch) => Promise<boolean>) {
    this.#deliver = deliver;
  }

  async send(
    batch: OutgoingBatch,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<SendResult> {
    signal?.throwIfAborted();
    if (this.#closed) return { outcome: "failed", code: "POSTBOX_CLOSED", reason: "closed" };
    const aborted = new Promise<never>((_, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    const delivering = this.#deliver(batch);
    this.#underWay.add(delivering);
    try {
      const arrived = await Promise.race([delivering, aborted]);
      if (arrived) return { outcome: "acknowledged", rejected: [] };
      return { outcome: "retry", reason: "the postbox is away" };
    } finally {
      this.#underWay.delete(delivering);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#underWay);
  }
}

transportContract("an app's own", () => {
  const farEnd = new FarEndScript();
  const transport = new PostboxTransport(async (batch) => {
    const step = farEnd.next(batch);
    if (step.kind === "wait") await step.until;
    return step.kind === "store" || step.kind === "wait";
  });
  return { transport, farEnd, dispose: async () => {} };
});

test("a queue works with it", async () => {
  const arrived: OutgoingBatch[] = [];
  let tries = 0;
  const transport = new PostboxTransport(async (batch) => {
    tries += 1;
    if (tries % 2 === 1) return false;
    arrived.push(batch);
    return true;
  });
  const queue = new ScouterQueue({
    profiles: { answers: { uid: "e" } },
    transport,
    retry: { firstPauseMs: 1 },
  });
  for (let number = 0; number < 60; number += 1) {
    queue.insert("answers", evalRecord({ context: number }));
  }
  const { stats } = await queue.shutdown({ timeoutMs: 60_000 });
  expect(stats.acknowledged).toBe(60);
  expect(accountedItems(stats)).toBe(60);
  expect(arrived.reduce((sum, { itemCount }) => sum + itemCount, 0)).toBe(60);
});
