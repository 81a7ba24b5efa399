import { createHash, randomUUID } from "node:crypto";
import { constants, zstdCompressSync } from "node:zlib";
import {
  decodeMessageJson,
  decodeOtlpJson,
  decodeOtlpProtobuf,
  type DecodedExport,
  type SpanRow,
} from "@scouter/telemetry";
import type { DuckDBConnection } from "@duckdb/node-api";
import { systemClock } from "@scouter/contracts";
import type { AddFile } from "@scouter/delta";
import { findInSegment, findSightings } from "../activity/find-sightings.ts";
import { SpanSightings } from "../activity/span-sightings.ts";
import type { TraceSighting } from "../activity/trace-sighting.ts";
import { errors } from "../errors.ts";
import { openEngine, type Engine } from "../engine/duckdb-engine.ts";
import { genAiGroups } from "../genai/genai-groups.ts";
import type { GenAiGroup, GenAiGroupQuery, GenAiSpanQuery } from "../genai/genai-queries.ts";
import { genAiSpanList } from "../genai/genai-span-list.ts";
import type { PayloadFormat } from "../ingest-log/ingest-log.ts";
import type { MaintenanceNeed, MaintenanceQuestion } from "../maintenance/lake-maintenance.ts";
import { openTraceIndex } from "../lookup/open-trace-index.ts";
import { summaryWork } from "../maintenance/lake-maintainer.ts";
import { planMaintenance } from "../maintenance/maintenance-plan.ts";
import { lakeCounts } from "../reader/lake-counts.ts";
import { listTraces } from "../reader/list-traces.ts";
import { type IndexedTable, pinView } from "../reader/pinned-view.ts";
import { isSmallLookup, type ReadView } from "../reader/read-view.ts";
import { withinQueryLimit } from "../reader/query-limit.ts";
import { spansOfTrace } from "../reader/spans-of-trace.ts";
import { summarizeEarlier } from "../summary/summarize-earlier.ts";
import { summaryTableDefinition } from "../table/span-delta.ts";
import { openSpanTable, type SpanTable } from "../table/span-table.ts";
import { serviceEdges } from "../service-map/service-edges.ts";
import type { ServiceEdge, ServiceEdgeQuery } from "../service-map/service-map-queries.ts";
import type {
  LakeCounts,
  TraceList,
  TracePoint,
  TraceQuery,
  TraceSeriesQuery,
} from "../trace-lake.ts";
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
import { traceSeries } from "../traces/trace-series.ts";
import { traceTree } from "../traces/trace-tree.ts";
import { decodeContent } from "../writer/content-decoding.ts";
import type { Segment } from "../writer/segment.ts";
import { SegmentQueue } from "../writer/segment-queue.ts";
import {
  type AdmittedSpans,
  admittedSpans,
  NO_SPANS,
  seenSpans,
} from "../writer/admitted-spans.ts";
import {
  writeSegment,
  type WrittenTable,
  writtenFragments,
  writtenSpans,
} from "../writer/write-segment.ts";
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
  readonly #summaries: SpanTable;
  readonly #indexed: { readonly spans: IndexedTable; readonly summaries: IndexedTable };
  readonly #segments: SegmentQueue;
  readonly #sightings = new SpanSightings();
  readonly #tickets = new Map<number, AdmittedSpans>();
  #nextTicket = 1;
  readonly #flushing = new Map<string, Promise<unknown>>();
  readonly #reads = new Set<Promise<unknown>>();

  private constructor(
    data: LakeWorkerData,
    engine: Engine,
    tables: { readonly spans: SpanTable; readonly summaries: SpanTable },
  ) {
    this.#data = data;
    this.#engine = engine;
    this.#table = tables.spans;
    this.#summaries = tables.summaries;
    const indexed = (table: SpanTable) => ({ table, index: openTraceIndex(engine, table) });
    this.#indexed = { spans: indexed(tables.spans), summaries: indexed(tables.summaries) };
    this.#segments = new SegmentQueue(engine);
  }

  static async open(data: LakeWorkerData): Promise<LakeStore> {
    const spans = await openSpanTable(data);
    const summaries = await openSpanTable(data, summaryTableDefinition);
    const engine = await openEngine(data);
    const store = new LakeStore(data, engine, { spans, summaries });
    try {
      await summarizeEarlier({ spans, summaries, engine, ...store.#writing() });
    } catch (error) {
      await store.close();
      throw error;
    }
    return store;
  }

  decode(input: LakeCalls["decode"]["input"]): DecodedRequest {
    const digest = createHash("sha1").update(input.body).digest();
    const bytes = decodeContent(input.body, input.contentEncoding, input.maxInflatedBytes);
    const decoded = decodeBody(bytes, input.format);
    refuseFlood(decoded.rejected);
    const ticket = this.#nextTicket++;
    this.#tickets.set(ticket, admittedSpans(decoded.spans, input.receivedAt));
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
    await this.refresh();
    await this.#segments.end(owner);
    this.#sightings.end(owner);
    const watermark = this.#watermark(owner);
    // What one table holds already goes into the other alone.
    const cutAfter = Math.max(this.#table.watermark(owner), this.#summaries.watermark(owner));
    this.#segments.begin(owner, watermark + 1, cutAfter);
    return { watermark };
  }

  /** Last entry of an owner that all tables hold. */
  #watermark(owner: string): number {
    return Math.min(this.#table.watermark(owner), this.#summaries.watermark(owner));
  }

  async endOwner(owner: string): Promise<void> {
    await this.#segments.end(owner);
    this.#sightings.end(owner);
  }

  /** Its adopter tells of its awaited traces too. */
  orphanOwner(owner: string): void {
    this.#segments.orphan(owner);
    this.#sightings.end(owner);
  }

  async admit({ ticket, owner, sequence }: LakeCalls["admit"]["input"]) {
    const spans = this.#tickets.get(ticket) ?? NO_SPANS;
    this.#tickets.delete(ticket);
    // Adopted between its append and here, and ended already: the entry is in the log, where its adopter finds it.
    if (!this.#segments.has(owner)) return { isAwaited: false };
    return await this.#admit(owner, sequence, spans);
  }

  async #admit(owner: string, sequence: number, spans: AdmittedSpans) {
    const nowMs = systemClock.monotonicMs();
    const isAwaited = this.#sightings.note(owner, sequence, seenSpans(spans), nowMs);
    await this.#segments.admit(owner, sequence, spans.rows);
    return { isAwaited };
  }

  /** Also found among what waits for a flush, so that the next one tells of it. */
  async awaitTraces(traceIds: readonly string[]): Promise<{ readonly isAwaited: boolean }> {
    const added = this.#sightings.await(traceIds);
    if (added.length === 0) return { isAwaited: false };
    const nowMs = systemClock.monotonicMs();
    let isAwaited = false;
    const segments = this.#segments.readable();
    for (const segment of segments) segment.pin();
    try {
      for (const segment of segments) {
        const found = await this.#engine.withConnection((connection) =>
          findInSegment(connection, segment, added, nowMs),
        );
        this.#sightings.add(segment.owner, segment.lastSequence, found);
        isAwaited ||= found.size > 0;
      }
    } finally {
      for (const segment of segments) await segment.unpin();
    }
    return { isAwaited };
  }

  sightingsOf(traceIds: readonly string[]): Promise<readonly TraceSighting[]> {
    return this.#read((connection, view) => findSightings(connection, view, traceIds), {
      traceIds,
    });
  }

  /** Summaries first: what they tell of was committed before. */
  async refresh(): Promise<void> {
    await this.#summaries.refresh();
    await this.#table.refresh();
  }

  admitNothing(input: LakeCalls["admitNothing"]["input"]): Promise<void> {
    return this.#segments.admit(input.owner, input.sequence, NO_SPANS.rows);
  }

  async replay(input: LakeCalls["replay"]["input"]): Promise<{ spanCount: number }> {
    const bytes = decodeContent(input.payload, "zstd", MAX_REPLAYED_BYTES);
    const decoded = decodeBody(bytes, input.format);
    const spans = admittedSpans(decoded.spans, input.receivedAt);
    await this.#admit(input.owner, input.sequence, spans);
    return { spanCount: decoded.spans.length };
  }

  async prepareFlush({
    owner,
    toldBatch,
  }: LakeCalls["prepareFlush"]["input"]): Promise<LakeCalls["prepareFlush"]["output"]> {
    this.#sightings.told(owner, toldBatch);
    const sealed = await this.#segments.sealed(owner);
    const through = sealed.at(-1)?.lastSequence ?? this.#watermark(owner);
    return { through, ...this.#sightings.take(owner, through, systemClock.monotonicMs()) };
  }

  /** Commits the owner's segments, oldest first, each as one Delta commit; one flush of an owner at a time. */
  async flush({
    owner,
    through,
  }: LakeCalls["flush"]["input"]): Promise<LakeCalls["flush"]["output"]> {
    const before = this.#flushing.get(owner) ?? Promise.resolve();
    const run = before.then(() => this.#flushOwner(owner, through));
    this.#flushing.set(
      owner,
      run.catch(() => undefined),
    );
    return await run;
  }

  async #flushOwner(owner: string, through: number): Promise<LakeCalls["flush"]["output"]> {
    let spans = 0;
    let watermark = this.#watermark(owner);
    await this.#segments.sweepOrphans((orphan) => this.#watermark(orphan));
    for (const segment of this.#segments.sealedThrough(owner, through)) {
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
    // Files are nothing until a commit names them: both tables' are made at the same time.
    const made = await Promise.allSettled([
      this.#write(this.#table, segment, writtenSpans),
      this.#write(this.#summaries, segment, writtenFragments),
    ]);
    const [spans, summaries] = made.map((result) => {
      if (result.status === "rejected") throw result.reason;
      return result.value;
    });
    // What is in the summaries can be read in full: the spans go first.
    return (
      (await append(this.#table, segment, spans)) &&
      (await append(this.#summaries, segment, summaries))
    );
  }

  /** Undefined when the table holds some of it already. */
  async #write(
    table: SpanTable,
    segment: Segment,
    written: WrittenTable,
  ): Promise<readonly AddFile[] | undefined> {
    if (table.watermark(segment.owner) >= segment.firstSequence) return undefined;
    return this.#engine.withConnection((connection) =>
      writeSegment({ connection, files: table.dataFiles, ...this.#writing() }, segment, written),
    );
  }

  #writing() {
    return {
      temporaryFolder: this.#data.temporaryFolder,
      newFileId: randomUUID,
      nowMs: () => Date.now(),
    };
  }

  listTraces(query: TraceQuery): Promise<TraceList> {
    return this.#read((connection, view) => listTraces(connection, view, query));
  }

  spansOf(
    { traceId, limit }: LakeCalls["spansOf"]["input"],
    signal?: AbortSignal,
  ): Promise<readonly SpanRow[]> {
    return this.#read((connection, view) => spansOfTrace(connection, view, { traceId, limit }), {
      signal,
      traceIds: [traceId],
    });
  }

  async spanOf({ traceId, spanId }: SpanQuery, signal: AbortSignal): Promise<SpanRow | undefined> {
    const spans = await this.#read(
      (connection, view) => spansOfTrace(connection, view, { traceId, spanId }),
      { signal, traceIds: [traceId] },
    );
    return spans[0];
  }

  searchTraces(search: TraceSearch, signal: AbortSignal): Promise<TraceSearchPage> {
    return this.#read((connection, view) => searchTraces(connection, view, search), { signal });
  }

  traceHistogram(query: HistogramQuery, signal: AbortSignal): Promise<readonly TraceBucket[]> {
    return this.#read((connection, view) => traceHistogram(connection, view, query), { signal });
  }

  traceFacets(query: FacetQuery, signal: AbortSignal): Promise<TraceFacetCounts> {
    return this.#read((connection, view) => traceFacets(connection, view, query), { signal });
  }

  traceServices(range: TimeRange, signal: AbortSignal): Promise<readonly ServiceCount[]> {
    return this.#read((connection, view) => traceServices(connection, view, range), { signal });
  }

  traceTree(query: TraceTreeQuery, signal: AbortSignal): Promise<TraceTree | undefined> {
    return this.#read((connection, view) => traceTree(connection, view, query), {
      signal,
      traceIds: [query.traceId],
    });
  }

  traceSeries(query: TraceSeriesQuery, signal: AbortSignal): Promise<readonly TracePoint[]> {
    return this.#read((connection, view) => traceSeries(connection, view, query), { signal });
  }

  serviceEdges(query: ServiceEdgeQuery, signal: AbortSignal): Promise<readonly ServiceEdge[]> {
    return this.#read((connection, view) => serviceEdges(connection, view, query), { signal });
  }

  genAiGroups(query: GenAiGroupQuery, signal: AbortSignal): Promise<readonly GenAiGroup[]> {
    return this.#read((connection, view) => genAiGroups(connection, view, query), { signal });
  }

  genAiSpans(query: GenAiSpanQuery, signal: AbortSignal): Promise<readonly SpanRow[]> {
    return this.#read((connection, view) => genAiSpanList(connection, view, query), { signal });
  }

  counts(): Promise<LakeCounts> {
    return this.#read(lakeCounts);
  }

  async maintenanceNeed({ settings, skip }: MaintenanceQuestion): Promise<MaintenanceNeed> {
    await this.#refreshIfOld();
    const tables = [
      [this.#table, (partition: string) => partition],
      [this.#summaries, summaryWork],
    ] as const;
    const work = tables.flatMap(([table, nameOf]) =>
      planMaintenance(table.files(), settings, Date.now()).map((job) => nameOf(job.partition)),
    );
    const isDue = work.some((name) => !skip.includes(name));
    return { isDue, epoch: Math.max(...tables.map(([table]) => table.maintenanceEpoch())) };
  }

  async #refreshIfOld(): Promise<void> {
    await this.#summaries.refreshIfOld();
    await this.#table.refreshIfOld();
  }

  #read<Result>(
    query: (connection: DuckDBConnection, view: ReadView) => Promise<Result>,
    { signal, traceIds }: ReadOptions = {},
  ): Promise<Result> {
    const read = withinQueryLimit(this.#data.queryLimitMs, signal, (either) =>
      this.#withView(async (view) => {
        const isSmall = traceIds !== undefined && (await isSmallLookup(view, traceIds));
        const run = (connection: DuckDBConnection) => query(connection, view);
        return isSmall
          ? this.#engine.withConnection(run, either)
          : this.#engine.withReader(run, either);
      }),
    );
    this.#reads.add(read);
    const forget = () => this.#reads.delete(read);
    read.then(forget, forget);
    return read;
  }

  async #withView<Result>(work: (view: ReadView) => Promise<Result>): Promise<Result> {
    await this.#refreshIfOld();
    const view = pinView(this.#segments.readable(), this.#indexed);
    try {
      return await work(view);
    } finally {
      await view.release();
    }
  }

  /** Ends after what runs: the engine must be idle when its thread ends. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#reads, ...this.#flushing.values()]);
    await this.#table.close();
    await this.#summaries.close();
    await this.#engine.close();
  }
}

interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** What it asks for, when it is these traces alone. */
  readonly traceIds?: readonly string[];
}

/** As the table's `append`; a commit whose reply was lost may be in place, and then there is nothing left to do. */
async function append(
  table: SpanTable,
  { owner, firstSequence, lastSequence }: Segment,
  files: readonly AddFile[] | undefined,
): Promise<boolean> {
  const known = table.watermark(owner);
  if (known >= lastSequence) return true;
  if (known >= firstSequence || files === undefined) return false;
  return table.append({ owner, firstSequence, lastSequence, files });
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

/** It was within the limit of its day when it was taken, which may be above today's: only what no buffer holds is refused. */
const MAX_REPLAYED_BYTES = 2 ** 31 - 1;

/** Every refusal is named, logged and remembered for a repeat; a hostile body could hold a million of them. */
const MAX_REJECTED = 10_000;

function refuseFlood(rejected: DecodedExport["rejected"]): void {
  if (rejected.length <= MAX_REJECTED) return;
  const first = rejected[0]?.reason ?? "";
  throw errors.LAKE_TOO_MANY_REJECTED({ rejected: rejected.length, limit: MAX_REJECTED, first });
}

/** Level 1: 12 times smaller for under a microsecond a span, which the log earns back several times. */
function compress(bytes: Uint8Array): Uint8Array {
  const params = { [constants.ZSTD_c_compressionLevel]: 1 };
  return new Uint8Array(zstdCompressSync(bytes, { params }));
}
