import type { Clock } from "@scouter/contracts";
import type { ClaimedEvalRecord } from "@scouter/database";
import type { ProfileTasks } from "./profile-tasks.ts";

/** Stored (compressed) bytes of a context from which on it is read by another thread, as text. */
export const HEAVY_CONTEXT_BYTES = 32_768;
/** Of processor time: two records that took longer are taken for many. */
const SLOW_MS = 20;
const REMEMBERED_MS = 60_000;

/** Says which records are evaluated on another thread: those of which it is known, or likely, that they take long. */
export class HeavyRecords {
  readonly #clock: Clock;
  /** When profiles stop counting as slow. */
  readonly #slowUntilMs = new Map<string, number>();
  readonly #lastSlowMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  has({ contextText, profile }: ClaimedEvalRecord, tasks: ProfileTasks): boolean {
    if (tasks.threadText === undefined) return false;
    if (contextText !== undefined || tasks.areMany) return true;
    const until = this.#slowUntilMs.get(profile.uid);
    if (until === undefined) return false;
    if (this.#clock.monotonicMs() < until) return true;
    this.#slowUntilMs.delete(profile.uid);
    return false;
  }

  /** A record was evaluated; here, or there. */
  learn(profileUid: string, cpuMs: number): void {
    if (cpuMs < SLOW_MS) return;
    const nowMs = this.#clock.monotonicMs();
    const before = this.#lastSlowMs.get(profileUid);
    this.#lastSlowMs.set(profileUid, nowMs);
    // One alone may be a collection of garbage, or code that runs for the first time.
    if (before === undefined || nowMs - before >= REMEMBERED_MS) return;
    this.#slowUntilMs.set(profileUid, nowMs + REMEMBERED_MS);
  }
}
