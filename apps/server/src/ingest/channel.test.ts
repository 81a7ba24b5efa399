import { isScouterError } from "@scouter/contracts";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Channel, type ChannelObserver } from "./channel.ts";
import { BATCH_LIMITS, runConsumers } from "./consumer-pool.ts";

function makeChannel(limits: {
  maxMessages: number;
  maxBytes: number;
  observer?: ChannelObserver;
}) {
  return new Channel<number, string>({ name: "test", clock: new ManualClock(), ...limits });
}

function refusalCode(offer: () => unknown): string {
  try {
    offer();
  } catch (error) {
    if (isScouterError(error)) return error.code;
    throw error;
  }
  return "admitted";
}

/** What became of an offer. */
const fate = (answer: Promise<string>) =>
  answer.then(
    (result) => result,
    (error: unknown) => (isScouterError(error) ? error.code : String(error)),
  );

describe("Channel", () => {
  it("gives waiting messages in order, up to the limits of the batch", async () => {
    const channel = makeChannel({ maxMessages: 10, maxBytes: 1000 });
    for (const message of [1, 2, 3, 4]) void channel.offer(message, 30);
    const limits = { maxMessages: 3, maxBytes: 65 };
    const first = await channel.take(limits);
    const second = await channel.take({ maxMessages: 1, maxBytes: 1000 });
    expect(first.map((delivery) => delivery.message)).toEqual([1, 2]);
    expect(second.map((delivery) => delivery.message)).toEqual([3]);
  });

  it("gives a message that exceeds the batch alone", async () => {
    const channel = makeChannel({ maxMessages: 10, maxBytes: 1000 });
    void channel.offer(1, 900);
    void channel.offer(2, 1);
    const batch = await channel.take({ maxMessages: 5, maxBytes: 10 });
    expect(batch.map((delivery) => delivery.message)).toEqual([1]);
  });

  it("refuses by count and by bytes until an answer makes room", async () => {
    const byCount = makeChannel({ maxMessages: 2, maxBytes: 1000 });
    const answer = byCount.offer(1, 1);
    void byCount.offer(2, 1);
    expect(refusalCode(() => byCount.offer(3, 1))).toBe("SERVER_CHANNEL_FULL");
    const [first] = await byCount.take({ maxMessages: 1, maxBytes: 1 });
    // Under way is still held: the bound is on memory, not on the line.
    expect(refusalCode(() => byCount.offer(3, 1))).toBe("SERVER_CHANNEL_FULL");
    first?.settle({ status: "done", result: "ok" });
    expect(await answer).toBe("ok");
    expect(refusalCode(() => byCount.offer(3, 1))).toBe("admitted");

    const byBytes = makeChannel({ maxMessages: 10, maxBytes: 100 });
    void byBytes.offer(1, 60);
    expect(refusalCode(() => byBytes.offer(2, 41))).toBe("SERVER_CHANNEL_FULL");
    expect(refusalCode(() => byBytes.offer(2, 40))).toBe("admitted");
  });

  it("admits a message larger than the whole channel when it is empty", () => {
    const channel = makeChannel({ maxMessages: 10, maxBytes: 100 });
    expect(refusalCode(() => channel.offer(1, 5000))).toBe("admitted");
    expect(refusalCode(() => channel.offer(2, 1))).toBe("SERVER_CHANNEL_FULL");
  });

  it("hints when to retry", () => {
    const channel = makeChannel({ maxMessages: 1, maxBytes: 100 });
    void channel.offer(1, 1);
    expect(() => channel.offer(2, 1)).toThrowError(
      expect.objectContaining({ kind: "busy", retryAfterMs: 1000 }),
    );
  });

  it("drains after close and then ends its takers", async () => {
    const channel = makeChannel({ maxMessages: 10, maxBytes: 100 });
    const waitingTaker = channel.take(BATCH_LIMITS);
    const answer = fate(channel.offer(1, 1));
    channel.close();
    expect(refusalCode(() => channel.offer(2, 1))).toBe("SERVER_STOPPING");
    const [delivery] = await waitingTaker;
    delivery?.settle({ status: "done", result: "late but done" });
    expect(await answer).toBe("late but done");
    expect(await channel.take(BATCH_LIMITS)).toEqual([]);
  });

  it("answers what waits when it is aborted, and leaves what is under way to its consumer", async () => {
    const channel = makeChannel({ maxMessages: 10, maxBytes: 100 });
    const underWay = fate(channel.offer(1, 1));
    const [delivery] = await channel.take({ maxMessages: 1, maxBytes: 100 });
    const waiting = fate(channel.offer(2, 1));
    channel.abort();
    expect(await waiting).toBe("SERVER_STOPPING");
    delivery?.settle({ status: "done", result: "finished" });
    expect(await underWay).toBe("finished");
    expect(channel.depth).toBe(0);
  });

  it("measures the wait", async () => {
    const clock = new ManualClock();
    const waits: number[] = [];
    const observer = {
      onRefused: () => undefined,
      onSettled: () => undefined,
      onTaken: (waitMs: number) => waits.push(waitMs),
    };
    const channel = new Channel<number, string>({
      name: "test",
      maxMessages: 5,
      maxBytes: 5,
      clock,
      observer,
    });
    void channel.offer(1, 1);
    await clock.advance(250);
    await channel.take(BATCH_LIMITS);
    expect(waits).toEqual([250]);
  });

  it("settles every offer exactly once and never holds more than it may", async () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ offer: fc.integer({ min: 0, max: 60 }) }) },
      { weight: 2, arbitrary: fc.record({ settle: fc.nat(), ok: fc.boolean() }) },
      { weight: 2, arbitrary: fc.record({ take: fc.integer({ min: 1, max: 4 }) }) },
      { weight: 1, arbitrary: fc.constant({ end: "close" as const }) },
    );
    const plan = fc.record({
      steps: fc.array(step, { maxLength: 60 }),
      abort: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ steps, abort }) => {
        const maxMessages = 5;
        const maxBytes = 100;
        let observedSettlements = 0;
        const channel = makeChannel({
          maxMessages,
          maxBytes,
          observer: {
            onRefused: () => undefined,
            onTaken: () => undefined,
            onSettled: () => (observedSettlements += 1),
          },
        });
        const answers: Promise<string>[] = [];
        const taken: Awaited<ReturnType<typeof channel.take>>[number][] = [];
        let waiting = 0;
        for (const action of steps) {
          if ("offer" in action) {
            const code = refusalCode(() => {
              const id = answers.length;
              answers.push(fate(channel.offer(id, action.offer)));
            });
            if (code === "admitted") waiting += 1;
          } else if ("take" in action && waiting > 0) {
            const batch = await channel.take({ maxMessages: action.take, maxBytes: 80 });
            waiting -= batch.length;
            taken.push(...batch);
          } else if ("settle" in action && taken.length > 0) {
            const delivery = taken[action.settle % taken.length];
            // Settling again must change nothing.
            delivery?.settle({ status: "done", result: `answer ${delivery.message}` });
            delivery?.settle({ status: "failed", error: new Error("second answer") });
          } else if ("end" in action) channel.close();
          expect(channel.depth).toBeLessThanOrEqual(maxMessages);
          expect(channel.heldBytes).toBeLessThanOrEqual(maxBytes);
        }
        if (abort) channel.abort();
        else channel.close();
        await runConsumers(channel, 2, (batch) =>
          Promise.resolve(batch.map((id) => ({ status: "done", result: `answer ${id}` }))),
        );
        for (const delivery of taken) {
          delivery.settle({ status: "done", result: `answer ${delivery.message}` });
        }
        const fates = await Promise.all(answers);
        fates.forEach((answer, id) => {
          expect([`answer ${id}`, ...(abort ? ["SERVER_STOPPING"] : [])]).toContain(answer);
        });
        expect(observedSettlements).toBe(answers.length);
        expect(channel.depth).toBe(0);
        expect(channel.heldBytes).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});

describe("runConsumers", () => {
  it("answers a batch with the error its handler rejects with", async () => {
    const channel = makeChannel({ maxMessages: 10, maxBytes: 100 });
    const answers = [1, 2].map((message) => fate(channel.offer(message, 1)));
    channel.close();
    await runConsumers(channel, 1, () => Promise.reject(new Error("no disk")));
    expect(await Promise.all(answers)).toEqual(["Error: no disk", "Error: no disk"]);
  });

  it("does not leave a sender without an answer when the handler forgets one", async () => {
    const channel = makeChannel({ maxMessages: 10, maxBytes: 100 });
    const answers = [1, 2].map((message) => fate(channel.offer(message, 1)));
    channel.close();
    await runConsumers(channel, 1, () => Promise.resolve([{ status: "done", result: "one" }]));
    expect((await Promise.all(answers))[1]).toContain("answered fewer messages");
  });
});
