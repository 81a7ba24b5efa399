import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "@scouter/contracts";
import { type ObjectStore, RetryingObjectStore } from "@scouter/delta";
import { afterEach, describe, expect, it } from "vitest";
import { ManualClock } from "../clock/manual-clock.ts";
import type { ObjectServer, ServerFault } from "../object-server/object-server.ts";

export interface RemoteObjectStoreSubject {
  readonly server: ObjectServer;
  readonly store: ObjectStore;
  /** A client of a bucket that does not exist. */
  readonly elsewhere: ObjectStore;
  /** A file of this size is sent in several requests, where the store does that. */
  readonly largeBytes: number;
  /** The request of such an upload that fails in the test, from 1. */
  readonly failingRequest: number;
}

/** How an adapter of a remote store behaves when server and network do not; runs beside the port's own contract. */
export function remoteObjectStoreContract(
  name: string,
  makeSubject: () => Promise<RemoteObjectStoreSubject>,
): void {
  describe(`${name} over a network that fails`, () => {
    const opened: ObjectServer[] = [];
    const make = async () => {
      const subject = await makeSubject();
      opened.push(subject.server);
      return subject;
    };
    afterEach(async () => {
      for (const server of opened.splice(0)) await server.close();
    });

    describeFailures(make);
    describeLostReplies(make);
    describeCancelling(make);
    describeLargeFiles(make);
    describeRetrying(make);
  });
}

type Make = () => Promise<RemoteObjectStoreSubject>;

const rows: readonly (readonly [ServerFault, string, string])[] = [
  ["refuse", "OBJECT_STORE_UNAVAILABLE", "unavailable"],
  ["throttle", "OBJECT_STORE_UNAVAILABLE", "unavailable"],
  ["drop", "OBJECT_STORE_UNAVAILABLE", "unavailable"],
  ["forbid", "OBJECT_STORE_FORBIDDEN", "forbidden"],
];

function describeFailures(make: Make): void {
  it.each(rows)("says of a request that ends with '%s' what to do", async (fault, code, kind) => {
    const { server, store } = await make();
    await store.put("a", bytes("x"));
    server.misbehave(() => fault);
    for (const call of [
      () => store.put("a", bytes("y")),
      () => store.putIfAbsent("b", bytes("y")),
      () => store.get("a"),
      () => store.getRange("a", 0, 1),
      () => store.head("a"),
      () => store.delete("a"),
      () => collect(store.list("")),
    ]) {
      await expect(call()).rejects.toMatchObject({ code, kind });
    }
    server.misbehave(() => undefined);
    expect(text(await store.get("a"))).toBe("x");
    expect(await store.get("b")).toBeUndefined();
  });

  it("does not take a bucket that does not exist for an empty one", async () => {
    const { elsewhere } = await make();
    const refusal = { code: "OBJECT_STORE_REFUSED", kind: "invalid" };
    await expect(elsewhere.get("a")).rejects.toMatchObject(refusal);
    await expect(elsewhere.put("a", bytes("x"))).rejects.toMatchObject(refusal);
    await expect(collect(elsewhere.list(""))).rejects.toMatchObject(refusal);
  });
}

function describeLostReplies(make: Make): void {
  it("rejects a conditional put whose reply is lost, and sends it once", async () => {
    const { server, store } = await make();
    const before = server.requests.length;
    server.misbehave(() => "lose-reply");
    await expect(store.putIfAbsent("a", bytes("ours"))).rejects.toMatchObject({
      kind: "unavailable",
    });
    server.misbehave(() => undefined);
    expect(server.requests.length - before).toBe(1);
    expect(text(await store.get("a"))).toBe("ours");
    expect(await store.putIfAbsent("a", bytes("theirs"))).toBe(false);
  });
}

function describeCancelling(make: Make): void {
  it("rejects with the signal's reason while the server does not answer", async () => {
    const { server, store } = await make();
    await store.put("a", bytes("x"));
    server.misbehave(() => "hold");
    const reason = new Error("no longer wanted");
    for (const call of [
      (signal: AbortSignal) => store.get("a", { signal }),
      (signal: AbortSignal) => store.put("a", bytes("y"), { signal }),
      (signal: AbortSignal) => store.putIfAbsent("b", bytes("y"), { signal }),
      (signal: AbortSignal) => collect(store.list("", { signal })),
    ]) {
      const controller = new AbortController();
      const arrived = server.untilRequests(server.requests.length + 1);
      const result = call(controller.signal);
      await arrived;
      controller.abort(reason);
      await expect(result).rejects.toBe(reason);
    }
  });
}

function describeLargeFiles(make: Make): void {
  it("stores a large file whole, or not at all when a request fails half way", async () => {
    const { server, store, largeBytes, failingRequest } = await make();
    const content = Buffer.alloc(largeBytes, "0123456789abcdefghijklmnopqrstuvwxyz");
    await withFile(content, async (path) => {
      let seen = 0;
      server.misbehave(() => (++seen === failingRequest ? "drop" : undefined));
      await expect(store.putFile("f", path)).rejects.toMatchObject({ kind: "unavailable" });
      server.misbehave(() => undefined);
      expect(await store.get("f")).toBeUndefined();
      await store.putFile("f", path);
      expect(Buffer.from((await store.get("f")) ?? []).equals(content)).toBe(true);
    });
  });
}

function describeRetrying(make: Make): void {
  it("gets there behind a store that repeats what may pass", async () => {
    const { server, store } = await make();
    const retrying = new RetryingObjectStore(store, { clock: endlessClock, random: () => 0 });
    const failing: ServerFault[] = ["refuse", "drop", "throttle", "lose-reply"];
    let seen = 0;
    server.misbehave(() => failing[seen++ % (failing.length + 1)]);
    await retrying.put("a", bytes("x"));
    expect(text(await retrying.get("a"))).toBe("x");
    expect(await retrying.head("a")).toMatchObject({ sizeBytes: 1 });
    expect((await collect(retrying.list(""))).map(({ key }) => key)).toEqual(["a"]);
    await withFile(Buffer.from("file"), (path) => retrying.putFile("f", path));
    await retrying.delete("a");
    server.misbehave(() => undefined);
    expect((await collect(store.list(""))).map(({ key }) => key)).toEqual(["f"]);
  });

  it("gives up an attempt that takes too long", async () => {
    const { server, store } = await make();
    const clock = new ManualClock();
    const options = { clock, random: () => 0, maxAttempts: 1, attemptTimeoutMs: 1_000 };
    const retrying = new RetryingObjectStore(store, options);
    server.misbehave(() => "hold");
    const arrived = server.untilRequests(server.requests.length + 1);
    const result = retrying.get("a");
    await arrived;
    await Promise.all([
      expect(result).rejects.toMatchObject({ code: "OBJECT_STORE_TIMEOUT", kind: "timeout" }),
      clock.advance(1_000),
    ]);
  });
}

/** Pauses of no length end at once, limits of time never. */
const endlessClock: Clock = {
  now: () => 0,
  monotonicMs: () => 0,
  sleep: (ms, signal) =>
    ms === 0
      ? Promise.resolve()
      : new Promise((_resolve, reject) => {
          signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
        }),
};

async function withFile(content: Uint8Array, work: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "remote-object-store-"));
  try {
    const path = join(folder, "file");
    await writeFile(path, content);
    await work(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function collect<T>(listing: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const each of listing) found.push(each);
  return found;
}

function bytes(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

function text(content: Uint8Array | undefined): string | undefined {
  return content && new TextDecoder().decode(content);
}
