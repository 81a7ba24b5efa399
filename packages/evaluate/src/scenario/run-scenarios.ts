import type { EvalScenario, RunRepeat } from "@scouter/contracts";
import { errors } from "../errors.ts";
import type { CompiledSuite } from "../suite/suite.ts";
import type { CollectedRepeat } from "./collected-repeat.ts";
import { evaluateRepeat, type RepeatPorts } from "./evaluate-repeat.ts";
import { repeatSeed } from "./repeat-seed.ts";
import type { RepeatStore } from "./repeat-store.ts";
import type { RunTally } from "./run-tally.ts";

/** One scenario, to be run once. */
export interface RepeatJob {
  readonly scenario: EvalScenario;
  readonly position: number;
  /** From 0. */
  readonly repeat: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

export interface RunProgress {
  readonly tally: RunTally;
  /** Repeats that the run will have when it is not stopped. */
  readonly planned: number;
  readonly job: RepeatJob;
  readonly result: RunRepeat;
}

export interface RunScenariosOptions {
  readonly suite: CompiledSuite;
  /** Has the agent answer and collects what it left. Rejects only with the signal's reason. */
  readonly conduct: (job: RepeatJob) => Promise<CollectedRepeat>;
  readonly store: RepeatStore;
  readonly ports: Omit<RepeatPorts, "signal">;
  /** At least 1. */
  readonly repeats: number;
  /** Repeats under way at once, at least 1. */
  readonly concurrency: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  /** Nothing is begun once so much is known to be spent. */
  readonly budgetUsd?: number | undefined;
  /** The first error of an agent ends the run with that error. */
  readonly failFast?: boolean | undefined;
  readonly onRepeat?: ((progress: RunProgress) => void | Promise<void>) | undefined;
  /** Called when every scenario has so many repeats; true ends the run there. */
  readonly isEnough?: ((repeats: number) => Promise<boolean>) | undefined;
}

export interface RunEnd {
  /** Repeats that every scenario has, or was to have when the run was stopped. */
  readonly repeats: number;
  readonly stopped: { readonly reason: string; readonly not_run: number } | undefined;
}

/**
 * Runs every scenario `repeats` times, first all once, then all twice: what is in the store already is not run again.
 * Each repeat is judged and stored when it ends; nothing of it is kept here, so memory does not grow with the suite.
 */
export async function runScenarios(options: RunScenariosOptions): Promise<RunEnd> {
  checkRange("repeats", options.repeats, 1);
  checkRange("concurrency", options.concurrency, 1);
  const scenarios = options.suite.suite.scenarios.length;
  if (options.isEnough === undefined) {
    const jobs = jobsOf(options, 0, options.repeats);
    const isSpent = await work(options, jobs, scenarios * options.repeats);
    return { repeats: options.repeats, stopped: stoppedBy(options, isSpent, options.repeats) };
  }
  for (let round = 1; round <= options.repeats; round += 1) {
    const isSpent = await work(options, jobsOf(options, round - 1, round), scenarios * round);
    if (isSpent) return { repeats: round, stopped: stoppedBy(options, true, round) };
    if (await options.isEnough(round)) return { repeats: round, stopped: undefined };
  }
  return { repeats: options.repeats, stopped: undefined };
}

type Job = Omit<RepeatJob, "signal">;

function* jobsOf({ suite, store, seed }: RunScenariosOptions, from: number, to: number) {
  for (let repeat = from; repeat < to; repeat += 1) {
    for (const [position, scenario] of suite.suite.scenarios.entries()) {
      if (store.has(position, repeat)) continue;
      yield { scenario, position, repeat, seed: repeatSeed(seed, scenario.id, repeat) };
    }
  }
}

/** @returns whether the budget ended it */
async function work(
  options: RunScenariosOptions,
  jobs: Iterator<Job>,
  planned: number,
): Promise<boolean> {
  const failure = new AbortController();
  const { signal: given } = options;
  const signal = given === undefined ? failure.signal : AbortSignal.any([given, failure.signal]);
  let isSpent = false;
  const worker = async () => {
    while (!signal.aborted && !isSpent) {
      if (isOverBudget(options)) {
        isSpent = true;
        return;
      }
      const next = jobs.next();
      if (next.done === true) return;
      await runJob(options, { ...next.value, signal }, planned);
    }
  };
  const workers = Array.from({ length: options.concurrency }, () =>
    worker().catch((error: unknown) => {
      failure.abort(error);
    }),
  );
  await Promise.all(workers);
  signal.throwIfAborted();
  return isSpent;
}

async function runJob(
  options: RunScenariosOptions,
  job: RepeatJob,
  planned: number,
): Promise<void> {
  const { suite, store, ports, conduct } = options;
  const collected = await conduct(job);
  const { end } = collected;
  if (options.failFast === true && end.kind === "errored" && end.source === "agent") {
    throw end.thrown ?? new Error(end.error);
  }
  const tasks = suite.scenarioTasks[job.position];
  const result = await evaluateRepeat(suite, tasks, collected, { ...ports, signal: job.signal });
  job.signal.throwIfAborted();
  await store.add(job.position, job.repeat, result);
  await options.onRepeat?.({ tally: store.tally, planned, job, result });
}

function isOverBudget({ budgetUsd, store }: RunScenariosOptions): boolean {
  return budgetUsd !== undefined && store.tally.costUsd >= budgetUsd;
}

function stoppedBy(
  { budgetUsd, store, suite }: RunScenariosOptions,
  isSpent: boolean,
  repeats: number,
): RunEnd["stopped"] {
  const notRun = suite.suite.scenarios.length * repeats - store.tally.repeats;
  if (!isSpent || notRun <= 0) return undefined;
  return { reason: `the budget of ${budgetUsd ?? 0} USD is spent`, not_run: notRun };
}

function checkRange(option: string, given: number, lowest: number): void {
  if (Number.isSafeInteger(given) && given >= lowest) return;
  const allowed = `a whole number of at least ${lowest}`;
  throw errors.EVALUATE_RUN_OPTION_INVALID({ option, given: String(given), allowed });
}
