import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ScouterError, systemClock } from "@scouter/contracts";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import { afterEach, beforeEach, expect, it } from "vitest";
import type {
  AppendResult,
  IngestLog,
  NewIngestEntry,
  StoredIngestEntry,
} from "./ingest-log/ingest-log.ts";
import { openTraceLake } from "./open-trace-lake.ts";
import type { TraceLake } from "./trace-lake.ts";

interface Owner {
  readonly entries: NewIngestEntry[];
  released: number;
  isClosed: boolean;
  /** The test says so; there is no time. */
  isLapsed: boolean;
}

/** What several processes share. */
class SharedLog {
  readonly owners = new Map<string, Owner>();

  open(): IngestLog {
    const { owners } = this;
    const owner = randomUUID();
    const own: Owner = { entries: [], released: 0, isClosed: false, isLapsed: false };
    owners.set(owner, own);
    return {
      owner,
      capabilities: { durability: "process", shared: true },
      async append(entry: NewIngestEntry): Promise<AppendResult> {
        if (own.isClosed) {
          throw new ScouterError({ code: "INGEST_OWNER_CLOSED", kind: "unavailable", message: "" });
        }
        const sequence = own.entries.push(entry);
        return { owner, sequence, duplicate: false, rejected: entry.rejected };
      },
      async *read(of: string, after: number): AsyncIterable<StoredIngestEntry> {
        for (const [index, entry] of (owners.get(of)?.entries ?? []).entries()) {
          if (index + 1 > after) yield { ...entry, sequence: index + 1 };
        }
      },
      async release(of: string, through: number) {
        const found = owners.get(of);
        if (found !== undefined) found.released = Math.max(found.released, through);
      },
      async adoptable() {
        return [...owners]
          .filter(([, { isLapsed, released, entries }]) => isLapsed && released < entries.length)
          .map(([name]) => name);
      },
      adopt: async (of: string) => {
        const failure = this.takeFailure();
        if (failure !== undefined) throw failure;
        const found = owners.get(of);
        if (found !== undefined) found.isClosed = true;
        return found !== undefined;
      },
      heldBytes: () => 0,
      close: async () => undefined,
    };
  }

  #failure: Error | undefined;
  /** The next adoption fails with what is returned. */
  failOnce(): Error {
    this.#failure = new Error("the storage is away for a moment");
    return this.#failure;
  }

  takeFailure(): Error | undefined {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure;
  }

  lapse(owner: string): void {
    const found = this.owners.get(owner);
    if (found !== undefined) found.isLapsed = true;
  }
}

let root: string;
let shared: SharedLog;
const open: TraceLake[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "scouter-owners-"));
  shared = new SharedLog();
});
afterEach(async () => {
  for (const lake of open.splice(0)) await lake.close();
  await rm(root, { recursive: true, force: true });
});

/** A lake of another process; its loops move with the clock alone. */
async function openLake() {
  const clock = new ManualClock({ startMs: systemClock.now() });
  const ingestLog = shared.open();
  const lost = Promise.withResolvers<{ owner: string; newOwner: string }>();
  const replayed: string[] = [];
  const adoptionFailures: unknown[] = [];
  const lake = await openTraceLake({
    root,
    ingestLog,
    reopenIngestLog: async () => shared.open(),
    adoptionIntervalMs: 1_000,
    clock,
    flushIntervalMs: 3_600_000,
    flushSpans: 1_000_000,
    refreshIntervalMs: 0,
    maxInflatedBytes: 64_000_000,
    maxUnflushedBytes: 64_000_000,
    threads: 1,
    memoryLimitMb: 512,
    events: {
      onDeadLetter: async () => undefined,
      onFlush: () => undefined,
      onFlushFailure: () => undefined,
      onReplay: ({ owner }) => void replayed.push(owner),
      onOwnerLost: lost.resolve,
      onAdoptionFailure: (error) => void adoptionFailures.push(error),
      onFatal: (error) => {
        throw error;
      },
    },
  });
  open.push(lake);
  const { owner } = ingestLog;
  return { lake, clock, owner, lost: lost.promise, replayed, adoptionFailures };
}

function oneSpan(): Uint8Array {
  const span = {
    traceId: randomBytes(16).toString("hex"),
    spanId: randomBytes(8).toString("hex"),
    name: "work",
    startTimeUnixNano: String(BigInt(Date.now()) * 1_000_000n),
    endTimeUnixNano: String(BigInt(Date.now() + 1) * 1_000_000n),
  };
  return Buffer.from(
    JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ spans: [span] }] }] }),
  );
}

async function ingest(lake: TraceLake, count: number): Promise<void> {
  for (let each = 0; each < count; each += 1) {
    await lake.ingest({ body: oneSpan(), format: "otlp-json", contentEncoding: "identity" });
  }
}

const spansIn = async (lake: TraceLake) => (await lake.counts()).spans;

/** Adopts as the loop of a serving process does. */
async function adopt(adopter: Awaited<ReturnType<typeof openLake>>, owner: string): Promise<void> {
  shared.lapse(owner);
  while (!adopter.replayed.includes(owner)) {
    await adopter.clock.advance(1_000);
    await systemClock.sleep(5);
  }
}

it("commits under a new owner after another process adopted the old one, each span once", async () => {
  const [a, b] = [await openLake(), await openLake()];
  await ingest(a.lake, 3);
  await adopt(b, a.owner);
  expect(await spansIn(b.lake)).toBe(3);
  const refused = a.lake.ingest({
    body: oneSpan(),
    format: "otlp-json",
    contentEncoding: "identity",
  });
  await expect(refused).rejects.toMatchObject({ code: "INGEST_OWNER_CLOSED" });
  expect((await a.lost).owner).toBe(a.owner);
  await ingest(a.lake, 2);
  expect(await spansIn(a.lake)).toBe(5);
  expect(a.lake.statistics().unflushedSpans).toBe(2);
  await a.lake.flush();
  expect([await spansIn(a.lake), await spansIn(b.lake)]).toEqual([5, 5]);
});

it.each([
  { name: "before it has read", hasRead: false },
  { name: "after it has read", hasRead: true },
])("loses with a late commit, $name what the adopter committed", async ({ hasRead }) => {
  const [a, b] = [await openLake(), await openLake()];
  await ingest(a.lake, 3);
  await adopt(b, a.owner);
  if (hasRead) await a.lake.counts();
  await a.lake.flush();
  expect([await spansIn(a.lake), await spansIn(b.lake)]).toEqual([3, 3]);
});

it("drops what it holds when the adopter committed only a part, and takes a new owner", async () => {
  const [a, b] = [await openLake(), await openLake()];
  await ingest(a.lake, 2);
  await adopt(b, a.owner);
  // As if these had been acknowledged in the moment before the adoption, and not been replayed yet.
  const state = shared.owners.get(a.owner) as Owner;
  state.isClosed = false;
  await ingest(a.lake, 2);
  state.isClosed = true;
  await a.lake.flush();
  await a.lost;
  expect(await spansIn(a.lake)).toBe(2);
  b.replayed.length = 0;
  await adopt(b, a.owner);
  expect([await spansIn(a.lake), await spansIn(b.lake)]).toEqual([4, 4]);
});

it("wins with a late commit that comes first: the adopter drops what is done", async () => {
  const [a, b] = [await openLake(), await openLake()];
  await ingest(a.lake, 3);
  await a.lake.flush();
  const state = shared.owners.get(a.owner) as Owner;
  state.released = 0;
  shared.lapse(a.owner);
  while (state.released < 3) {
    await b.clock.advance(1_000);
    await systemClock.sleep(5);
  }
  expect([await spansIn(a.lake), await spansIn(b.lake)]).toEqual([3, 3]);
});

it("reads what a lost owner acknowledged until its adopter has committed it", async () => {
  const [a, b] = [await openLake(), await openLake()];
  await ingest(a.lake, 3);
  (shared.owners.get(a.owner) as Owner).isClosed = true;
  const refused = a.lake.ingest({
    body: oneSpan(),
    format: "otlp-json",
    contentEncoding: "identity",
  });
  await expect(refused).rejects.toMatchObject({ code: "INGEST_OWNER_CLOSED" });
  await a.lost;
  expect(await spansIn(a.lake)).toBe(3);
  await adopt(b, a.owner);
  expect([await spansIn(a.lake), await spansIn(b.lake)]).toEqual([3, 3]);
});

it("serves although the storage fails while it takes over at its start, and takes over later", async () => {
  const first = await openLake();
  await ingest(first.lake, 3);
  shared.lapse(first.owner);
  const failure = shared.failOnce();
  const second = await openLake();
  expect(second.adoptionFailures).toEqual([failure]);
  await ingest(second.lake, 1);
  expect(await spansIn(second.lake)).toBe(1);
  await adopt(second, first.owner);
  expect(await spansIn(second.lake)).toBe(4);
});
