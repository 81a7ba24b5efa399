/**
 * Which traces somebody waits for, and what is known of them: one row for each, kept by every process that makes spans
 * of it readable. Times are the database's; a process tells only how long ago something was.
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`): all calls may be repeated. A row is settled once for each
 * revision, whoever asks; what comes later opens it again, and the next settlement has the next revision.
 */
export interface TraceActivityRepository {
  /**
   * Says that these traces are waited for, and tells all that listen to `TRACES_WATCHED_CHANNEL`. Those that are known
   * already stay as they are. Resolves with the others: spans of theirs may have been received before.
   */
  watch(traceIds: readonly string[]): Promise<readonly string[]>;
  /** Traces with a row, settled or not, those first to which something happened last: whose spans are told of. */
  watched(limit: number): Promise<readonly string[]>;
  /**
   * Spans of these traces were received. Called before they are readable (`isReadable` false), so that a process that
   * dies in between leaves its trace behind, and again after; only the latter adds to `spanCount`. A trace that was
   * settled is open again. Rows of one call must have different trace ids.
   */
  record(seen: readonly TraceSighting[], options: { readonly isReadable: boolean }): Promise<void>;
  /**
   * Settles every open trace whose root has ended and for which nothing came for `quietMs` (`complete`), or which is
   * open for longer than `limitMs` (`cut`); at most `limit` of them, the longest quiet ones first. Each is told to
   * one caller, and to all that listen to `TRACES_SETTLED_CHANNEL` (ids only, one notice).
   */
  settle(request: SettleRequest): Promise<readonly TraceActivity[]>;
  /** Milliseconds until the next open trace is due to be settled, as far as is known now; undefined when none is. */
  nextDueMs(request: Omit<SettleRequest, "limit">): Promise<number | undefined>;
  /** By trace id; unknown ones are left out. */
  find(traceIds: readonly string[]): Promise<readonly TraceActivity[]>;
  /** Traces that say they queued any of these records, the earliest first. */
  findByQueues(queueIds: readonly string[]): Promise<readonly TraceActivity[]>;
  /**
   * Settled traces whose newest revision was not `dispatched`, if they name entities or were settled before: spans came late
   * then. Newest first, so that those which nobody can do anything with hold up no others.
   */
  undispatched(limit: number): Promise<readonly TraceActivity[]>;
  /** What these revisions ask for is done. */
  dispatched(done: readonly DispatchedTrace[]): Promise<void>;
  /** Forgets rows that nothing happened to for so long. Resolves with how many. */
  forget(olderThanMs: number): Promise<number>;
}

/** Channel of `settle`: trace ids, separated by commas; empty when there were too many to name. */
export const TRACES_SETTLED_CHANNEL = "scouter_traces_settled";
/** Channel of `watch`: as above. */
export const TRACES_WATCHED_CHANNEL = "scouter_traces_watched";

/** What a process received of one trace since it last told. */
export interface TraceSighting {
  readonly traceId: string;
  readonly spans: number;
  /** A span without parent is among them: spans are sent when they have ended. */
  readonly rootEnded: boolean;
  /** Since the latest of them was received. */
  readonly agoMs: number;
  readonly entityIds: readonly string[];
  readonly queueIds: readonly string[];
  /** Of the entities: those named beside a queued record, which is evaluated in its own right. */
  readonly queuedEntityIds: readonly string[];
}

export interface SettleRequest {
  readonly quietMs: number;
  readonly limitMs: number;
  readonly limit: number;
}

export interface DispatchedTrace {
  readonly traceId: string;
  readonly revision: number;
}

export interface TraceActivity {
  readonly traceId: string;
  /**
   * `open`: spans may still come. `complete`: the root has ended and it was quiet. `cut`: it was given up at the hard
   * limit. `awaited`: no span was seen yet.
   */
  readonly state: "awaited" | "open" | "complete" | "cut";
  /** How often it was settled: 0 before the first time. */
  readonly revision: number;
  /** Spans handed on so far; repeats count. For telling whether something came, not for showing. */
  readonly spanCount: number;
  readonly rootEnded: boolean;
  readonly entityIds: readonly string[];
  readonly queueIds: readonly string[];
  readonly queuedEntityIds: readonly string[];
  /** Since the last span; 0 while none was seen. */
  readonly quietMs: number;
}
