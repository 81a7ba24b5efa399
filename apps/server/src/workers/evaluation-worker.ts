import { setImmediate as nextTurn } from "node:timers/promises";
import { isScouterError, type Clock } from "@scouter/contracts";
import {
  EVAL_RECORDS_CHANNEL,
  type ClaimedEvalRecord,
  type Database,
  type EvalClaim,
  type EvalCompletion,
} from "@scouter/database";
import { evaluateRecord } from "@scouter/evaluate";
import type { EvaluationConfig } from "../config/config.ts";
import { settleByHalves } from "../ingest/settle-by-halves.ts";
import { CompiledProfiles } from "./compiled-profiles.ts";
import { Wakeup } from "./wakeup.ts";

export interface EvaluationParts {
  readonly database: Pick<Database, "evalRecords" | "profiles" | "listen">;
  readonly clock: Clock;
  readonly config: EvaluationConfig;
  /** Unique over processes. */
  readonly processName: string;
  readonly events: EvaluationEvents;
}

/** For logs and metrics; none may throw. */
export interface EvaluationEvents {
  readonly onEvaluated: (tookMs: number) => void;
  /** `retryInMs` undefined: given up. */
  readonly onFailed: (recordUid: string, error: unknown, retryInMs: number | undefined) => void;
  /** The database did not answer; the loop pauses and goes on. */
  readonly onTrouble: (error: unknown) => void;
}

const CLAIM_LIMIT = 25;
export const LEASE_MS = 30_000;
const HEARTBEAT_MS = LEASE_MS / 3;
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
  readonly #wakeup: Wakeup;
  readonly #draining = new AbortController();
  readonly #aborting = new AbortController();
  #running: Promise<unknown> = Promise.resolve();
  #endListening: () => Promise<void> = async () => undefined;

  constructor(parts: EvaluationParts) {
    const { database, clock, config } = parts;
    this.#parts = parts;
    this.#profiles = new CompiledProfiles(database.profiles, clock, config.compiledProfiles);
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
    while (!signal.aborted) {
      const seen = this.#wakeup.seen;
      try {
        const request = { workerId, limit: CLAIM_LIMIT, leaseMs: LEASE_MS };
        const claimed = await database.evalRecords.claim(request);
        if (claimed.length === 0) await this.#wakeup.sleep(seen, POLL_MS, signal);
        else await this.#evaluateBatch(claimed);
      } catch (error) {
        events.onTrouble(error);
        // The signal ends the pause; the loop's condition sees it.
        await clock.sleep(POLL_MS, signal).catch(() => undefined);
      }
    }
    await database.evalRecords.releaseAll(workerId).catch(events.onTrouble);
  }

  async #evaluateBatch(claimed: readonly ClaimedEvalRecord[]): Promise<void> {
    const held = new LeaseKeeper(this.#parts, claimed);
    try {
      const completions = await this.#evaluateAll(claimed, held);
      await this.#complete(completions);
    } finally {
      held.stop();
    }
  }

  async #evaluateAll(claimed: readonly ClaimedEvalRecord[], held: LeaseKeeper) {
    const done: { readonly claimed: ClaimedEvalRecord; readonly completion: EvalCompletion }[] = [];
    for (const item of claimed) {
      if (this.#aborting.signal.aborted) break;
      if (held.isLost(item.claim)) continue;
      const completion = await this.#evaluate(item);
      if (completion !== undefined) done.push({ claimed: item, completion });
      // Ingest shares this thread; a batch of heavy records must not hold it up.
      await nextTurn();
    }
    return done;
  }

  async #evaluate(claimed: ClaimedEvalRecord): Promise<EvalCompletion | undefined> {
    const { clock, events } = this.#parts;
    const { record, claim, profile } = claimed;
    const startedMs = clock.monotonicMs();
    try {
      const evaluation = await evaluateRecord({
        tasks: await this.#profiles.get(profile.uid),
        context: record.context,
        recordUid: record.uid,
        entityUid: profile.uid,
        entityId: record.entity_id,
        traceId: record.trace_id,
        ports: { clock },
        signal: this.#aborting.signal,
      });
      events.onEvaluated(clock.monotonicMs() - startedMs);
      return { claim, ...evaluation };
    } catch (error) {
      if (!this.#aborting.signal.aborted) await this.#fail(claimed, error);
      return undefined;
    }
  }

  async #complete(
    done: readonly { readonly claimed: ClaimedEvalRecord; readonly completion: EvalCompletion }[],
  ): Promise<void> {
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
    const retryInMs = retryPauseMs(error, claimed.attempt, config.maxRetries);
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

/** Renews the leases of a batch until it is stopped, and knows which were lost. */
class LeaseKeeper {
  readonly #stopping = new AbortController();
  readonly #lost = new Set<number>();

  constructor(parts: EvaluationParts, claimed: readonly ClaimedEvalRecord[]) {
    void this.#keep(
      parts,
      claimed.map(({ claim }) => claim),
    );
  }

  isLost(claim: EvalClaim): boolean {
    return this.#lost.has(claim.recordId);
  }

  stop(): void {
    this.#stopping.abort();
  }

  async #keep({ clock, database, events }: EvaluationParts, claims: readonly EvalClaim[]) {
    for (;;) {
      try {
        await clock.sleep(HEARTBEAT_MS, this.#stopping.signal);
        const lost = await database.evalRecords.heartbeat(claims, LEASE_MS);
        for (const claim of lost) this.#lost.add(claim.recordId);
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        events.onTrouble(error);
      }
    }
  }
}
