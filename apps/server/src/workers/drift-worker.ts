import { isScouterError, type Clock, type DispatchConfig } from "@scouter/contracts";
import { type ClaimedWindow, type Database, DRIFT_WINDOWS_CHANNEL } from "@scouter/database";
import { alertMessages } from "../alerts/alert-messages.ts";
import { computeWindow } from "../drift/compute-window.ts";
import { judgeWindow, policyOf } from "../drift/judge-window.ts";
import type { WindowData } from "../drift/window-data.ts";
import { errors } from "../errors.ts";
import { Wakeup } from "./wakeup.ts";

export interface DriftWorkerParts {
  readonly database: Pick<Database, "driftWindows" | "alerts" | "listen">;
  readonly data: WindowData;
  readonly clock: Clock;
  readonly workers: number;
  readonly leaseMs?: number;
  /** Where alerts go of profiles that name the console; default: there. */
  readonly standardDispatch?: DispatchConfig;
  /** Unique over processes. */
  readonly processName: string;
  readonly events: DriftWorkerEvents;
}

/** For logs and metrics; none may throw. */
export interface DriftWorkerEvents {
  readonly onComputed: (window: ClaimedWindow, tookMs: number) => void;
  /** `retryInMs` undefined: given up. */
  readonly onFailed: (window: ClaimedWindow, error: unknown, retryInMs: number | undefined) => void;
  /** Another worker had taken the window meanwhile; what was computed is dropped. */
  readonly onStale: (window: ClaimedWindow) => void;
  /** The database did not answer; the loop pauses and goes on. */
  readonly onTrouble: (error: unknown) => void;
}

const LEASE_MS = 30_000;
/** A lost notice costs this much. */
const POLL_MS = 1000;
/** Between the starts of the workers, so that they do not ask the database all at once. */
const STAGGER_MS = 200;
export const MOST_ATTEMPTS = 10;
const RETRY_BASE_MS = 10_000;
const RETRY_MAX_MS = 600_000;

/**
 * Workers that compute drift windows: claim by lease, check the window's data by the profile's kind, store result,
 * alerts and messages in one transaction. At least once, with results stored once: a worker that lost its lease is
 * refused by the store.
 */
export class DriftWorkers {
  readonly #parts: DriftWorkerParts;
  readonly #wakeup: Wakeup;
  readonly #draining = new AbortController();
  readonly #aborting = new AbortController();
  #running: Promise<unknown> = Promise.resolve();
  #endListening: () => Promise<void> = async () => undefined;

  constructor(parts: DriftWorkerParts) {
    this.#parts = parts;
    this.#wakeup = new Wakeup(parts.clock);
  }

  async start(): Promise<void> {
    const { database, workers, processName, events } = this.#parts;
    if (workers === 0) return;
    try {
      this.#endListening = await database.listen(DRIFT_WINDOWS_CHANNEL, () =>
        this.#wakeup.notify(),
      );
    } catch (error) {
      // Polling alone is slower by up to a second, not wrong.
      events.onTrouble(error);
    }
    this.#running = Promise.all(
      Array.from({ length: workers }, (_, index) =>
        this.#run(`${processName}/drift-${index + 1}`, index * STAGGER_MS),
      ),
    );
  }

  /** Claims nothing more; resolves when what was claimed is done and the leases are given back. */
  async drain(): Promise<void> {
    this.#draining.abort();
    await this.#running;
    await this.#endListening().catch(this.#parts.events.onTrouble);
  }

  /** Windows under way stay due; `drain` then resolves soon. */
  abort(): void {
    this.#draining.abort();
    this.#aborting.abort();
  }

  async #run(workerId: string, startInMs: number): Promise<void> {
    const { database, clock, events, leaseMs = LEASE_MS } = this.#parts;
    const { signal } = this.#draining;
    if (startInMs > 0) await clock.sleep(startInMs, signal).catch(() => undefined);
    while (!signal.aborted) {
      const { seen } = this.#wakeup;
      try {
        const [claimed] = await database.driftWindows.claim({ workerId, limit: 1, leaseMs });
        if (claimed === undefined) await this.#wakeup.sleep(seen, POLL_MS, signal);
        else await this.#settle(claimed);
      } catch (error) {
        events.onTrouble(error);
        // The signal ends the pause; the loop's condition sees it.
        await clock.sleep(POLL_MS, signal).catch(() => undefined);
      }
    }
    await database.driftWindows.releaseAll(workerId).catch(events.onTrouble);
  }

  async #settle(claimed: ClaimedWindow): Promise<void> {
    const { clock, events } = this.#parts;
    const startedMs = clock.monotonicMs();
    const keeping = new AbortController();
    void this.#keepLease(claimed, keeping.signal);
    try {
      if (claimed.attempt > MOST_ATTEMPTS) throw attemptsUsedUp(claimed);
      const outcome = await this.#compute(claimed);
      if (outcome === "done") events.onComputed(claimed, clock.monotonicMs() - startedMs);
      if (outcome === "stale") events.onStale(claimed);
    } catch (error) {
      if (!this.#aborting.signal.aborted) await this.#fail(claimed, error);
    } finally {
      keeping.abort();
    }
  }

  async #compute(claimed: ClaimedWindow): Promise<"done" | "stale" | "cut"> {
    const { database, data, standardDispatch } = this.#parts;
    const { uid, profile } = claimed.profile;
    const computed = await computeWindow(claimed, data);
    const { changes, toTell } = judgeWindow({
      computed,
      windowEndMs: claimed.endMs,
      states: await database.alerts.states(uid),
      policy: policyOf(profile),
    });
    if (this.#aborting.signal.aborted) return "cut";
    return database.driftWindows.complete(claimed.claim, {
      result: computed.result,
      observed: computed.observed,
      settled: claimed.settled,
      alerts: changes,
      messages: alertMessages(
        claimed,
        { opened: toTell, ended: changes.filter(({ action }) => action === "resolved") },
        standardDispatch,
      ),
    });
  }

  async #fail(claimed: ClaimedWindow, error: unknown): Promise<void> {
    const { database, events } = this.#parts;
    const retryInMs = windowRetryMs(claimed.attempt);
    events.onFailed(claimed, error, retryInMs);
    const message = isScouterError(error) ? `${error.code}: ${error.message}` : String(error);
    // When this fails too the lease runs out, and the window is due again: nothing is lost.
    await database.driftWindows
      .fail(claimed.claim, { error: message, retryInMs })
      .catch(events.onTrouble);
  }

  async #keepLease({ claim }: ClaimedWindow, signal: AbortSignal): Promise<void> {
    const { clock, database, events, leaseMs = LEASE_MS } = this.#parts;
    while (!signal.aborted) {
      try {
        await clock.sleep(leaseMs / 3, signal);
        // A lost lease needs no more: the store refuses the result.
        if (!(await database.driftWindows.heartbeat(claim, leaseMs))) return;
      } catch (error) {
        if (!signal.aborted) events.onTrouble(error);
      }
    }
  }
}

function attemptsUsedUp({ attempt }: ClaimedWindow): Error {
  return errors.SERVER_DRIFT_ATTEMPTS_USED_UP({ attempts: attempt - 1 });
}

/** Pause after the given attempt: 10 s, doubled for each, at most 10 min; undefined after the tenth. */
export function windowRetryMs(attempt: number): number | undefined {
  if (attempt >= MOST_ATTEMPTS) return undefined;
  return Math.min(RETRY_MAX_MS, RETRY_BASE_MS * 2 ** (attempt - 1));
}
