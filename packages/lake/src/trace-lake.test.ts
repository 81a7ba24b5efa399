import { randomBytes, randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ScouterError, systemClock } from "@scouter/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type {
  AppendResult,
  IngestLog,
  NewIngestEntry,
  StoredIngestEntry,
} from "./ingest-log/ingest-log.ts";
import { openTraceLake } from "./open-trace-lake.ts";
import type { DeadLetter } from "./trace-lake-events.ts";
import type { IngestRequest, SpanFindings, TraceLake, TraceQuery } from "./trace-lake.ts";

/** A log that outlives lakes, as a disk would, and can be told to fail. */
class MemoryIngestLog implements IngestLog {
  readonly capabilities = { durability: "process", shared: false } as const;
  readonly owner: string;
  readonly entries: Map<string, NewIngestEntry[]>;
  readonly released: Map<string, number>;
  failure: ScouterError | undefined;

  constructor(earlier?: MemoryIngestLog) {
    this.owner = randomUUID();
    this.entries = earlier?.entries ?? new Map<string, NewIngestEntry[]>();
    this.released = earlier?.released ?? new Map<string, number>();
  }
  async append(entry: NewIngestEntry): Promise<AppendResult> {
    if (this.failure !== undefined) throw this.failure;
    for (const [owner, entries] of this.entries) {
      const at = entries.findIndex((other) => Buffer.compare(other.digest, entry.digest) === 0);
      if (at >= 0) {
        return { owner, sequence: at + 1, duplicate: true, rejected: entries[at]?.rejected ?? [] };
      }
    }
    const mine = this.entries.get(this.owner) ?? [];
    this.entries.set(this.owner, [...mine, entry]);
    const sequence = mine.length + 1;
    return { owner: this.owner, sequence, duplicate: false, rejected: entry.rejected };
  }
  async *read(owner: string, after: number): AsyncIterable<StoredIngestEntry> {
    for (const [index, entry] of (this.entries.get(owner) ?? []).entries()) {
      if (index + 1 > after) yield { ...entry, sequence: index + 1 };
    }
  }
  async release(owner: string, through: number): Promise<void> {
    this.released.set(owner, Math.max(through, this.released.get(owner) ?? 0));
  }
  async adoptable(): Promise<readonly string[]> {
    return [...this.entries.keys()].filter(
      (owner) =>
        owner !== this.owner &&
        (this.released.get(owner) ?? 0) < (this.entries.get(owner)?.length ?? 0),
    );
  }
  async adopt(): Promise<boolean> {
    return true;
  }
  heldBytes(): number {
    return 0;
  }
  async close(): Promise<void> {}
}

let root: string;
const open: TraceLake[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "scouter-lake-"));
});
afterEach(async () => {
  for (const lake of open.splice(0)) await lake.close();
  await rm(root, { recursive: true, force: true });
});

async function openLake(
  ingestLog: IngestLog,
  letters: DeadLetter[] = [],
  onFlushFailure: (error: ScouterError) => void = (error) => {
    throw error;
  },
  maxUnflushedBytes = 64_000_000,
): Promise<TraceLake> {
  const lake = await openTraceLake({
    root,
    ingestLog,
    clock: systemClock,
    flushIntervalMs: 3_600_000,
    flushSpans: 1_000_000,
    refreshIntervalMs: 10_000,
    maxInflatedBytes: 64_000_000,
    maxUnflushedBytes,
    threads: 1,
    memoryLimitMb: 512,
    events: {
      onDeadLetter: async (letter) => void letters.push(letter),
      onFlush: () => undefined,
      onFlushFailure,
      onReplay: () => undefined,
      onFatal: (error) => {
        throw error;
      },
    },
  });
  open.push(lake);
  return lake;
}

interface TestSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly [field: string]: unknown;
}

const newTraceId = () => randomBytes(16).toString("hex");
const newSpanId = () => randomBytes(8).toString("hex");
const baseMs = Date.now() - 60_000;
const nano = (offsetMs: number) => String(BigInt(baseMs + offsetMs) * 1_000_000n);

function span(fields: Readonly<Record<string, unknown>> = {}): TestSpan {
  return {
    traceId: newTraceId(),
    spanId: newSpanId(),
    name: "work",
    kind: 1,
    startTimeUnixNano: nano(0),
    endTimeUnixNano: nano(5),
    ...fields,
  };
}

function body(spans: readonly TestSpan[], service = "checkout"): Uint8Array {
  const resource = {
    attributes: [{ key: "service.name", value: { stringValue: service } }],
  };
  const request = { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "s" }, spans }] }] };
  return new TextEncoder().encode(JSON.stringify(request));
}

const ingest = (lake: TraceLake, bytes: Uint8Array) =>
  lake.ingest({ body: bytes, format: "otlp-json", contentEncoding: "identity" });

const query = (fields: Partial<TraceQuery> = {}): TraceQuery => ({
  limit: 50,
  direction: "next",
  ...fields,
});

describe("ingest and read", () => {
  it("answers when the span is readable, before and after the flush", async () => {
    const log = new MemoryIngestLog();
    const lake = await openLake(log);
    const sent = span({
      attributes: [
        { key: "whole", value: { intValue: "9223372036854775807" } },
        { key: "bytes", value: { bytesValue: "AAEC" } },
        { key: "nul", value: { stringValue: "a\u0000b" } },
        { key: "__proto__", value: { stringValue: "kept" } },
      ],
      events: [{ name: "e\u0000", timeUnixNano: "9223372036854775807", attributes: [] }],
      links: [{ traceId: newTraceId(), spanId: newSpanId(), traceState: 'a="b"' }],
      status: { code: 2, message: "it's broken" },
    });
    const reply = await ingest(lake, body([sent]));
    expect(reply).toMatchObject({ accepted: 1, rejected: [], duplicate: false });

    const before = await lake.spansOf(sent.traceId);
    expect(before).toHaveLength(1);
    expect(before[0]?.attributes.get("whole")).toBe('{"intValue":"9223372036854775807"}');
    expect(before[0]?.attributes.get("bytes")).toBe('{"bytesValue":"AAEC"}');
    expect(before[0]?.attributes.get("nul")).toBe('"a\\u0000b"');
    expect(before[0]?.attributes.get("__proto__")).toBe('"kept"');
    expect(before[0]?.events[0]?.timeUnixNano).toBe(9_223_372_036_854_775_807n);
    expect(before[0]?.links[0]?.traceState).toBe('a="b"');
    expect(before[0]?.statusMessage).toBe("it's broken");

    await lake.flush();
    expect(await lake.spansOf(sent.traceId)).toEqual(before);
    expect(log.released.get(log.owner)).toBe(1);
    expect(lake.statistics()).toMatchObject({ unflushedSpans: 0, unflushedBytes: 0, flushes: 1 });
  });

  it("stores a repeated body once and answers the same", async () => {
    const lake = await openLake(new MemoryIngestLog());
    const sent = span();
    const broken = span({ traceId: "00" });
    const first = await ingest(lake, body([sent, broken]));
    const again = await ingest(lake, body([sent, broken]));
    expect(again.duplicate).toBe(true);
    expect(again.rejected).toEqual(first.rejected);
    expect(first.rejected).toMatchObject([{ index: 1 }]);
    expect(await lake.spansOf(sent.traceId)).toHaveLength(1);
  });

  it("keeps nothing of a request whose log append failed", async () => {
    const log = new MemoryIngestLog();
    const lake = await openLake(log);
    log.failure = new ScouterError({ code: "X", kind: "unavailable", message: "no disk" });
    const lost = span();
    await expect(ingest(lake, body([lost]))).rejects.toMatchObject({ kind: "unavailable" });
    log.failure = undefined;
    const kept = span();
    await ingest(lake, body([kept]));
    expect(await lake.spansOf(lost.traceId)).toEqual([]);
    expect(await lake.spansOf(kept.traceId)).toHaveLength(1);
  });

  it("hands over what it found before the request is logged", async () => {
    const log = new MemoryIngestLog();
    const lake = await openLake(log);
    const tagged = span({
      attributes: [{ key: "scouter.tracing.tag.team", value: { stringValue: "red" } }],
    });
    const refusal = new ScouterError({ code: "X", kind: "unavailable", message: "no database" });
    const send = (beforeLog: NonNullable<IngestRequest["beforeLog"]>) =>
      lake.ingest({
        body: body([tagged]),
        format: "otlp-json",
        contentEncoding: "identity",
        beforeLog,
      });
    await expect(send(() => Promise.reject(refusal))).rejects.toMatchObject({ code: "X" });
    expect(log.entries.size).toBe(0);
    expect(await lake.spansOf(tagged.traceId)).toEqual([]);

    const found: SpanFindings[] = [];
    await send(async (findings) => void found.push(findings));
    expect(found[0]?.tags).toEqual([{ traceId: tagged.traceId, key: "team", value: "red" }]);
    expect(await lake.spansOf(tagged.traceId)).toHaveLength(1);
  });

  it("refuses an undecodable body and goes on", async () => {
    const lake = await openLake(new MemoryIngestLog());
    await expect(ingest(lake, new TextEncoder().encode("{"))).rejects.toMatchObject({
      kind: "invalid",
    });
    const sent = span();
    await ingest(lake, body([sent]));
    expect(await lake.spansOf(sent.traceId)).toHaveLength(1);
  });

  it("refuses a request of invalid spans past counting", async () => {
    const lake = await openLake(new MemoryIngestLog());
    const flood = body(Array.from({ length: 10_001 }, () => span({ traceId: "" })));
    await expect(ingest(lake, flood)).rejects.toMatchObject({ code: "LAKE_TOO_MANY_REJECTED" });
  });

  it("shows each span exactly once while flushes and reads race", async () => {
    const lake = await openLake(new MemoryIngestLog());
    const traceId = newTraceId();
    let sent = 0;
    for (let round = 0; round < 30; round += 1) {
      const spans = Array.from({ length: 7 }, () => span({ traceId }));
      await ingest(lake, body(spans));
      sent += spans.length;
      const flushing = round % 3 === 0 ? lake.flush() : Promise.resolve();
      const counts = await Promise.all([lake.counts(), lake.spansOf(traceId), lake.counts()]);
      expect(counts[0].spans).toBe(sent);
      expect(counts[1]).toHaveLength(sent);
      expect(counts[2].spans).toBe(sent);
      await flushing;
    }
  });
});

describe("a flush that fails", () => {
  it("keeps the spans readable and in the log, and commits them later, once", async () => {
    const log = new MemoryIngestLog();
    const failures: string[] = [];
    const lake = await openLake(log, [], (error) => failures.push(error.code));
    const first = span();
    await ingest(lake, body([first]));
    await rm(join(root, ".writing"), { recursive: true });
    await expect(lake.flush()).rejects.toBeInstanceOf(ScouterError);
    expect(failures).toEqual(["LAKE_FLUSH_FAILED"]);
    const second = span();
    await ingest(lake, body([second]));
    expect(await lake.counts()).toMatchObject({ spans: 2 });
    expect(log.released.get(log.owner)).toBeUndefined();

    await mkdir(join(root, ".writing"));
    await lake.flush();
    expect(await lake.counts()).toMatchObject({ spans: 2 });
    expect(log.released.get(log.owner)).toBe(2);
    expect(lake.statistics()).toMatchObject({ unflushedSpans: 0, flushFailures: 1 });
  });
});

describe("replay", () => {
  it("commits what an ended process left in the log, once", async () => {
    const first = new MemoryIngestLog();
    const lake = await openLake(first);
    const flushed = span();
    await ingest(lake, body([flushed]));
    await lake.flush();
    const left = span();
    await ingest(lake, body([left]));
    // The process dies here: its log keeps entry 2, its segment is gone.
    const second = new MemoryIngestLog(first);
    const reopened = await openLake(second);
    expect(await reopened.counts()).toMatchObject({ spans: 2, traces: 2 });
    expect(await reopened.spansOf(left.traceId)).toHaveLength(1);
    expect(first.released.get(first.owner)).toBe(2);
    expect(await new MemoryIngestLog(second).adoptable()).toEqual([]);
  });

  it("puts an entry aside that is not what the log compresses, and goes on", async () => {
    const first = new MemoryIngestLog();
    const lake = await openLake(first);
    const good = span();
    await ingest(lake, body([span()]));
    await ingest(lake, body([good]));
    const payload = new TextEncoder().encode("no zstd");
    const [spoiled, ...others] = first.entries.get(first.owner) ?? [];
    first.entries.set(first.owner, [{ ...(spoiled as NewIngestEntry), payload }, ...others]);
    const letters: DeadLetter[] = [];
    const reopened = await openLake(new MemoryIngestLog(first), letters);
    expect(letters).toMatchObject([
      { owner: first.owner, sequence: 1, payload, format: "otlp-json" },
    ]);
    expect(await reopened.spansOf(good.traceId)).toHaveLength(1);
    expect(first.released.get(first.owner)).toBe(2);
  });

  it("puts an entry that cannot be decoded aside and goes on", async () => {
    const first = new MemoryIngestLog();
    const lake = await openLake(first);
    const good = span();
    await ingest(lake, body([span()]));
    await ingest(lake, body([good]));
    const entries = first.entries.get(first.owner) ?? [];
    const spoiled = entries.map((entry, index) =>
      index === 0 ? { ...entry, format: "otlp-protobuf" as const } : entry,
    );
    first.entries.set(first.owner, spoiled);
    const letters: DeadLetter[] = [];
    const reopened = await openLake(new MemoryIngestLog(first), letters);
    expect(letters).toMatchObject([{ owner: first.owner, sequence: 1 }]);
    expect(await reopened.spansOf(good.traceId)).toHaveLength(1);
    expect(first.released.get(first.owner)).toBe(2);
  });
});

describe("bytes that wait for a flush", () => {
  it("are bounded: more is refused with a pause, and all that was acknowledged is kept", async () => {
    const lake = await openLake(new MemoryIngestLog(), [], undefined, 2_000);
    const acknowledged: string[] = [];
    let refusal: unknown;
    while (refusal === undefined) {
      const one = span({ attributes: [noise(200)] });
      await ingest(lake, body([one])).then(
        () => acknowledged.push(one.traceId),
        (error: unknown) => (refusal = error),
      );
    }
    expect(refusal).toMatchObject({
      code: "LAKE_BACKLOG_FULL",
      kind: "busy",
      retryAfterMs: 1_000,
    });
    expect(acknowledged.length).toBeGreaterThan(1);
    await lake.flush();
    const again = span();
    await ingest(lake, body([again]));
    expect(lake.statistics()).toMatchObject({ unflushedSpans: 1 });
    const stored = await Promise.all(acknowledged.map((id) => lake.spansOf(id)));
    expect(stored.map((spans) => spans.length)).toEqual(acknowledged.map(() => 1));
    expect((await lake.counts()).spans).toBe(acknowledged.length + 1);
  });

  /** Does not compress. */
  const noise = (size: number) => ({
    key: "noise",
    value: { stringValue: randomBytes(size).toString("base64") },
  });
});

describe("listTraces", () => {
  /** Ten traces, one a second, the newest last; every third has an error, services alternate. */
  async function fill(lake: TraceLake): Promise<string[]> {
    const traceIds: string[] = [];
    for (let index = 0; index < 10; index += 1) {
      const traceId = newTraceId();
      const rootId = newSpanId();
      const at = (offset: number) => nano(index * 1000 + offset);
      const root = span({
        traceId,
        spanId: rootId,
        name: `root ${index}`,
        startTimeUnixNano: at(0),
        endTimeUnixNano: at(100),
      });
      const child = span({
        traceId,
        parentSpanId: rootId,
        name: "child",
        startTimeUnixNano: at(10),
        endTimeUnixNano: at(50),
        status: index % 3 === 0 ? { code: 2, message: "failed" } : { code: 1 },
      });
      await ingest(lake, body([child, root], index % 2 === 0 ? "even" : "odd"));
      if (index === 4) await lake.flush();
      traceIds.push(traceId);
    }
    return traceIds;
  }

  it("gives newest first with the root's face and counts", async () => {
    const lake = await openLake(new MemoryIngestLog());
    const traceIds = await fill(lake);
    const { items, hasMore } = await lake.listTraces(query());
    expect(items.map((item) => item.traceId)).toEqual(traceIds.toReversed());
    expect(hasMore).toBe(false);
    expect(items[0]).toMatchObject({
      serviceName: "odd",
      rootOperation: "root 9",
      spanCount: 2,
      errorCount: 1,
      statusCode: 2,
      statusMessage: "failed",
      scopeVersion: null,
    });
    expect(items[0]?.resourceAttributes.get("service.name")).toBe('"odd"');
  });

  it("pages forward and back over the same order", async () => {
    const lake = await openLake(new MemoryIngestLog());
    const traceIds = await fill(lake);
    const newestFirst = traceIds.toReversed();
    const first = await lake.listTraces(query({ limit: 4 }));
    expect(first.items.map((item) => item.traceId)).toEqual(newestFirst.slice(0, 4));
    expect(first.hasMore).toBe(true);
    const last = first.items.at(-1);
    if (last === undefined) throw new Error("no item");
    const second = await lake.listTraces(query({ limit: 4, cursor: last }));
    expect(second.items.map((item) => item.traceId)).toEqual(newestFirst.slice(4, 8));
    const head = second.items[0];
    if (head === undefined) throw new Error("no item");
    const back = await lake.listTraces(query({ limit: 3, cursor: head, direction: "previous" }));
    expect(back.items.map((item) => item.traceId)).toEqual(newestFirst.slice(1, 4).toReversed());
    expect(back.hasMore).toBe(true);
  });

  it.each([
    { name: "service", filter: { serviceName: "even" }, expected: [0, 2, 4, 6, 8] },
    { name: "errors", filter: { hasErrors: true }, expected: [0, 3, 6, 9] },
    { name: "no errors", filter: { hasErrors: false }, expected: [1, 2, 4, 5, 7, 8] },
    { name: "status", filter: { statusCode: 2 }, expected: [0, 3, 6, 9] },
    {
      name: "times",
      filter: { startTimeFrom: baseMs + 2000, startTimeTo: baseMs + 5000 },
      expected: [2, 3, 4],
    },
    { name: "nothing", filter: { serviceName: "it's" }, expected: [] },
  ])("filters by $name", async ({ filter, expected }) => {
    const lake = await openLake(new MemoryIngestLog());
    const traceIds = await fill(lake);
    const { items } = await lake.listTraces(query(filter));
    expect(items.map((item) => traceIds.indexOf(item.traceId)).toReversed()).toEqual(expected);
  });

  it("is empty on an empty lake", async () => {
    const lake = await openLake(new MemoryIngestLog());
    expect(await lake.listTraces(query())).toEqual({ items: [], hasMore: false });
    expect(await lake.counts()).toEqual({ traces: 0, spans: 0, errorSpans: 0 });
    expect(await lake.spansOf(newTraceId())).toEqual([]);
  });
});
