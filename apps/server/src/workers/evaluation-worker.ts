import { setImmediate as nextTurn } from "node:timers/promises";
import { isScouterError, type Json } from "@scouter/contracts";
import {
  EVAL_RECORDS_CHANNEL,
  type ClaimedEvalRecord,
  type EvalCompletion,
} from "@scouter/database";
import { evaluateRecord, type SpanSource } from "@scouter/evaluate";
import { errors } from "../errors.ts";
import { lakeSpanSource } from "../evaluation/lake-span-source.ts";
import { threadCpuMs } from "../evaluation/thread/thread-cpu-ms.ts";
import { settleByHalves } from "../ingest/settle-by-halves.ts";
import { CompiledProfiles } from "./compiled-profiles.ts";
import type { EvaluationParts } from "./evaluation-parts.ts";
import { HEAVY_CONTEXT_BYTES, HeavyRecords } from "./heavy-records.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import type { ProfileTasks } from "./profile-tasks.ts";
import { WaitingRecords } from "./waiting-records.ts";
import { Wakeup } from "./wakeup.ts";

interface Evaluated {
  readonly claimed: ClaimedEvalRecord;
  readonly completion: EvalCompletion;
}

const CLAIM_LIMIT = 50;
/** Records of one worker that wait for models or traces at the same time. */
const MAX_WAITING = 500;
/** A lost notice costs this much. */
const POLL_MS = 1000;
/** Between the starts of the workers, so that they do not ask the database all at once. */
const STAGGER_MS = 200;
const RETRY_BASE_MS = 500;
const RETRY_MAX_MS = 60_000;

/**
 * Workers that evaluate agent records: claim by lease, run the profile's tasks, store results and status in one
 * transaction. At least once, with results stored once: a worker that lost its lease is refused by the store.
 */
export class EvaluationWorkers {
  readonly #parts: EvaluationParts;
  readonly #profiles: CompiledProfiles;
  readonly #spanSource: SpanSource;
  readonly #heavy: HeavyRecords;
  readonly #wakeup: Wakeup;
  readonly #draining = new AbortController();
  readonly #aborting = new AbortController();
  #running: Promise<unknown> = Promise.resolve();
  #endListening: () => Promise<void> = async () => undefined;

  constructor(parts: EvaluationParts) {
    const { database, clock, config } = parts;
    this.#parts = parts;
    const { vocabulary } = parts;
    const maxEntries = config.compiledProfiles;
    this.#profiles = new CompiledProfiles({
      profiles: database.profiles,
      clock,
      maxEntries,
      vocabulary,
    });
    this.#spanSource = lakeSpanSource(parts.lake);
    this.#heavy = new HeavyRecords(clock);
    this.#wakeup = new Wakeup(clock);
  }

  async start(): Promise<void> {
    const { database, config, processName } = this.#parts;
    if (config.workers === 0) return;
    try {
      this.#endListening = await database.listen(EVAL_RECORDS_CHANNEL, () => this.#wakeup.notify());
    } catch (error) {
      // Polling alone is slower by up to a second, not wrong.
      this.#parts.events.onTrouble(error);
    }
    this.#running = Promise.all(
      Array.from({ length: config.workers }, (_, index) =>
        this.#run(`${processName}/evaluation-${index + 1}`, index * STAGGER_MS),
      ),
    );
  }

  /** Claims nothing more; resolves when what was claimed is done and the leases are given back. */
  async drain(): Promise<void> {
    this.#draining.abort();
    await this.#running;
    await this.#endListening().catch(this.#parts.events.onTrouble);
  }

  /** Cuts evaluations that are under way; their records stay pending. `drain` then resolves soon. */
  abort(): void {
    this.#draining.abort();
    this.#aborting.abort();
  }

  async #run(workerId: string, startInMs: number): Promise<void> {
    const { database, clock, events } = this.#parts;
    const signal = this.#draining.signal;
    if (startInMs > 0) await clock.sleep(startInMs, signal).catch(() => undefined);
    const waiting = new WaitingRecords(MAX_WAITING);
    const leases = new LeaseKeeper(this.#parts);
    while (!signal.aborted) {
      const seen = this.#wakeup.seen;
      try {
        const claimed = await this.#claim(workerId, waiting);
        if (claimed.length > 0) await this.#evaluateBatch(claimed, waiting, leases);
        else await this.#idle(seen, waiting);
      } catch (error) {
        events.onTrouble(error);
        // The signal ends the pause; the loop's condition sees it.
        await clock.sleep(POLL_MS, signal).catch(() => undefined);
      }
    }
    await waiting.untilDone();
    await database.evalRecords.releaseAll(workerId).catch(events.onTrouble);
  }

  /** Profiles whose records wait for models or traces get no further ones while there is no room: others still do. */
  #claim(workerId: string, waiting: WaitingRecords): Promise<readonly ClaimedEvalRecord[]> {
    const { database, config, threads } = this.#parts;
    const { room } = waiting;
    return database.evalRecords.claim({
      workerId,
      limit: room === 0 ? CLAIM_LIMIT : Math.min(CLAIM_LIMIT, room),
      leaseMs: config.leaseMs,
      except: room === 0 ? waiting.profiles : undefined,
      contextTextAbove: threads === undefined ? undefined : HEAVY_CONTEXT_BYTES,
    });
  }

  /** Until there may be work: a notice came, a second went by, or there is room again. */
  async #idle(seen: number, waiting: WaitingRecords): Promise<void> {
    const woken = new AbortController();
    const signal = AbortSignal.any([this.#draining.signal, woken.signal]);
    const sleeping = this.#wakeup.sleep(seen, POLL_MS, signal);
    await (waiting.room === 0 ? Promise.race([sleeping, waiting.untilOneDone()]) : sleeping);
    woken.abort();
  }

  async #evaluateBatch(
    claimed: readonly ClaimedEvalRecord[],
    waiting: WaitingRecords,
    leases: LeaseKeeper,
  ): Promise<void> {
    leases.hold(claimed);
    // A record that waits is let go when it is done, not with its batch.
    const waits = new Set<ClaimedEvalRecord>();
    try {
      const completions = await this.#evaluateAll(claimed, leases, (item, tasks) => {
        waits.add(item);
        waiting.add(this.#evaluateAlone(item, tasks, leases), item.profile.uid);
      });
      await this.#complete(completions);
    } finally {
      leases.letGo(claimed.filter((item) => !waits.has(item)));
    }
  }

  async #evaluateAll(
    claimed: readonly ClaimedEvalRecord[],
    held: LeaseKeeper,
    evaluateAlone: (item: ClaimedEvalRecord, tasks: ProfileTasks) => void,
  ): Promise<readonly Evaluated[]> {
    const done: Evaluated[] = [];
    for (const item of claimed) {
      if (this.#aborting.signal.aborted) break;
      if (held.isLost(item.claim)) continue;
      const tasks = await this.#tasksOf(item);
      if (tasks === undefined) continue;
      const isHeavy = this.#isHeavy(item, tasks);
      if (isHeavy) await this.#parts.threads?.untilRoom();
      if (isHeavy || !tasks.assertionOnly) {
        evaluateAlone(item, tasks);
        continue;
      }
      const completion = await this.#evaluate(item, tasks);
      if (completion !== undefined) done.push({ claimed: item, completion });
      // Ingest shares this thread; a batch of heavy records must not hold it up.
      await nextTurn();
    }
    return done;
  }

  /** A record that waits for a model or a trace keeps its own lease and holds nobody else up. Never rejects. */
  async #evaluateAlone(
    claimed: ClaimedEvalRecord,
    tasks: ProfileTasks,
    leases: LeaseKeeper,
  ): Promise<void> {
    try {
      if (this.#isHeavy(claimed, tasks)) {
        await this.#evaluateInThread(claimed, tasks);
        return;
      }
      const completion = await this.#evaluate(claimed, tasks);
      if (completion !== undefined) await this.#complete([{ claimed, completion }]);
    } catch (error) {
      this.#parts.events.onTrouble(error);
    } finally {
      leases.letGo([claimed]);
    }
  }

  async #tasksOf(claimed: ClaimedEvalRecord): Promise<ProfileTasks | undefined> {
    try {
      const { maxRetries } = this.#parts.config;
      // Its workers ended without a word, each time: a record that kills processes must not go round for ever.
      if (claimed.attempt > maxRetries + 1) {
        throw errors.SERVER_EVALUATION_ABANDONED({ attempts: claimed.attempt - 1 });
      }
      return await this.#profiles.get(claimed.profile.uid);
    } catch (error) {
      await this.#fail(claimed, error);
      return undefined;
    }
  }

  async #evaluate(
    claimed: ClaimedEvalRecord,
    tasks: ProfileTasks,
  ): Promise<EvalCompletion | undefined> {
    const { clock, events, judging } = this.#parts;
    const { record, claim, profile, contextText } = claimed;
    try {
      const trace = tasks.needsSpans ? await this.#awaitTrace(claimed) : undefined;
      const compiled = await tasks.compiled();
      const startedMs = clock.monotonicMs();
      const cpuBeforeMs = threadCpuMs();
      const evaluation = await evaluateRecord({
        tasks: compiled,
        context: contextText === undefined ? record.context : (JSON.parse(contextText) as Json),
        recordUid: record.uid,
        entityUid: profile.uid,
        entityId: record.entity_id,
        traceId: trace?.traceId ?? record.trace_id,
        ports: { clock, judging, spanSource: trace?.source ?? this.#spanSource },
        signal: this.#aborting.signal,
      });
      const tookMs = clock.monotonicMs() - startedMs;
      // Without waiting in between, what this thread did meanwhile was for this record.
      if (tasks.assertionOnly) this.#heavy.learn(profile.uid, threadCpuMs() - cpuBeforeMs);
      events.onEvaluated(tookMs);
      if (tasks.hasJudges) events.onJudged(evaluation.judging);
      const { tasks: rows, workflow } = evaluation;
      return { claim, tasks: rows, workflow, spansSeen: trace?.spansSeen };
    } catch (error) {
      if (!this.#aborting.signal.aborted) await this.#fail(claimed, error);
      return undefined;
    }
  }

  #isHeavy(claimed: ClaimedEvalRecord, tasks: ProfileTasks): boolean {
    return this.#parts.threads !== undefined && this.#heavy.has(claimed, tasks);
  }

  /** The same on another thread; this one moves texts from and to the database. */
  async #evaluateInThread(claimed: ClaimedEvalRecord, tasks: ProfileTasks): Promise<void> {
    const { database, events, threads } = this.#parts;
    const { record, claim, profile, contextText } = claimed;
    try {
      const trace = tasks.needsSpans ? await this.#awaitTrace(claimed) : undefined;
      const done = await threads?.evaluate(
        {
          profileUid: profile.uid,
          tasksText: tasks.threadText ?? "",
          contextText: contextText ?? JSON.stringify(record.context),
          recordUid: record.uid,
          entityId: record.entity_id,
          traceId: trace?.traceId ?? record.trace_id ?? null,
          spans: await trace?.source.spansOf(),
        },
        this.#aborting.signal,
      );
      if (done === undefined) return;
      this.#heavy.learn(profile.uid, done.cpuMs);
      events.onEvaluated(done.tookMs);
      const spansSeen = trace?.spansSeen;
      await database.evalRecords.completePrepared({ claim, prepared: done.results, spansSeen });
    } catch (error) {
      if (!this.#aborting.signal.aborted) await this.#fail(claimed, error);
    }
  }

  /**
   * The spans that the evaluation sees, read once. A trace is waited for as long as its spans come; an attempt counts only
   * when none came.
   */
  async #awaitTrace({ record }: ClaimedEvalRecord) {
    const { completion, config } = this.#parts;
    const { timeoutMs: absentMs } = config.traceWait;
    const { signal } = this.#aborting;
    const key = record.trace_id
      ? { traceId: record.trace_id.toLowerCase() }
      : { queueId: record.uid };
    const { traceId } = await completion.wait(key, { absentMs, signal });
    const spans = traceId === null ? [] : await this.#spanSource.spansOf(traceId, { signal });
    if (spans.length === 0) throw errors.SERVER_TRACE_ABSENT({ traceId, waitedMs: absentMs });
    const source = { spansOf: () => Promise.resolve(spans) };
    return { traceId, source, spansSeen: spans.length };
  }

  async #complete(done: readonly Evaluated[]): Promise<void> {
    const outcomes = await settleByHalves(done, (part) =>
      this.#parts.database.evalRecords.complete(part.map(({ completion }) => completion)),
    );
    for (const [index, { claimed }] of done.entries()) {
      const outcome = outcomes[index];
      if (outcome?.status === "failed") await this.#fail(claimed, outcome.error);
    }
  }

  async #fail(claimed: ClaimedEvalRecord, error: unknown): Promise<void> {
    const { database, config, events } = this.#parts;
    const pauseMs = retryPauseMs(error, claimed.attempt, config.maxRetries);
    const isTrace = isScouterError(error) && error.code === "SERVER_TRACE_ABSENT";
    const retryInMs = isTrace && pauseMs !== undefined ? config.traceWait.rescheduleMs : pauseMs;
    events.onFailed(claimed.record.uid, error, retryInMs);
    const message = error instanceof Error ? error.message : String(error);
    const failure = { error: message, ...(retryInMs === undefined ? {} : { retryInMs }) };
    // When this fails too the lease runs out, and the record is due again: nothing is lost.
    await database.evalRecords.fail(claimed.claim, failure).catch(events.onTrouble);
  }
}

/**
 * Pause before the next attempt: 0.5 s, doubled for each attempt made, at most a minute. `undefined` when the retries
 * are used up, or when the same input must fail again.
 */
export function retryPauseMs(
  error: unknown,
  attempt: number,
  maxRetries: number,
): number | undefined {
  const hopeless =
    isScouterError(error) && (error.kind === "invalid" || error.kind === "not-found");
  if (hopeless || attempt > maxRetries) return undefined;
  return Math.min(RETRY_MAX_MS, RETRY_BASE_MS * 2 ** Math.min(attempt - 1, 20));
}
