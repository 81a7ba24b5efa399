import type { OutgoingBatch, Transport } from "@scouter/sdk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FarEndScript } from "./far-end.ts";

/** A transport with a far end that the suite directs. */
export interface TransportSubject {
  readonly transport: Transport;
  readonly farEnd: FarEndScript;
  dispose(): Promise<void>;
}

/**
 * What every transport with a confirming far end promises.
 *
 * @param makeSubject called before each test; the transport's own time limit must be 10 s or more
 */
export function transportContract(
  name: string,
  makeSubject: () => TransportSubject | Promise<TransportSubject>,
): void {
  describe(`transport contract: ${name}`, () => {
    let subject: TransportSubject;
    beforeEach(async () => {
      subject = await makeSubject();
    });
    afterEach(async () => {
      await subject.dispose();
    });

    repliesContract(() => subject);
    repeatsContract(() => subject);
    abortContract(() => subject);
    closeContract(() => subject);
  });
}

function repliesContract(subject: () => TransportSubject): void {
  test("says who confirms and how much it takes", () => {
    const { confirms, maxBatchBytes } = subject().transport.capabilities;
    expect(["broker", "server"]).toContain(confirms);
    expect(maxBatchBytes).toBeGreaterThan(0);
  });

  test("acknowledges a stored batch, which arrives byte by byte with its identity", async () => {
    const { transport, farEnd } = subject();
    const sent = batch({ items: ["a", "ü ☃ 🂡", " "], sequence: 7 });
    expect(await transport.send(sent)).toEqual({ outcome: "acknowledged", rejected: [] });
    expect(farEnd.received.map(plain)).toEqual([plain(sent)]);
  });

  test.for([
    { indexes: [1], of: 3 },
    { indexes: [0, 2], of: 3 },
    { indexes: [0, 1], of: 2 },
  ])("names the refused items $indexes of $of", async ({ indexes, of }) => {
    const { transport, farEnd } = subject();
    const items = indexes.map((index) => ({ index, code: "BAD_ITEM", message: `item ${index}` }));
    farEnd.prepare({ kind: "reject-items", items });
    const result = await transport.send(batch({ items: Array.from({ length: of }, String) }));
    expect(result).toEqual({ outcome: "acknowledged", rejected: items });
  });

  test("a busy far end is a retry after the pause it asks for", async () => {
    const { transport, farEnd } = subject();
    farEnd.prepare({ kind: "busy", retryAfterMs: 3_000 });
    const result = await transport.send(batch());
    expect(result).toMatchObject({ outcome: "retry", retryAfterMs: 3_000 });
  });

  test("a far end that is not ready is a retry", async () => {
    const { transport, farEnd } = subject();
    farEnd.prepare({ kind: "unavailable" });
    expect(await transport.send(batch())).toMatchObject({ outcome: "retry" });
  });

  test("a refused batch has failed, with the far end's code", async () => {
    const { transport, farEnd } = subject();
    farEnd.prepare({ kind: "refuse", code: "TOO_BIG" });
    expect(await transport.send(batch())).toMatchObject({ outcome: "failed", code: "TOO_BIG" });
  });
}

function repeatsContract(subject: () => TransportSubject): void {
  test.for(["lose-reply", "garble-reply"] as const)(
    "%s is no acknowledgement; the repeat is the same message",
    async (kind) => {
      const { transport, farEnd } = subject();
      farEnd.prepare({ kind });
      const sent = batch({ sequence: 3 });
      expect(await transport.send(sent)).toMatchObject({ outcome: "retry" });
      expect(await transport.send(sent)).toEqual({ outcome: "acknowledged", rejected: [] });
      expect(farEnd.received.map(plain)).toEqual([plain(sent), plain(sent)]);
    },
  );
}

function abortContract(subject: () => TransportSubject): void {
  test("rejects with the reason of a signal that aborted before, and sends nothing", async () => {
    const { transport, farEnd } = subject();
    const reason = new Error("no longer wanted");
    await expect(transport.send(batch(), { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    expect(farEnd.received).toEqual([]);
  });

  test("rejects with the reason of a signal that aborts under way", async () => {
    const { transport, farEnd } = subject();
    const answer = Promise.withResolvers<void>();
    farEnd.prepare({ kind: "wait", until: answer.promise });
    const abort = new AbortController();
    const sending = transport.send(batch(), { signal: abort.signal });
    await farEnd.whenReceived(1);
    const reason = new Error("took too long");
    abort.abort(reason);
    await expect(sending).rejects.toBe(reason);
    answer.resolve();
  });
}

function closeContract(subject: () => TransportSubject): void {
  test("sends overlap, and close waits for those under way", async () => {
    const { transport, farEnd } = subject();
    const answer = Promise.withResolvers<void>();
    farEnd.prepare({ kind: "wait", until: answer.promise });
    const order: string[] = [];
    const slow = transport.send(batch({ sequence: 1 })).then(() => order.push("slow"));
    await farEnd.whenReceived(1);
    await transport.send(batch({ sequence: 2 }));
    order.push("quick");
    const closed = transport.close().then(() => order.push("closed"));
    answer.resolve();
    await Promise.all([slow, closed]);
    expect(order).toEqual(["quick", "slow", "closed"]);
  });

  test("close is idempotent; a later send fails and reaches nobody", async () => {
    const { transport, farEnd } = subject();
    await transport.close();
    await transport.close();
    expect(await transport.send(batch())).toMatchObject({ outcome: "failed" });
    expect(farEnd.received).toEqual([]);
  });
}

function batch(
  options: { readonly items?: readonly string[]; readonly sequence?: number } = {},
): OutgoingBatch {
  const { items = ["a"], sequence = 1 } = options;
  const records = items.map((context) => ({ AgentEval: { record: { context } } }));
  return {
    body: Buffer.from(JSON.stringify({ records })),
    itemCount: items.length,
    producer: "01a20000-0000-7000-8000-000000000001",
    sequence,
  };
}

function plain(message: OutgoingBatch) {
  const { body, itemCount, producer, sequence } = message;
  return { text: Buffer.from(body).toString(), itemCount, producer, sequence };
}
