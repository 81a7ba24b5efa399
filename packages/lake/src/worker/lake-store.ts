import { createHash, randomUUID } from "node:crypto";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import {
  decodeMessageJson,
  decodeOtlpJson,
  decodeOtlpProtobuf,
  type DecodedExport,
  type SpanRow,
} from "@scouter/telemetry";
import { errors } from "../errors.ts";
import type { HeldFiles } from "../cache/file-cache.ts";
import { openEngine, type Engine } from "../engine/duckdb-engine.ts";
import type { PayloadFormat } from "../ingest-log/ingest-log.ts";
import type { MaintenanceNeed, MaintenanceQuestion } from "../maintenance/lake-maintenance.ts";
import { planMaintenance } from "../maintenance/maintenance-plan.ts";
import { lakeCounts } from "../reader/lake-counts.ts";
import { listTraces } from "../reader/list-traces.ts";
import type { ReadView } from "../reader/read-view.ts";
import { spansOfTrace } from "../reader/spans-of-trace.ts";
import { openSpanTable, type SpanTable } from "../table/span-table.ts";
import type { LakeCounts, TraceList, TraceQuery } from "../trace-lake.ts";
import { searchTraces } from "../traces/search-traces.ts";
import { traceFacets, traceServices } from "../traces/trace-facets.ts";
import { traceHistogram } from "../traces/trace-histogram.ts";
import type {
  FacetQuery,
  HistogramQuery,
  ServiceCount,
  SpanQuery,
  TimeRange,
  TraceBucket,
  TraceFacetCounts,
  TraceSearch,
  TraceSearchPage,
  TraceTree,
  TraceTreeQuery,
} from "../traces/trace-queries.ts";
import { traceTree } from "../traces/trace-tree.ts";
import { decodeContent } from "../writer/content-decoding.ts";
import type { Segment } from "../writer/segment.ts";
import { SegmentQueue } from "../writer/segment-queue.ts";
import { stagedSpan, type StagedSpan } from "../writer/staged-rows.ts";
import { writeSegment } from "../writer/write-segment.ts";
import type { DecodedRequest, LakeCalls, LakeWorkerData } from "./protocol.ts";

/**
 * The state of the lake worker: decoded requests that wait for their log entry, segments, the table and the engine.
 *
 * Everything here runs on the worker's one thread; only engine statements and file writes run beside it, so the
 * published snapshot and the segment list always change together, between two awaits.
 */
export class LakeStore {
  readonly #data: LakeWorkerData;
  readonly #engine: Engine;
  readonly #table: SpanTable;
  readonly #segments: SegmentQueue;
  readonly #tickets = new Map<number, readonly StagedSpan[]>();
  #nextTicket = 1;
  readonly #flushing = new Map<string, Promise<unknown>>();
  readonly #reads = new Set<Promise<unknown>>();

  private constructor(data: LakeWorkerData, engine: Engine, table: SpanTable) {
    this.#data = data;
    this.#engine = engine;
    this.#table = table;
    this.#segments = new SegmentQueue(engine.writer);
  }

  static async open(data: LakeWorkerData): Promise<LakeStore> {
    const table = await openSpanTable(data);
    const engine = await openEngine(data);
    return new LakeStore(data, engine, table);
  }

  decode(input: LakeCalls["decode"]["input"]): DecodedRequest {
    const digest = createHash("sha1").update(input.body).digest();
    const bytes = decodeContent(input.body, input.contentEncoding, input.maxInflatedBytes);
    const decoded = decodeBody(bytes, input.format);
    refuseFlood(decoded.rejected);
    const ticket = this.#nextTicket++;
    this.#tickets.set(ticket, staged(decoded, input.receivedAt));
    return {
      ticket,
      spanCount: decoded.spans.length,
      rejected: decoded.rejected,
      tags: decoded.tags,
      baggage: decoded.baggage,
      digest: new Uint8Array(digest),
      payload: compress(bytes),
    };
  }

  discard(ticket: number): void {
    this.#tickets.delete(ticket);
  }

  /** The owner's watermark in the table; its entries above it are to be admitted. */
  async beginOwner(owner: string): Promise<{ watermark: number }> {
    // Somebody else may have committed for it a moment ago.
    await this.#table.refresh();
    await this.#segments.end(owner);
    const watermark = this.#table.watermark(owner);
    this.#segments.begin(owner, watermark + 1);
    return { watermark };
  }

  async endOwner(owner: string): Promise<void> {
    await this.#segments.end(owner);
  }

  orphanOwner(owner: string): void {
    this.#segments.orphan(owner);
  }

  async admit(input: LakeCalls["admit"]["input"]): Promise<void> {
    const spans = this.#tickets.get(input.ticket) ?? [];
    this.#tickets.delete(input.ticket);
    // Adopted between its append and here, and ended already: the entry is in the log, where its adopter finds it.
    if (!this.#segments.has(input.owner)) return;
    await this.#segments.admit(input.owner, input.sequence, spans);
  }

  admitNothing(input: LakeCalls["admitNothing"]["input"]): Promise<void> {
    return this.#segments.admit(input.owner, input.sequence, []);
  }

  async replay(input: LakeCalls["replay"]["input"]): Promise<{ spanCount: number }> {
    const decoded = decodeBody(zstdDecompressSync(input.payload), input.format);
    await this.#segments.admit(input.owner, input.sequence, staged(decoded, input.receivedAt));
    return { spanCount: decoded.spans.length };
  }

  /** Commits the owner's segments, oldest first, each as one Delta commit; one flush of an owner at a time. */
  async flush(owner: string): Promise<LakeCalls["flush"]["output"]> {
    const before = this.#flushing.get(owner) ?? Promise.resolve();
    const run = before.then(() => this.#flushOwner(owner));
    this.#flushing.set(
      owner,
      run.catch(() => undefined),
    );
    return await run;
  }

  async #flushOwner(owner: string): Promise<LakeCalls["flush"]["output"]> {
    let spans = 0;
    let watermark = this.#table.watermark(owner);
    await this.#segments.sweepOrphans((orphan) => this.#table.watermark(orphan));
    for (const segment of await this.#segments.sealed(owner)) {
      if (segment.spanCount > 0 && !(await this.#commit(segment))) {
        return { watermark, spans, deltaVersion: this.#table.version(), isLost: true };
      }
      // Published and removed without a wait between: a read sees the rows exactly once.
      this.#segments.remove(segment);
      await segment.drop();
      spans += segment.spanCount;
      watermark = Math.max(watermark, segment.lastSequence);
    }
    return { watermark, spans, deltaVersion: this.#table.version(), isLost: false };
  }

  /**
   * False when another process has committed for the owner meanwhile: the rest is its business. Of two that hold the
   * same entries one commits, since each insists that no commit of this owner came after the one it knows.
   */
  async #commit(segment: Segment): Promise<boolean> {
    const known = this.#table.watermark(segment.owner);
    // A commit whose reply was lost may be in place: then there is nothing left to write.
    if (known >= segment.lastSequence) return true;
    if (known >= segment.firstSequence) return false;
    const files = await this.#engine.withConnection((connection) =>
      writeSegment(
        {
          connection,
          files: this.#table.dataFiles,
          temporaryFolder: this.#data.temporaryFolder,
          newFileId: randomUUID,
          nowMs: Date.now,
        },
        segment,
      ),
    );
    const { owner, firstSequence, lastSequence } = segment;
    return this.#table.append({ owner, firstSequence, lastSequence, files });
  }

  listTraces(query: TraceQuery): Promise<TraceList> {
    return this.#read((connection, view) => listTraces(connection, view, query));
  }

  spansOf(traceId: string, signal?: AbortSignal): Promise<readonly SpanRow[]> {
    return this.#read((connection, view) => spansOfTrace(connection, view, traceId), signal);
  }

  async spanOf({ traceId, spanId }: SpanQuery, signal: AbortSignal): Promise<SpanRow | undefined> {
    const spans = await this.#read(
      (connection, view) => spansOfTrace(connection, view, traceId, spanId),
      signal,
    );
    return spans[0];
  }

  searchTraces(search: TraceSearch, signal: AbortSignal): Promise<TraceSearchPage> {
    return this.#read((connection, view) => searchTraces(connection, view, search), signal);
  }

  traceHistogram(query: HistogramQuery, signal: AbortSignal): Promise<readonly TraceBucket[]> {
    return this.#read((connection, view) => traceHistogram(connection, view, query), signal);
  }

  traceFacets(query: FacetQuery, signal: AbortSignal): Promise<TraceFacetCounts> {
    return this.#read((connection, view) => traceFacets(connection, view, query), signal);
  }

  traceServices(range: TimeRange, signal: AbortSignal): Promise<readonly ServiceCount[]> {
    return this.#read((connection, view) => traceServices(connection, view, range), signal);
  }

  traceTree(query: TraceTreeQuery, signal: AbortSignal): Promise<TraceTree | undefined> {
    return this.#read((connection, view) => traceTree(connection, view, query), signal);
  }

  counts(): Promise<LakeCounts> {
    return this.#read(lakeCounts);
  }

  async maintenanceNeed({ settings, skip }: MaintenanceQuestion): Promise<MaintenanceNeed> {
    await this.#table.refreshIfOld();
    const plan = planMaintenance(this.#table.files(), settings, Date.now());
    const isDue = plan.some(({ partition }) => !skip.includes(partition));
    return { isDue, epoch: this.#table.maintenanceEpoch() };
  }

  #read<Result>(
    query: (connection: Parameters<typeof lakeCounts>[0], view: ReadView) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    const read = this.#withView((view) =>
      this.#engine.withReader((connection) => {
        // The caller may have gone while a connection was made: then there is no statement to interrupt.
        signal?.throwIfAborted();
        return query(connection, view);
      }, signal),
    );
    this.#reads.add(read);
    const forget = () => this.#reads.delete(read);
    read.then(forget, forget);
    return read;
  }

  async #withView<Result>(work: (view: ReadView) => Promise<Result>): Promise<Result> {
    await this.#table.refreshIfOld();
    const view = this.#pin();
    try {
      return await work(view);
    } finally {
      await view.release();
    }
  }

  /** Segments first, then the snapshot, without a wait between: together they are everything, once. */
  #pin(): ReadView {
    // Of a segment that another process commits in several steps, the first step hides all: never twice.
    const segments = this.#segments
      .readable()
      .filter((segment) => segment.firstSequence > this.#table.watermark(segment.owner));
    for (const segment of segments) segment.pin();
    const held: HeldFiles[] = [];
    return {
      files: this.#table.files(),
      segments,
      hold: async (files) => {
        const holding = this.#table.hold(files);
        held.push(holding);
        await holding.ready();
      },
      release: async () => {
        for (const holding of held) holding.release();
        for (const segment of segments) await segment.unpin();
      },
    };
  }

  /** Ends after what runs: the engine must be idle when its thread ends. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#reads, ...this.#flushing.values()]);
    await this.#table.close();
    this.#engine.close();
  }
}

function decodeBody(bytes: Uint8Array, format: PayloadFormat): DecodedExport {
  switch (format) {
    case "otlp-protobuf":
      return decodeOtlpProtobuf(bytes);
    case "otlp-json":
      return decodeOtlpJson(bytes);
    case "message-json":
      return decodeMessageJson(bytes);
  }
}

/** Every refusal is named, logged and remembered for a repeat; a hostile body could hold a million of them. */
const MAX_REJECTED = 10_000;

function refuseFlood(rejected: DecodedExport["rejected"]): void {
  if (rejected.length <= MAX_REJECTED) return;
  const first = rejected[0]?.reason ?? "";
  throw errors.LAKE_TOO_MANY_REJECTED({ rejected: rejected.length, limit: MAX_REJECTED, first });
}

function staged(decoded: DecodedExport, receivedAtMs: number): readonly StagedSpan[] {
  return decoded.spans.map((span) => stagedSpan(span, receivedAtMs));
}

/** Level 1: 12 times smaller for under a microsecond a span, which the log earns back several times. */
function compress(bytes: Uint8Array): Uint8Array {
  const params = { [constants.ZSTD_c_compressionLevel]: 1 };
  return new Uint8Array(zstdCompressSync(bytes, { params }));
}
