import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Clock, isScouterError } from "@scouter/contracts";
import { errors } from "./errors.ts";
import type { IngestLog } from "./ingest-log/ingest-log.ts";
import {
  LakeMaintenance,
  type LakeMaintenanceOptions,
  type MaintenanceQuestion,
} from "./maintenance/lake-maintenance.ts";
import { OwnerReplay } from "./owner-replay.ts";
import { Pause } from "./pause.ts";
import type { TraceLakeEvents } from "./trace-lake-events.ts";
import type { IngestReply, IngestRequest, LakeStatistics, TraceLake } from "./trace-lake.ts";
import { Unflushed } from "./unflushed.ts";
import { DEFAULT_QUERY_LIMIT_MS } from "./reader/query-limit.ts";
import type { RemoteLake } from "./table/data-files.ts";
import type { LakeTrial } from "./table/lake-trial.ts";
import type { QueryOptions } from "./traces/trace-queries.ts";
import type { DecodedRequest, LakeCallName, LakeCalls } from "./worker/protocol.ts";
import { startLakeWorker, type LakeWorkerClient } from "./worker/worker-client.ts";

export interface TraceLakeOptions {
  /** Absolute folder of the lake; of a remote one, where this machine keeps copies of its files. */
  readonly root: string;
  /** A lake in a bucket. */
  readonly remote?: RemoteLake;
  /** Faults and short times, for tests that look for what they break. */
  readonly trial?: LakeTrial;
  /** Opened by the caller, closed by the lake. */
  readonly ingestLog: IngestLog;
  /** Opens the same log under a fresh owner, after the one before was adopted. Absent when nobody else can adopt it. */
  readonly reopenIngestLog?: () => Promise<IngestLog>;
  /** How often a shared log is asked for owners whose lease ran out; 5,000 by default. */
  readonly adoptionIntervalMs?: number;
  readonly clock: Clock;
  readonly flushIntervalMs: number;
  /** A flush starts early when this many spans wait. */
  readonly flushSpans: number;
  readonly refreshIntervalMs: number;
  /** A read that takes longer is ended; 60,000 by default. */
  readonly queryLimitMs?: number;
  readonly maxInflatedBytes: number;
  /** Payload bytes that may wait for a flush before `ingest` answers busy. */
  readonly maxUnflushedBytes: number;
  readonly threads: number;
  readonly memoryLimitMb: number;
  /** Merging, sorting, expiry and vacuum beside everything else; none when absent. */
  readonly maintenance?: LakeMaintenanceOptions;
  readonly events: TraceLakeEvents;
}

const DEFAULT_ADOPTION_INTERVAL_MS = 5_000;
/**
 * Spans of an awaited trace are readable everywhere within a second: flushed at once, with what comes right behind them, when
 * the last such flush is a while ago, so that a lone trace does not wait; else with what comes until then.
 */
const AWAITED_FLUSH_MS = 100;
const BETWEEN_AWAITED_FLUSHES_MS = 750;

/** Opens the lake: starts its worker, replays what ended processes left in the log, then serves. */
export async function openTraceLake(options: TraceLakeOptions): Promise<TraceLake> {
  const temporaryFolder = join(options.root, ".writing");
  await mkdir(temporaryFolder, { recursive: true });
  const worker = await startLakeWorker(
    {
      root: options.root,
      temporaryFolder,
      remote: options.remote,
      trial: options.trial,
      threads: options.threads,
      memoryLimitMb: options.memoryLimitMb,
      refreshIntervalMs: options.refreshIntervalMs,
      queryLimitMs: options.queryLimitMs ?? DEFAULT_QUERY_LIMIT_MS,
    },
    (error) => options.events.onFatal(error),
  );
  const lake = new OpenTraceLake(options, worker);
  try {
    await lake.start();
  } catch (error) {
    // A thread that nobody knows of would keep the process from ending.
    await worker.close();
    throw error;
  }
  return lake;
}

class OpenTraceLake implements TraceLake {
  readonly #options: TraceLakeOptions;
  readonly #worker: LakeWorkerClient;
  readonly #stopping = new AbortController();
  readonly #flushPause: Pause;
  readonly #adoptionPause: Pause;
  readonly #maintenance: LakeMaintenance | undefined;
  #log: IngestLog;
  /** Of the log above: both change together. */
  #unflushed = new Unflushed();
  #flushing: Promise<void> = Promise.resolve();
  /** Of each owner: the last batch that `onSpansSeen` was told. */
  readonly #toldBatch = new Map<string, number>();
  #isHurrying = false;
  #isFlushDue = false;
  #hurriedAtMs = Number.NEGATIVE_INFINITY;
  /** Awaited traces were found that nobody was told of, perhaps among spans that are committed by now. */
  #hasUntold = false;
  #renewing: Promise<void> | undefined;
  #loops: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> | undefined;
  #underWay = new Set<Promise<unknown>>();
  #flushes = 0;
  #flushFailures = 0;
  #deltaVersion = 0;

  constructor(options: TraceLakeOptions, worker: LakeWorkerClient) {
    this.#options = options;
    this.#worker = worker;
    this.#log = options.ingestLog;
    this.#flushPause = new Pause(options.clock, this.#stopping.signal);
    this.#adoptionPause = new Pause(options.clock, this.#stopping.signal);
    const { maintenance, root, remote, trial, clock, events } = options;
    const need = (question: MaintenanceQuestion) => worker.call("maintenanceNeed", question);
    this.#maintenance =
      maintenance &&
      new LakeMaintenance({ ...maintenance, root, remote, trial, clock, events, need });
  }

  async start(): Promise<void> {
    const isShared = this.#log.capabilities.shared;
    await this.#adoptEnded().catch((error: unknown) => {
      if (!isShared) throw error;
      // A storage that fails for a moment is no reason not to serve: what is shared is looked for again and again.
      this.#options.events.onAdoptionFailure?.(error);
    });
    await this.#worker.call("beginOwner", { owner: this.#log.owner });
    this.#loops = Promise.all([this.#runFlushLoop(), isShared && this.#runAdoptionLoop()]);
    this.#maintenance?.start();
  }

  ingest(request: IngestRequest): Promise<IngestReply> {
    if (this.#closed !== undefined) return Promise.reject(errors.LAKE_CLOSED({}));
    const { maxUnflushedBytes } = this.#options;
    const heldBytes = this.#unflushed.bytes;
    if (heldBytes >= maxUnflushedBytes) {
      this.#flushPause.wake();
      const parameters = { heldBytes, limitBytes: maxUnflushedBytes };
      return Promise.reject(errors.LAKE_BACKLOG_FULL(parameters, { retryAfterMs: 1_000 }));
    }
    return this.#track(this.#ingest(request));
  }

  async #ingest(request: IngestRequest): Promise<IngestReply> {
    const receivedAt = this.#options.clock.now();
    const body = owned(request.body);
    const decoded = await this.#worker.call(
      "decode",
      {
        body,
        format: request.format,
        contentEncoding: request.contentEncoding,
        maxInflatedBytes: this.#options.maxInflatedBytes,
        receivedAt,
      },
      { transfer: [body.buffer] },
    );
    const payloadBytes = decoded.payload.byteLength;
    const appended = await this.#append(decoded, request, receivedAt);
    if (appended.duplicate) {
      await this.#worker.call("discard", { ticket: decoded.ticket });
      return {
        accepted: decoded.spanCount,
        rejected: appended.rejected,
        duplicate: true,
      };
    }
    // After a renewal meanwhile the entry is another process's to commit, and this one has nothing to hold.
    if (appended.owner === this.#log.owner) {
      this.#hold(appended.sequence, decoded.spanCount, payloadBytes);
    }
    const { isAwaited } = await this.#worker.call("admit", {
      ticket: decoded.ticket,
      owner: appended.owner,
      sequence: appended.sequence,
    });
    if (isAwaited) this.#hurry();
    return {
      accepted: decoded.spanCount,
      rejected: decoded.rejected,
      duplicate: false,
    };
  }

  async #append(decoded: DecodedRequest, request: IngestRequest, receivedAt: number) {
    let log = this.#log;
    try {
      await request.beforeLog?.({ tags: decoded.tags, baggage: decoded.baggage });
      log = this.#log; // may have been renewed meanwhile
      return await log.append({
        format: request.format,
        payload: decoded.payload,
        digest: decoded.digest,
        receivedAt,
        rejected: decoded.rejected,
      });
    } catch (error) {
      await this.#worker.call("discard", { ticket: decoded.ticket });
      // This request is refused, so that its sender repeats it: the next one finds the new owner.
      if (isOwnerClosed(error)) this.#renewOwner(log);
      throw error;
    }
  }

  #hold(sequence: number, spans: number, bytes: number): void {
    this.#unflushed.add(sequence, spans, bytes);
    if (this.#unflushed.spans >= this.#options.flushSpans) this.#flushPause.wake();
  }

  awaitTraces(traceIds: readonly string[]): void {
    if (this.#closed !== undefined || traceIds.length === 0) return;
    const noted = this.#worker.call("awaitTraces", { traceIds }).then(({ isAwaited }) => {
      if (isAwaited) this.#hurry();
    });
    // The worker's end is told by itself; the next flush takes the spans in any case.
    void this.#track(noted).catch(() => undefined);
  }

  sightingsOf: TraceLake["sightingsOf"] = (traceIds) =>
    this.#track(this.#worker.call("sightingsOf", { traceIds }));

  refresh: TraceLake["refresh"] = () => this.#track(this.#worker.call("refresh", undefined));

  /** One early flush for all that comes within the pause. */
  #hurry(): void {
    this.#hasUntold = true;
    if (this.#isHurrying) return;
    this.#isHurrying = true;
    const { clock } = this.#options;
    const againMs = this.#hurriedAtMs + BETWEEN_AWAITED_FLUSHES_MS - clock.monotonicMs();
    void clock
      .sleep(Math.max(AWAITED_FLUSH_MS, againMs), this.#stopping.signal)
      .then(() => {
        this.#isHurrying = false;
        this.#hurriedAtMs = clock.monotonicMs();
        // One that runs already has not taken it: the next one follows at once.
        this.#isFlushDue = true;
        this.#flushPause.wake();
      })
      .catch(() => undefined); // closing: the last flush takes it
  }

  listTraces: TraceLake["listTraces"] = (query) =>
    this.#track(this.#worker.call("listTraces", query));

  spansOf: TraceLake["spansOf"] = (traceId, { limit, ...options } = {}) =>
    this.#ask("spansOf", { traceId, limit }, options);

  searchTraces: TraceLake["searchTraces"] = (search, options) =>
    this.#ask("searchTraces", search, options);

  traceHistogram: TraceLake["traceHistogram"] = (query, options) =>
    this.#ask("traceHistogram", query, options);

  traceFacets: TraceLake["traceFacets"] = (query, options) =>
    this.#ask("traceFacets", query, options);

  traceServices: TraceLake["traceServices"] = (range, options) =>
    this.#ask("traceServices", range, options);

  traceTree: TraceLake["traceTree"] = (query, options) => this.#ask("traceTree", query, options);

  spanOf: TraceLake["spanOf"] = (query, options) => this.#ask("spanOf", query, options);

  traceSeries: TraceLake["traceSeries"] = (query, options) =>
    this.#ask("traceSeries", query, options);

  serviceEdges: TraceLake["serviceEdges"] = (query, options) =>
    this.#ask("serviceEdges", query, options);

  genAiGroups: TraceLake["genAiGroups"] = (query, options) =>
    this.#ask("genAiGroups", query, options);

  genAiSpans: TraceLake["genAiSpans"] = (query, options) => this.#ask("genAiSpans", query, options);

  #ask<Name extends LakeCallName>(
    name: Name,
    input: LakeCalls[Name]["input"],
    options: QueryOptions = {},
  ): Promise<LakeCalls[Name]["output"]> {
    return this.#track(this.#worker.call(name, input, { signal: options.signal }));
  }

  counts: TraceLake["counts"] = () => this.#track(this.#worker.call("counts", undefined));

  statistics(): LakeStatistics {
    return {
      unflushedSpans: this.#unflushed.spans,
      unflushedBytes: this.#unflushed.bytes,
      flushes: this.#flushes,
      flushFailures: this.#flushFailures,
      deltaVersion: this.#deltaVersion,
    };
  }

  /** One flush of an owner runs at a time; a call while one runs starts another after it. */
  flush(): Promise<void> {
    const run = this.#flushing.then(async () => {
      const log = this.#log;
      const { isLost } = await this.#flushOwner(log, log.owner);
      if (isLost) this.#renewOwner(log);
    });
    this.#flushing = run.catch(() => undefined);
    return run;
  }

  async #flushOwner(log: IngestLog, owner: string): Promise<{ readonly isLost: boolean }> {
    const started = this.#options.clock.monotonicMs();
    try {
      const toldBatch = this.#toldBatch.get(owner) ?? 0;
      const prepared = await this.#worker.call("prepareFlush", { owner, toldBatch });
      const { through, batch, sightings } = prepared;
      if (sightings.length > 0) await this.#options.events.onSpansSeen?.(sightings, false);
      const flushed = await this.#worker.call("flush", { owner, through });
      const { watermark, spans, deltaVersion, isLost } = flushed;
      this.#deltaVersion = deltaVersion;
      if (sightings.length > 0) await this.#options.events.onSpansSeen?.(sightings, true);
      this.#toldBatch.set(owner, batch);
      if (!isLost) await log.release(owner, watermark);
      if (!isLost && owner === this.#log.owner) this.#unflushed.releaseThrough(watermark);
      if (spans > 0) {
        this.#flushes += 1;
        const tookMs = this.#options.clock.monotonicMs() - started;
        this.#options.events.onFlush({ spans, deltaVersion, tookMs });
      }
      return { isLost };
    } catch (error) {
      this.#flushFailures += 1;
      const reason = error instanceof Error ? error.message : String(error);
      const failure = isScouterError(error)
        ? error
        : errors.LAKE_FLUSH_FAILED({ reason }, { cause: error });
      this.#options.events.onFlushFailure(failure);
      throw failure;
    }
  }

  /** From the begin of one flush to that of the next: no span waits longer than the interval for its own to begin. */
  async #runFlushLoop(): Promise<void> {
    const { signal } = this.#stopping;
    const { clock, flushIntervalMs } = this.#options;
    let begunAtMs = clock.monotonicMs();
    while (!signal.aborted) {
      const leftMs = Math.max(0, begunAtMs + flushIntervalMs - clock.monotonicMs());
      if (!this.#isFlushDue) await this.#flushPause.wait(leftMs);
      if (signal.aborted) return;
      this.#isFlushDue = false;
      begunAtMs = clock.monotonicMs();
      if (this.#unflushed.isEmpty && !this.#hasUntold) continue;
      this.#hasUntold = false;
      // A failure was reported; the segments are kept and the next round tries again.
      await this.flush().catch(() => (this.#hasUntold = true));
    }
  }

  /** Takes over what processes left behind that ended, or stood still for too long, while this one serves. */
  async #runAdoptionLoop(): Promise<void> {
    const { adoptionIntervalMs = DEFAULT_ADOPTION_INTERVAL_MS, events } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#adoptionPause.wait(adoptionIntervalMs);
      if (signal.aborted) return;
      try {
        await this.#renewing;
        await this.#adoptEnded();
      } catch (error) {
        events.onAdoptionFailure?.(error);
      }
    }
  }

  async #adoptEnded(): Promise<void> {
    const { events } = this.#options;
    const log = this.#log;
    const flushOwner = this.#flushOwner.bind(this);
    const parts = { log, worker: this.#worker, events, flushOwner };
    for (const owner of await log.adoptable()) {
      if (this.#stopping.signal.aborted) return;
      await new OwnerReplay(parts, owner).run();
      this.#toldBatch.delete(owner);
    }
  }

  /** Goes on under a new owner after another process adopted the one of `lost`; at most one renewal at a time. */
  #renewOwner(lost: IngestLog): void {
    const { reopenIngestLog, events } = this.#options;
    const isDone = this.#renewing !== undefined || this.#log !== lost;
    if (reopenIngestLog === undefined || isDone || this.#stopping.signal.aborted) return;
    const work = this.#renew(lost, reopenIngestLog)
      .catch((error: unknown) => events.onAdoptionFailure?.(error))
      .finally(() => {
        this.#renewing = undefined;
      });
    this.#renewing = this.#track(work);
  }

  async #renew(lost: IngestLog, reopenIngestLog: () => Promise<IngestLog>): Promise<void> {
    const { events } = this.#options;
    const log = await reopenIngestLog();
    await this.#worker.call("beginOwner", { owner: log.owner });
    // What the lost owner acknowledged is in the log, where its adopter finds it; until it is committed, it is read here.
    await this.#worker.call("orphanOwner", { owner: lost.owner });
    this.#log = log;
    this.#unflushed = new Unflushed();
    events.onOwnerLost?.({ owner: lost.owner, newOwner: log.owner });
    await this.#flushing;
    this.#toldBatch.delete(lost.owner);
    await lost.close();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#stopping.abort();
    await this.#maintenance?.stop();
    await Promise.allSettled(this.#underWay);
    await this.#loops;
    // What a failed last flush leaves behind is in the log and is replayed at the next start.
    await this.flush().catch(() => undefined);
    await this.#worker.close();
    await this.#log.close();
  }

  #track<Result>(work: Promise<Result>): Promise<Result> {
    this.#underWay.add(work);
    const forget = () => this.#underWay.delete(work);
    work.then(forget, forget);
    return work;
  }
}

function isOwnerClosed(error: unknown): boolean {
  return isScouterError(error) && error.code === "INGEST_OWNER_CLOSED";
}

/** The bytes in an ArrayBuffer of their own: a pooled Buffer's memory must not be transferred away. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;
  return whole ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}
