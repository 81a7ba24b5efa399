import type { ScouterErrorFields } from "@scouter/contracts";
import type { BaggageEntry, RejectedSpan, SpanRow, TraceTag } from "@scouter/telemetry";
import type { TraceSighting } from "../activity/trace-sighting.ts";
import type { GenAiGroup, GenAiGroupQuery, GenAiSpanQuery } from "../genai/genai-queries.ts";
import type { PayloadFormat } from "../ingest-log/ingest-log.ts";
import type { MaintenanceNeed, MaintenanceQuestion } from "../maintenance/lake-maintenance.ts";
import type { DataFilesPlace } from "../table/data-files.ts";
import type { ThreadEnd } from "./thread-end.ts";
import type { ServiceEdge, ServiceEdgeQuery } from "../service-map/service-map-queries.ts";
import type {
  IngestRequest,
  LakeCounts,
  TraceList,
  TracePoint,
  TraceQuery,
  TraceSeriesQuery,
} from "../trace-lake.ts";
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

/** What the lake worker is started with. */
export interface LakeWorkerData extends DataFilesPlace {
  /** Absolute folder for files on their way; on the same file system as `root`. */
  readonly temporaryFolder: string;
  readonly threads: number;
  readonly memoryLimitMb: number;
  /** A read refreshes a snapshot older than this, milliseconds. */
  readonly refreshIntervalMs: number;
  /** A read that takes longer is ended, milliseconds. */
  readonly queryLimitMs: number;
}

/** With what only the thread itself needs to know. */
export interface LakeThreadData extends LakeWorkerData {
  readonly end: ThreadEnd;
}

/** Requests to the lake worker and the value each answers with. */
export interface LakeCalls {
  decode: {
    input: {
      readonly body: Uint8Array;
      readonly format: PayloadFormat;
      readonly contentEncoding: IngestRequest["contentEncoding"];
      readonly maxInflatedBytes: number;
      readonly receivedAt: number;
    };
    output: DecodedRequest;
  };
  /** Starts an owner: entries above the returned watermark are wanted (0 when the lake holds none). */
  beginOwner: { input: { readonly owner: string }; output: { readonly watermark: number } };
  endOwner: { input: { readonly owner: string }; output: void };
  /** Another process commits for this owner: its segments are only read, and dropped once the table holds them. */
  orphanOwner: { input: { readonly owner: string }; output: void };
  /** The decoded request `ticket` is durable as this entry. */
  admit: {
    input: { readonly ticket: number; readonly owner: string; readonly sequence: number };
    output: { readonly isAwaited: boolean };
  };
  /** The decoded request `ticket` is not wanted (a repeat, or its append failed). */
  discard: { input: { readonly ticket: number }; output: void };
  /** Decodes a stored entry again and admits it; rejects when it cannot be decoded. */
  replay: {
    input: {
      readonly owner: string;
      readonly sequence: number;
      readonly payload: Uint8Array;
      readonly format: PayloadFormat;
      readonly receivedAt: number;
    };
    output: { readonly spanCount: number };
  };
  /**
   * Seals what an owner has for a flush. Answers with the last entry of it, and what of awaited traces was not told
   * before; batches up to `toldBatch` were.
   */
  prepareFlush: {
    input: { readonly owner: string; readonly toldBatch: number };
    output: {
      readonly through: number;
      readonly batch: number;
      readonly sightings: readonly TraceSighting[];
    };
  };
  /** Spans of these traces are noted from now on, and found among those that wait for a flush. */
  awaitTraces: {
    input: { readonly traceIds: readonly string[] };
    output: { readonly isAwaited: boolean };
  };
  sightingsOf: {
    input: { readonly traceIds: readonly string[] };
    output: readonly TraceSighting[];
  };
  /** Reads what other processes committed. */
  refresh: { input: undefined; output: void };
  /** Keeps the sequence without spans: an entry that cannot be replayed must not hold up the ones behind it. */
  admitNothing: {
    input: { readonly owner: string; readonly sequence: number };
    output: void;
  };
  /** Commits an owner's sealed segments up to this entry; answers with its watermark afterwards. */
  flush: {
    input: { readonly owner: string; readonly through: number };
    output: {
      readonly watermark: number;
      readonly spans: number;
      readonly deltaVersion: number;
      /** Another process commits for this owner: what is left was not committed and must not be. */
      readonly isLost: boolean;
    };
  };
  listTraces: { input: TraceQuery; output: TraceList };
  spansOf: {
    input: { readonly traceId: string; readonly limit?: number | undefined };
    output: readonly SpanRow[];
  };
  counts: { input: undefined; output: LakeCounts };
  searchTraces: { input: TraceSearch; output: TraceSearchPage };
  traceHistogram: { input: HistogramQuery; output: readonly TraceBucket[] };
  traceFacets: { input: FacetQuery; output: TraceFacetCounts };
  traceServices: { input: TimeRange; output: readonly ServiceCount[] };
  traceTree: { input: TraceTreeQuery; output: TraceTree | undefined };
  spanOf: { input: SpanQuery; output: SpanRow | undefined };
  traceSeries: { input: TraceSeriesQuery; output: readonly TracePoint[] };
  serviceEdges: { input: ServiceEdgeQuery; output: readonly ServiceEdge[] };
  genAiGroups: { input: GenAiGroupQuery; output: readonly GenAiGroup[] };
  genAiSpans: { input: GenAiSpanQuery; output: readonly SpanRow[] };
  maintenanceNeed: { input: MaintenanceQuestion; output: MaintenanceNeed };
  close: { input: undefined; output: void };
}

export interface DecodedRequest {
  readonly ticket: number;
  readonly spanCount: number;
  readonly rejected: readonly RejectedSpan[];
  readonly tags: readonly TraceTag[];
  readonly baggage: readonly BaggageEntry[];
  /** SHA-1 of the body as received. */
  readonly digest: Uint8Array;
  /** The inflated body, zstd-compressed. */
  readonly payload: Uint8Array;
}

export type LakeCallName = keyof LakeCalls;

export interface LakeCallMessage {
  readonly id: number;
  readonly name: LakeCallName;
  readonly input: unknown;
}

/** The caller no longer wants the answer of this call. It is answered all the same, mostly with an error. */
export interface LakeCancelMessage {
  readonly cancel: number;
}

/** The process ends: the engine is to stop at once, and nothing is answered any more. */
export interface LakeHaltMessage {
  readonly halt: true;
}

export type LakeReplyMessage =
  | { readonly id: number; readonly output: unknown }
  | { readonly id: number; readonly error: Omit<ScouterErrorFields, "cause"> };

/** Sent once when the worker is able to serve, or has failed to. */
export type LakeReadyMessage =
  | { readonly ready: true }
  | { readonly failed: Omit<ScouterErrorFields, "cause"> };
