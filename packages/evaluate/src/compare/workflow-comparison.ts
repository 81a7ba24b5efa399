import type { RunScenario, RunTask } from "@scouter/contracts";
import type { ScenarioMatch } from "./match-scenarios.ts";
import { type Tally, tallyOf } from "./observation.ts";
import { ownEntry } from "./own-entry.ts";

/** A task whose passes differ between the runs. */
export interface TaskChange {
  readonly scenario: string;
  readonly task: string;
  readonly baseline: Tally;
  readonly candidate: Tally;
}

/** A task of a compared workflow that only one run knows. */
export interface MissingTask {
  readonly scenario: string;
  readonly task: string;
  readonly presentIn: "baseline" | "candidate";
}

/**
 * An alias' workflows, compared by their share of passed tasks as pass rates of tasks are counted everywhere: gates left
 * out, an agent's error not passed. A scenario's repeats are taken together.
 */
export interface WorkflowComparison {
  readonly alias: string;
  /** Scenarios in which both runs have outcomes of common tasks. */
  readonly workflows: number;
  readonly improved: number;
  readonly regressed: number;
  readonly unchanged: number;
  /** Passed tasks by tasks of all workflows, in [0, 1]; null without any. */
  readonly baselineRate: number | null;
  readonly candidateRate: number | null;
  /** Unweighted mean over workflows of the change of their pass rates; 0 without any. */
  readonly meanChange: number;
  readonly taskChanges: readonly TaskChange[];
  readonly missingTasks: readonly MissingTask[];
}

interface Workflow {
  readonly tasks: readonly TaskChange[];
  readonly missingTasks: readonly MissingTask[];
}

/** Rates are quotients of small integers: what differs by less is the same. */
export const RATE_ROUNDING = 1e-9;

/** @param threshold a workflow regressed or improved when its pass rate changed by more than this */
export function compareWorkflows(
  alias: string,
  judged: readonly ScenarioMatch[],
  threshold: number,
): WorkflowComparison {
  const all = judged.map((match) => workflowOf(alias, match));
  const compared = all.map(({ tasks }) => tasks).filter((tasks) => tasks.length > 0);
  const changes = compared.map(
    (tasks) => (rate(tasks, "candidate") ?? 0) - (rate(tasks, "baseline") ?? 0),
  );
  const improved = changes.filter((change) => change > threshold + RATE_ROUNDING).length;
  const regressed = changes.filter((change) => change < -threshold - RATE_ROUNDING).length;
  return {
    alias,
    workflows: compared.length,
    improved,
    regressed,
    unchanged: compared.length - improved - regressed,
    baselineRate: rate(compared.flat(), "baseline"),
    candidateRate: rate(compared.flat(), "candidate"),
    meanChange:
      changes.length === 0 ? 0 : changes.reduce((sum, own) => sum + own, 0) / changes.length,
    taskChanges: compared.flat().filter(isChanged),
    missingTasks: all.flatMap(({ missingTasks }) => missingTasks),
  };
}

function workflowOf(alias: string, { id, baseline, candidate }: ScenarioMatch): Workflow {
  const before = tasksOf(baseline, alias);
  const after = candidate === undefined ? before : tasksOf(candidate, alias);
  const isMissing = after.length === 0 || before.length === 0;
  const lacks = (own: readonly string[], presentIn: "baseline" | "candidate") =>
    isMissing ? [] : own.map((task) => ({ scenario: id, task, presentIn }));
  return {
    tasks: before
      .filter((task) => after.includes(task))
      .map((task) => ({
        scenario: id,
        task,
        baseline: taskTally(baseline, alias, task),
        candidate:
          candidate === undefined
            ? { passed: 0, runs: 1, missing: 0, skipped: 0 }
            : taskTally(candidate, alias, task),
      }))
      .filter((own) => own.baseline.runs > 0 && own.candidate.runs > 0),
    missingTasks: [
      ...lacks(
        before.filter((task) => !after.includes(task)),
        "baseline",
      ),
      ...lacks(
        after.filter((task) => !before.includes(task)),
        "candidate",
      ),
    ],
  };
}

/** Ids of the tasks that an alias ran in a scenario, gates left out. */
function tasksOf(scenario: RunScenario, alias: string): readonly string[] {
  const entries = scenario.repeats.flatMap((repeat) =>
    Object.entries<RunTask>(ownEntry(repeat.aliases, alias)?.tasks ?? {}),
  );
  const counted = entries.filter(([, task]) => task.gate !== true).map(([task]) => task);
  return [...new Set(counted)].toSorted();
}

function taskTally(scenario: RunScenario, alias: string, task: string): Tally {
  return tallyOf(scenario, (repeat) => ownEntry(ownEntry(repeat.aliases, alias)?.tasks, task));
}

function rate(tasks: readonly TaskChange[], side: "baseline" | "candidate"): number | null {
  const runs = tasks.reduce((sum, own) => sum + own[side].runs, 0);
  return runs === 0 ? null : tasks.reduce((sum, own) => sum + own[side].passed, 0) / runs;
}

function isChanged({ baseline, candidate }: TaskChange): boolean {
  return baseline.passed * candidate.runs !== candidate.passed * baseline.runs;
}
