import type { OutgoingBatch, Transport } from "@scouter/sdk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FarEnd } from "./far-end.ts";

/** A transport with a far end that the suite directs. */
export interface TransportSubject {
  readonly transport: Transport;
  readonly farEnd: FarEnd;
  dispose(): Promise<void>;
}

export type MakeTransportSubject = () => TransportSubject | Promise<TransportSubject>;

export interface TransportTraits {
  /** Whether a message arrives with its producer and number; default true. */
  readonly carriesIdentity?: boolean;
}

/**
 * What every transport promises, whoever confirms its sends. The far end takes the steps `store`, `unavailable`,
 * `lose-reply` and `wait`. A transport whose server answers for each item passes `answeringTransportContract` too.
 *
 * @param makeSubject called before each test; the transport's own time limit must be 10 s or more
 */
export function transportContract(
  name: string,
  makeSubject: MakeTransportSubject,
  { carriesIdentity = true }: TransportTraits = {},
): void {
  const plain = carriesIdentity ? withIdentity : withoutIdentity;
  describe(`transport contract: ${name}`, () => {
    const subject = freshSubject(makeSubject);
    repliesContract(subject, plain);
    abortContract(subject);
    closeContract(subject);
  });
}

/** What transports promise whose far end answers for each item: the further steps are `reject-items`, `busy`, `refuse`, `garble-reply`. */
export function answeringTransportContract(name: string, makeSubject: MakeTransportSubject): void {
  describe(`answering transport contract: ${name}`, () => {
    const subject = freshSubject(makeSubject);
    answersContract(subject);
  });
}

function freshSubject(makeSubject: MakeTransportSubject): () => TransportSubject {
  let subject: TransportSubject;
  beforeEach(async () => {
    subject = await makeSubject();
  });
  afterEach(async () => {
    await subject.dispose();
  });
  return () => subject;
}

function repliesContract(subject: () => TransportSubject, plain: (sent: OutgoingBatch) => object) {
  test("says who confirms and how much it takes", () => {
    const { confirms, maxBatchBytes } = subject().transport.capabilities;
    expect(["nobody", "broker", "server"]).toContain(confirms);
    expect(maxBatchBytes).toBeGreaterThan(0);
  });

  test("acknowledges a batch, which arrives byte by byte", async () => {
    const { transport, farEnd } = subject();
    const sent = batch({ items: ["a", "ü ☃ 🂡", " "], sequence: 7 });
    expect(await transport.send(sent)).toEqual({ outcome: "acknowledged", rejected: [] });
    expect((await farEnd.messages()).map(plain)).toEqual([plain(sent)]);
  });

  test("a far end that is not there is a retry", async () => {
    const { transport, farEnd } = subject();
    farEnd.prepare({ kind: "unavailable" });
    expect(await transport.send(batch())).toMatchObject({ outcome: "retry" });
  });

  test("a lost reply is no acknowledgement; the repeat is the same message", async () => {
    const { transport, farEnd } = subject();
    farEnd.prepare({ kind: "lose-reply" });
    const sent = batch({ sequence: 3 });
    expect(await transport.send(sent)).toMatchObject({ outcome: "retry" });
    expect(await transport.send(sent)).toEqual({ outcome: "acknowledged", rejected: [] });
    expect((await farEnd.messages()).map(plain)).toEqual([plain(sent), plain(sent)]);
  });
}

function answersContract(subject: () => TransportSubject): void {
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

  test("a refused batch has failed, with the far end's code", async () => {
    const { transport, farEnd } = subject();
    farEnd.prepare({ kind: "refuse", code: "TOO_BIG" });
    expect(await transport.send(batch())).toMatchObject({ outcome: "failed", code: "TOO_BIG" });
  });

  test("a reply that is not Scouter's is no acknowledgement; the repeat is the same message", async () => {
    const { transport, farEnd } = subject();
    farEnd.prepare({ kind: "garble-reply" });
    const sent = batch({ sequence: 3 });
    expect(await transport.send(sent)).toMatchObject({ outcome: "retry" });
    expect(await transport.send(sent)).toEqual({ outcome: "acknowledged", rejected: [] });
    const expected = [withIdentity(sent), withIdentity(sent)];
    expect((await farEnd.messages()).map(withIdentity)).toEqual(expected);
  });

  test("a quick answer does not wait for a slow one", async () => {
    const { transport, farEnd } = subject();
    const answer = Promise.withResolvers<void>();
    farEnd.prepare({ kind: "wait", until: answer.promise });
    const order: string[] = [];
    const slow = transport.send(batch({ sequence: 1 })).then(() => order.push("slow"));
    await farEnd.whenReceived(1);
    await transport.send(batch({ sequence: 2 }));
    order.push("quick");
    answer.resolve();
    await slow;
    expect(order).toEqual(["quick", "slow"]);
  });
}

function abortContract(subject: () => TransportSubject): void {
  test("rejects with the reason of a signal that aborted before, and sends nothing", async () => {
    const { transport, farEnd } = subject();
    const reason = new Error("no longer wanted");
    await expect(transport.send(batch(), { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    expect(await farEnd.messages()).toEqual([]);
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
    const wait = { kind: "wait", until: answer.promise } as const;
    farEnd.prepare(wait, wait);
    const order: string[] = [];
    const sends = [1, 2].map((sequence) =>
      transport.send(batch({ sequence })).then(({ outcome }) => order.push(outcome)),
    );
    await farEnd.whenReceived(2);
    const closed = transport.close().then(() => order.push("closed"));
    answer.resolve();
    await Promise.all([...sends, closed]);
    expect(order).toEqual(["acknowledged", "acknowledged", "closed"]);
  });

  test("close is idempotent; a later send fails and reaches nobody", async () => {
    const { transport, farEnd } = subject();
    await transport.close();
    await transport.close();
    expect(await transport.send(batch())).toMatchObject({ outcome: "failed" });
    expect(await farEnd.messages()).toEqual([]);
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

function withoutIdentity({ body }: OutgoingBatch) {
  return { text: Buffer.from(body).toString() };
}

function withIdentity(message: OutgoingBatch) {
  const { producer, sequence } = message;
  return { ...withoutIdentity(message), producer, sequence };
}
