import { setImmediate as nextTurn } from "node:timers/promises";
import { isScouterError, type Clock, type DispatchConfig } from "@scouter/contracts";
import {
  type ClaimedWindow,
  type Database,
  DRIFT_WINDOWS_CHANNEL,
  type StoredAlertState,
  type WindowCompletion,
} from "@scouter/database";
import { alertMessages } from "../alerts/alert-messages.ts";
import { computeWindow } from "../drift/compute-window.ts";
import { judgeWindow, policyOf } from "../drift/judge-window.ts";
import { prefetchedCounts } from "../drift/prefetched-counts.ts";
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
  /** `tookMs`: of windows that were computed together, this one's share. */
  readonly onComputed: (window: ClaimedWindow, tookMs: number) => void;
  /** `retryInMs` undefined: given up. */
  readonly onFailed: (window: ClaimedWindow, error: unknown, retryInMs: number | undefined) => void;
  /** Another worker had taken the window meanwhile; what was computed is dropped. */
  readonly onStale: (window: ClaimedWindow) => void;
  /** The database did not answer; the loop pauses and goes on. */
  readonly onTrouble: (error: unknown) => void;
}

const LEASE_MS = 30_000;
/** Windows that share their statements; what one of them breaks is computed again one by one. */
const WINDOWS_AT_ONCE = 50;
/** A lost notice costs this much. */
const POLL_MS = 1000;
/** Between the starts of the workers, so that they do not ask the database all at once. */
const STAGGER_MS = 200;
export const MOST_ATTEMPTS = 10;
const RETRY_BASE_MS = 10_000;
const RETRY_MAX_MS = 600_000;

/**
 * Workers that compute drift windows: claim by lease, check the windows' data by the profiles' kinds, store results,
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
        const request = { workerId, limit: WINDOWS_AT_ONCE, leaseMs };
        const claimed = await database.driftWindows.claim(request);
        if (claimed.length === 0) await this.#wakeup.sleep(seen, POLL_MS, signal);
        else await this.#settle(claimed);
      } catch (error) {
        events.onTrouble(error);
        // The signal ends the pause; the loop's condition sees it.
        await clock.sleep(POLL_MS, signal).catch(() => undefined);
      }
    }
    await database.driftWindows.releaseAll(workerId).catch(events.onTrouble);
  }

  async #settle(claimed: readonly ClaimedWindow[]): Promise<void> {
    const open = new Set(claimed);
    const keeping = new AbortController();
    void this.#keepLeases(open, keeping.signal);
    try {
      if (claimed.length > 1 && (await this.#settledTogether(claimed, open))) return;
      for (const window of claimed) {
        // What is not begun goes back with the leases.
        if (this.#aborting.signal.aborted) return;
        if (open.has(window)) await this.#settleAlone(window);
        open.delete(window);
      }
    } finally {
      keeping.abort();
    }
  }

  /**
   * One statement reads the counts of all windows, one the alerts, one stores what was computed. False when one of them
   * failed: which window is to blame shows one by one.
   */
  async #settledTogether(
    claimed: readonly ClaimedWindow[],
    open: Set<ClaimedWindow>,
  ): Promise<boolean> {
    const { database, clock, data, events } = this.#parts;
    const startedMs = clock.monotonicMs();
    try {
      const counts = await prefetchedCounts(claimed, data);
      const states = await database.alerts.statesOf(claimed.map(({ profile }) => profile.uid));
      const computed: { readonly window: ClaimedWindow; readonly completion: WindowCompletion }[] =
        [];
      for (const window of claimed) {
        // Ingest shares this thread.
        await nextTurn();
        if (this.#aborting.signal.aborted) return true;
        try {
          const known = states.get(window.profile.uid) ?? [];
          computed.push({ window, completion: await this.#computed(window, counts, known) });
        } catch (error) {
          open.delete(window);
          await this.#fail(window, error);
        }
      }
      if (this.#aborting.signal.aborted) return true;
      const outcomes = await database.driftWindows.completeAll(
        computed.map(({ window: { claim }, completion }) => ({ claim, completion })),
      );
      const tookMs = (clock.monotonicMs() - startedMs) / claimed.length;
      for (const [i, { window }] of computed.entries()) {
        if (outcomes[i] === "done") events.onComputed(window, tookMs);
        else events.onStale(window);
      }
      return true;
    } catch (error) {
      events.onTrouble(error);
      return false;
    }
  }

  async #settleAlone(claimed: ClaimedWindow): Promise<void> {
    const { clock, database, data, events } = this.#parts;
    const startedMs = clock.monotonicMs();
    try {
      if (claimed.attempt > MOST_ATTEMPTS) throw attemptsUsedUp(claimed);
      const states = await database.alerts.states(claimed.profile.uid);
      const completion = await this.#computed(claimed, data, states);
      if (this.#aborting.signal.aborted) return;
      const outcome = await database.driftWindows.complete(claimed.claim, completion);
      if (outcome === "done") events.onComputed(claimed, clock.monotonicMs() - startedMs);
      else events.onStale(claimed);
    } catch (error) {
      if (!this.#aborting.signal.aborted) await this.#fail(claimed, error);
    }
  }

  /** What is to be stored of a window. */
  async #computed(
    claimed: ClaimedWindow,
    data: WindowData,
    states: readonly StoredAlertState[],
  ): Promise<WindowCompletion> {
    const computed = await computeWindow(claimed, data);
    const { changes, toTell } = judgeWindow({
      computed,
      windowEndMs: claimed.endMs,
      states,
      policy: policyOf(claimed.profile.profile),
    });
    return {
      result: computed.result,
      observed: computed.observed,
      settled: claimed.settled,
      alerts: changes,
      messages: alertMessages(
        claimed,
        { opened: toTell, ended: changes.filter(({ action }) => action === "resolved") },
        this.#parts.standardDispatch,
      ),
    };
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

  async #keepLeases(open: ReadonlySet<ClaimedWindow>, signal: AbortSignal): Promise<void> {
    const { clock, database, events, leaseMs = LEASE_MS } = this.#parts;
    while (!signal.aborted) {
      try {
        await clock.sleep(leaseMs / 3, signal);
        // A lost lease needs no more: the store refuses the result.
        for (const { claim } of open) await database.driftWindows.heartbeat(claim, leaseMs);
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
