import type { RunDocument, RunScenario } from "@scouter/contracts";
import { errors } from "../errors.ts";
import { isOther } from "./match-scenarios.ts";

/**
 * Several runs of one suite as one baseline with more repeats: a baseline that was lucky once fails many candidates that did
 * not change. The newest run says which scenarios there are, what they are made of and what they were made with; repeats of
 * older runs join where the scenario and the tasks are the same as there.
 *
 * @param runs at least one, of one suite, in any order; each counts once
 * @throws EVALUATE_RUNS_NOT_POOLABLE
 */
export function poolRuns(runs: readonly RunDocument[]): RunDocument {
  const ordered = distinct(runs).toSorted((a, b) => time(b) - time(a));
  const [newest, ...older] = ordered;
  if (newest === undefined) throw errors.EVALUATE_RUNS_NOT_POOLABLE({ reason: "no run was given" });
  const stranger = older.find(({ suite }) => suite.name !== newest.suite.name);
  if (stranger !== undefined) {
    const reason = `run '${stranger.run_id}' is of suite '${stranger.suite.name}', run '${newest.run_id}' of '${newest.suite.name}'`;
    throw errors.EVALUATE_RUNS_NOT_POOLABLE({ reason });
  }
  if (older.length === 0) return newest;
  const alike = older.filter((run) => haveSameTasks(newest, run));
  const { early_stop: _ended, ...fields } = newest;
  return {
    ...fields,
    run_id: `pool-${[newest, ...alike].map(({ run_id }) => run_id).join("+")}`.slice(0, 512),
    pooled_from: [newest, ...alike].map(({ run_id, created_at }) => ({ run_id, created_at })),
    scenarios: newest.scenarios.map((scenario) => ({
      ...scenario,
      repeats: [...scenario.repeats, ...alike.flatMap((run) => repeatsOf(run, scenario))],
    })),
  };
}

function repeatsOf({ scenarios }: RunDocument, wanted: RunScenario): RunScenario["repeats"] {
  const own = scenarios.find(({ id }) => id === wanted.id);
  if (own === undefined || isOther(wanted.definition, own.definition)) return [];
  return own.repeats;
}

/** Runs whose tasks were defined otherwise would pool answers to two questions. */
function haveSameTasks(newest: RunDocument, run: RunDocument): boolean {
  return Object.entries(newest.alias_definitions).every(([alias, tasks]) =>
    Object.entries(tasks).every(([task, hash]) => {
      const own = Object.hasOwn(run.alias_definitions, alias)
        ? run.alias_definitions[alias]
        : undefined;
      return !isOther(hash, own?.[task]);
    }),
  );
}

function distinct(runs: readonly RunDocument[]): readonly RunDocument[] {
  return [...new Map(runs.map((run) => [run.run_id, run])).values()];
}

function time({ created_at }: RunDocument): number {
  return Date.parse(created_at);
}
