import { setImmediate as nextTurn } from "node:timers/promises";
import { isScouterError } from "@scouter/contracts";
import {
  EVAL_RECORDS_CHANNEL,
  type ClaimedEvalRecord,
  type EvalCompletion,
} from "@scouter/database";
import { evaluateRecord, type CompiledTasks, type SpanSource } from "@scouter/evaluate";
import { errors } from "../errors.ts";
import { lakeSpanSource } from "../evaluation/lake-span-source.ts";
import { waitForTrace } from "../evaluation/trace-wait.ts";
import { settleByHalves } from "../ingest/settle-by-halves.ts";
import { CompiledProfiles } from "./compiled-profiles.ts";
import type { EvaluationParts } from "./evaluation-parts.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import { WaitingRecords } from "./waiting-records.ts";
import { Wakeup } from "./wakeup.ts";

interface Evaluated {
  readonly claimed: ClaimedEvalRecord;
  readonly completion: EvalCompletion;
}

const CLAIM_LIMIT = 50;
/** Records of one worker that wait for models or traces at the same time. */
const MAX_WAITING = 50;
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
    while (!signal.aborted) {
      const seen = this.#wakeup.seen;
      try {
        const claimed = await this.#claim(workerId, waiting);
        if (claimed.length > 0) await this.#evaluateBatch(claimed, waiting);
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
    const { database, config } = this.#parts;
    const { room } = waiting;
    return database.evalRecords.claim({
      workerId,
      limit: room === 0 ? CLAIM_LIMIT : Math.min(CLAIM_LIMIT, room),
      leaseMs: config.leaseMs,
      except: room === 0 ? waiting.profiles : undefined,
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
  ): Promise<void> {
    const held = new LeaseKeeper(this.#parts, claimed);
    try {
      const completions = await this.#evaluateAll(claimed, held, waiting);
      await this.#complete(completions);
    } finally {
      held.stop();
    }
  }

  async #evaluateAll(
    claimed: readonly ClaimedEvalRecord[],
    held: LeaseKeeper,
    waiting: WaitingRecords,
  ): Promise<readonly Evaluated[]> {
    const done: Evaluated[] = [];
    for (const item of claimed) {
      if (this.#aborting.signal.aborted) break;
      if (held.isLost(item.claim)) continue;
      const tasks = await this.#tasksOf(item);
      if (tasks === undefined) continue;
      if (!tasks.assertionOnly) {
        waiting.add(this.#evaluateAlone(item, tasks), item.profile.uid);
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
  async #evaluateAlone(claimed: ClaimedEvalRecord, tasks: CompiledTasks): Promise<void> {
    const held = new LeaseKeeper(this.#parts, [claimed]);
    try {
      const completion = await this.#evaluate(claimed, tasks);
      if (completion !== undefined) await this.#complete([{ claimed, completion }]);
    } catch (error) {
      this.#parts.events.onTrouble(error);
    } finally {
      held.stop();
    }
  }

  async #tasksOf(claimed: ClaimedEvalRecord): Promise<CompiledTasks | undefined> {
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
    tasks: CompiledTasks,
  ): Promise<EvalCompletion | undefined> {
    const { clock, events, judging } = this.#parts;
    const { record, claim, profile } = claimed;
    const startedMs = clock.monotonicMs();
    try {
      const trace = tasks.needsSpans ? await this.#awaitTrace(claimed) : undefined;
      const evaluation = await evaluateRecord({
        tasks,
        context: record.context,
        recordUid: record.uid,
        entityUid: profile.uid,
        entityId: record.entity_id,
        traceId: trace?.traceId ?? record.trace_id,
        ports: { clock, judging, spanSource: trace?.source ?? this.#spanSource },
        signal: this.#aborting.signal,
      });
      events.onEvaluated(clock.monotonicMs() - startedMs);
      if (tasks.hasJudges) events.onJudged(evaluation.judging);
      return { claim, tasks: evaluation.tasks, workflow: evaluation.workflow };
    } catch (error) {
      if (!this.#aborting.signal.aborted) await this.#fail(claimed, error);
      return undefined;
    }
  }

  /**
   * The spans that the evaluation sees, read once. A trace that is not whole is waited for over all attempts; the last one
   * takes the spans there are.
   */
  async #awaitTrace({ record, attempt }: ClaimedEvalRecord) {
    const { clock, lake, config } = this.#parts;
    const parts = { clock, lake, spanSource: this.#spanSource, config: config.traceWait };
    const wanted = { uid: record.uid, traceId: record.trace_id ?? null };
    const { traceId, spans, state } = await waitForTrace(parts, wanted, this.#aborting.signal);
    const isLast = attempt > config.maxRetries;
    if (state === "absent" || (state === "incomplete" && !isLast)) {
      const { timeoutMs: waitedMs } = config.traceWait;
      throw errors.SERVER_TRACE_NOT_WHOLE({ traceId, spans: spans.length, waitedMs });
    }
    return { traceId, source: { spansOf: () => Promise.resolve(spans) } };
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
    const isTrace = isScouterError(error) && error.code === "SERVER_TRACE_NOT_WHOLE";
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
