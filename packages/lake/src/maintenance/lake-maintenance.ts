import type { Clock } from "@scouter/contracts";
import { Pause } from "../pause.ts";
import type { DataFilesPlace } from "../table/data-files.ts";
import { MaintenanceClient } from "./maintenance-client.ts";
import type { MaintenanceLease } from "./maintenance-lease.ts";
import type { MaintenanceSettings } from "./maintenance-settings.ts";
import type { MaintenanceRun } from "./table-maintainer.ts";

export interface LakeMaintenanceOptions {
  readonly lease: MaintenanceLease;
  readonly settings: MaintenanceSettings;
  /** How often it is looked whether something is to be done. */
  readonly intervalMs: number;
  readonly vacuumIntervalMs: number;
  /** Of the engine in the maintenance process, which takes up to half as much again; at least 768 for 128 MB files. */
  readonly memoryLimitMb: number;
  /** A failure is repeated after this, then after twice that, and so on; 60,000 by default. */
  readonly firstRetryMs?: number;
}

export interface LakeMaintenanceEvents {
  onMaintenance?(run: MaintenanceRun): void;
  /** Nothing was changed; tried again later. */
  onMaintenanceFailure?(error: unknown, partition: string | undefined): void;
}

export interface LakeMaintenanceParts extends LakeMaintenanceOptions, DataFilesPlace {
  readonly clock: Clock;
  readonly events: LakeMaintenanceEvents;
  /** Whether the newest snapshot has work in other partitions than those to skip, and its newest epoch. */
  readonly need: (question: MaintenanceQuestion) => Promise<MaintenanceNeed>;
}

export interface MaintenanceQuestion {
  readonly settings: MaintenanceSettings;
  readonly skip: readonly string[];
}

export interface MaintenanceNeed {
  readonly isDue: boolean;
  readonly epoch: number;
}

/** Not at once: a server that restarts all the time must not list the whole lake all the time. */
const FIRST_VACUUM_MS = 600_000;
const FIRST_RETRY_MS = 60_000;
const LONGEST_RETRY_MS = 3_600_000;
const EXTENSIONS_PER_LEASE = 3;

/** Looks now and then whether the lake needs work, and has it done by a process of its own under the lease. */
export class LakeMaintenance {
  readonly #parts: LakeMaintenanceParts;
  readonly #stopping = new AbortController();
  readonly #pause: Pause;
  /** By partition, and "" for what is of none: how often it failed, and when it may be tried again. */
  readonly #failures = new Map<string, { readonly times: number; readonly retryAtMs: number }>();
  #vacuumAtMs: number;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: LakeMaintenanceParts) {
    this.#parts = parts;
    this.#pause = new Pause(parts.clock, this.#stopping.signal);
    this.#vacuumAtMs =
      parts.clock.monotonicMs() + Math.min(FIRST_VACUUM_MS, parts.vacuumIntervalMs);
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Cuts what runs, which loses nothing but its work. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#pause.wait(this.#parts.intervalMs);
      if (signal.aborted) return;
      if (this.#resting().includes("")) continue;
      try {
        await this.runDue();
        this.#failures.delete("");
      } catch (error) {
        if (!signal.aborted) this.#failed("", error);
      }
    }
  }

  /** Does everything that is due, unless another process has the lease. */
  async runDue(): Promise<void> {
    const { lease, settings, need } = this.#parts;
    const { isDue, epoch } = await need({ settings, skip: this.#resting() });
    const isVacuumDue = this.#parts.clock.monotonicMs() >= this.#vacuumAtMs;
    if (!isDue && !isVacuumDue) return;
    const first = await lease.take(epoch);
    if (first === undefined) return;
    const cutting = new AbortController();
    const signal = AbortSignal.any([cutting.signal, this.#stopping.signal]);
    const keeping = this.#keepLease(cutting);
    try {
      await this.#work(first, signal, isVacuumDue);
    } finally {
      cutting.abort();
      await keeping;
      // When the database is away, the lease runs out by itself.
      await lease.release().catch(() => undefined);
    }
  }

  async #work(first: number, signal: AbortSignal, withVacuum: boolean): Promise<void> {
    const { root, remote, trial, memoryLimitMb, settings, lease, events } = this.#parts;
    const start = () =>
      MaintenanceClient.start({ root, remote, trial, memoryLimitMb, settings }, signal);
    let client = await start();
    try {
      // First: under steady load there is always something to merge, and what merges leave behind must go all the same.
      if (withVacuum) {
        this.#vacuumAtMs = this.#parts.clock.monotonicMs() + this.#parts.vacuumIntervalMs;
        events.onMaintenance?.(await client.vacuum());
      }
      let epoch: number | undefined = first;
      while (epoch !== undefined) {
        const step = await client.next(epoch, this.#resting());
        if (step.outcome === "lost") return;
        if (step.outcome === "nothing") break;
        if (step.outcome === "failed") this.#failed(step.partition, new Error(step.reason));
        else events.onMaintenance?.(step.run);
        epoch = await lease.take(epoch);
        // The C library keeps what a large sort has freed, and the next one cannot use all of it: seven in one process held
        // twice the memory of one.
        if (client.residentBytes > memoryLimitMb * 2 ** 20) {
          await client.stop();
          client = await start();
        }
      }
    } finally {
      await client.stop();
    }
  }

  async #keepLease(cutting: AbortController): Promise<void> {
    const { lease, clock } = this.#parts;
    const { signal } = cutting;
    const pauseMs = lease.leaseMs / EXTENSIONS_PER_LEASE;
    while (!signal.aborted) {
      await clock.sleep(pauseMs, signal).catch(() => undefined); // cut
      if (signal.aborted) return;
      // A database that does not answer now may do so before the lease is over.
      const isOurs = await lease.extend().catch(() => true);
      if (!isOurs) cutting.abort();
    }
  }

  #failed(what: string, error: unknown): void {
    const times = (this.#failures.get(what)?.times ?? 0) + 1;
    const { firstRetryMs = FIRST_RETRY_MS } = this.#parts;
    const pauseMs = Math.min(firstRetryMs * 2 ** (times - 1), LONGEST_RETRY_MS);
    this.#failures.set(what, { times, retryAtMs: this.#parts.clock.monotonicMs() + pauseMs });
    this.#parts.events.onMaintenanceFailure?.(error, what === "" ? undefined : what);
  }

  /** What failed so lately that it is left alone. */
  #resting(): readonly string[] {
    const nowMs = this.#parts.clock.monotonicMs();
    return [...this.#failures].flatMap(([what, { retryAtMs }]) =>
      retryAtMs > nowMs ? [what] : [],
    );
  }
}
