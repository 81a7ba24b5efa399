import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Clock, isScouterError, type ScouterError } from "@scouter/contracts";
import { errors } from "./errors.ts";
import type { IngestLog, StoredIngestEntry } from "./ingest-log/ingest-log.ts";
import type { IngestReply, IngestRequest, LakeStatistics, TraceLake } from "./trace-lake.ts";
import type { DecodedRequest } from "./worker/protocol.ts";
import { startLakeWorker, type LakeWorkerClient } from "./worker/worker-client.ts";

export interface TraceLakeOptions {
  /** Absolute folder of the lake. */
  readonly root: string;
  /** Opened by the caller, closed by the lake. */
  readonly ingestLog: IngestLog;
  readonly clock: Clock;
  readonly flushIntervalMs: number;
  /** A flush starts early when this many spans wait. */
  readonly flushSpans: number;
  readonly refreshIntervalMs: number;
  readonly maxInflatedBytes: number;
  /** Payload bytes that may wait for a flush before `ingest` answers busy. */
  readonly maxUnflushedBytes: number;
  readonly threads: number;
  readonly memoryLimitMb: number;
  readonly events: TraceLakeEvents;
}

/** What the lake tells its owner; none of these may throw. */
export interface TraceLakeEvents {
  /** A logged entry that cannot be replayed. It is let go only after this resolved. */
  onDeadLetter(letter: DeadLetter): Promise<void>;
  onFlush(flushed: {
    readonly spans: number;
    readonly deltaVersion: number;
    readonly tookMs: number;
  }): void;
  onFlushFailure(error: ScouterError): void;
  onReplay(replayed: {
    readonly owner: string;
    readonly entries: number;
    readonly spans: number;
  }): void;
  /** The worker died: nothing can be accepted any more. */
  onFatal(error: ScouterError): void;
}

export interface DeadLetter {
  readonly owner: string;
  readonly sequence: number | undefined;
  readonly reason: string;
  readonly payload: Uint8Array | undefined;
}

/** Opens the lake: starts its worker, replays what ended processes left in the log, then serves. */
export async function openTraceLake(options: TraceLakeOptions): Promise<TraceLake> {
  const temporaryFolder = join(options.root, ".writing");
  await mkdir(temporaryFolder, { recursive: true });
  const worker = await startLakeWorker(
    {
      root: options.root,
      temporaryFolder,
      threads: options.threads,
      memoryLimitMb: options.memoryLimitMb,
      refreshIntervalMs: options.refreshIntervalMs,
    },
    (error) => options.events.onFatal(error),
  );
  const lake = new OpenTraceLake(options, worker);
  await lake.start();
  return lake;
}

class OpenTraceLake implements TraceLake {
  readonly #options: TraceLakeOptions;
  readonly #worker: LakeWorkerClient;
  readonly #log: IngestLog;
  readonly #stopping = new AbortController();
  #flushing: Promise<void> = Promise.resolve();
  #flushLoop: Promise<void> = Promise.resolve();
  #wakeFlush: (() => void) | undefined;
  #closed: Promise<void> | undefined;
  #underWay = new Set<Promise<unknown>>();
  #unflushed = new Map<number, { readonly spans: number; readonly bytes: number }>();
  #unflushedSpans = 0;
  #unflushedBytes = 0;
  #flushes = 0;
  #flushFailures = 0;
  #deltaVersion = 0;

  constructor(options: TraceLakeOptions, worker: LakeWorkerClient) {
    this.#options = options;
    this.#worker = worker;
    this.#log = options.ingestLog;
  }

  async start(): Promise<void> {
    for (const owner of await this.#log.adoptable()) await this.#replayOwner(owner);
    await this.#worker.call("beginOwner", { owner: this.#log.owner });
    this.#flushLoop = this.#runFlushLoop();
  }

  ingest(request: IngestRequest): Promise<IngestReply> {
    if (this.#closed !== undefined) return Promise.reject(errors.LAKE_CLOSED({}));
    const { maxUnflushedBytes } = this.#options;
    if (this.#unflushedBytes >= maxUnflushedBytes) {
      this.#wakeFlush?.();
      const parameters = { heldBytes: this.#unflushedBytes, limitBytes: maxUnflushedBytes };
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
      [body.buffer],
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
    this.#hold(appended.sequence, decoded.spanCount, payloadBytes);
    const admitted = this.#worker.call("admit", {
      ticket: decoded.ticket,
      owner: appended.owner,
      sequence: appended.sequence,
    });
    await admitted;
    return {
      accepted: decoded.spanCount,
      rejected: decoded.rejected,
      duplicate: false,
    };
  }

  async #append(decoded: DecodedRequest, request: IngestRequest, receivedAt: number) {
    try {
      await request.beforeLog?.({ tags: decoded.tags, baggage: decoded.baggage });
      return await this.#log.append({
        format: request.format,
        payload: decoded.payload,
        digest: decoded.digest,
        receivedAt,
        rejected: decoded.rejected,
      });
    } catch (error) {
      await this.#worker.call("discard", { ticket: decoded.ticket });
      throw error;
    }
  }

  #hold(sequence: number, spans: number, bytes: number): void {
    this.#unflushed.set(sequence, { spans, bytes });
    this.#unflushedSpans += spans;
    this.#unflushedBytes += bytes;
    if (this.#unflushedSpans >= this.#options.flushSpans) this.#wakeFlush?.();
  }

  #letGo(watermark: number): void {
    for (const [sequence, held] of this.#unflushed) {
      if (sequence > watermark) continue;
      this.#unflushed.delete(sequence);
      this.#unflushedSpans -= held.spans;
      this.#unflushedBytes -= held.bytes;
    }
  }

  listTraces: TraceLake["listTraces"] = (query) =>
    this.#track(this.#worker.call("listTraces", query));

  spansOf: TraceLake["spansOf"] = (traceId) =>
    this.#track(this.#worker.call("spansOf", { traceId }));

  counts: TraceLake["counts"] = () => this.#track(this.#worker.call("counts", undefined));

  statistics(): LakeStatistics {
    return {
      unflushedSpans: this.#unflushedSpans,
      unflushedBytes: this.#unflushedBytes,
      flushes: this.#flushes,
      flushFailures: this.#flushFailures,
      deltaVersion: this.#deltaVersion,
    };
  }

  /** One flush of an owner runs at a time; a call while one runs starts another after it. */
  flush(): Promise<void> {
    const run = this.#flushing.then(() => this.#flushOwner(this.#log.owner));
    this.#flushing = run.catch(() => undefined);
    return run;
  }

  async #flushOwner(owner: string): Promise<void> {
    const started = this.#options.clock.monotonicMs();
    try {
      const { watermark, spans, deltaVersion } = await this.#worker.call("flush", { owner });
      await this.#log.release(owner, watermark);
      if (owner === this.#log.owner) this.#letGo(watermark);
      this.#deltaVersion = deltaVersion;
      if (spans === 0) return;
      this.#flushes += 1;
      const tookMs = this.#options.clock.monotonicMs() - started;
      this.#options.events.onFlush({ spans, deltaVersion, tookMs });
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

  async #runFlushLoop(): Promise<void> {
    const { clock, flushIntervalMs } = this.#options;
    const signal = this.#stopping.signal;
    while (!signal.aborted) {
      await this.#flushPause(clock, flushIntervalMs, signal);
      if (signal.aborted) return;
      if (this.#unflushed.size === 0) continue;
      // A failure was reported; the segments are kept and the next round tries again.
      await this.flush().catch(() => undefined);
    }
  }

  /** Until the interval passed, enough spans wait, or the lake closes. */
  #flushPause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
    const early = new AbortController();
    this.#wakeFlush = () => early.abort();
    return clock
      .sleep(ms, AbortSignal.any([early.signal, signal]))
      .catch(() => undefined)
      .finally(() => {
        this.#wakeFlush = undefined;
      });
  }

  async #replayOwner(owner: string): Promise<void> {
    await this.#log.adopt(owner);
    const { watermark } = await this.#worker.call("beginOwner", { owner });
    let last = watermark;
    let entries = 0;
    let spans = 0;
    for await (const entry of this.#log.read(owner, watermark)) {
      if (entry.damaged === undefined) {
        // A damaged record took its number with it: the ones behind it must not wait for it.
        for (let lost = last + 1; lost < entry.sequence; lost += 1) {
          await this.#worker.call("admitNothing", { owner, sequence: lost });
        }
      }
      const replayed = await this.#replayEntry(owner, entry);
      entries += 1;
      spans += replayed.spanCount;
      if (replayed.sequence !== undefined) last = replayed.sequence;
      if (entries % REPLAY_FLUSH_ENTRIES === 0) await this.#flushOwner(owner);
    }
    await this.#flushOwner(owner);
    await this.#log.release(owner, last);
    await this.#worker.call("endOwner", { owner });
    if (entries > 0) this.#options.events.onReplay({ owner, entries, spans });
  }

  async #replayEntry(owner: string, entry: StoredIngestEntry) {
    if (entry.damaged !== undefined) {
      const { position, reason } = entry.damaged;
      const letter = { owner, sequence: undefined, reason: `${position}: ${reason}` };
      await this.#options.events.onDeadLetter({ ...letter, payload: undefined });
      return { sequence: undefined, spanCount: 0 };
    }
    const { sequence, payload, format, receivedAt } = entry;
    try {
      const call = { owner, sequence, payload, format, receivedAt };
      const { spanCount } = await this.#worker.call("replay", call);
      return { sequence, spanCount };
    } catch (error) {
      if (!isScouterError(error) || error.kind !== "invalid") throw error;
      await this.#options.events.onDeadLetter({ owner, sequence, reason: error.message, payload });
      await this.#worker.call("admitNothing", { owner, sequence });
      return { sequence, spanCount: 0 };
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#stopping.abort();
    await Promise.allSettled(this.#underWay);
    await this.#flushLoop;
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

/** Entries replayed before a flush, so that a long log does not fill the memory. */
const REPLAY_FLUSH_ENTRIES = 500;

/** The bytes in an ArrayBuffer of their own: a pooled Buffer's memory must not be transferred away. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;
  return whole ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}
