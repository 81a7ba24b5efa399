import type { RunDocument, RunRepeat } from "@scouter/contracts";
import type { Part } from "./observation.ts";
import { ownEntry } from "./own-entry.ts";

export type MetricKind = "scenario" | "alias" | "task";

/** What is compared: the scenarios' own outcome, that of an alias' workflow, or that of one task. */
export interface Metric {
  /** `scenarios`, `alias:<alias>`, `task:<alias>/<task>`; `task:<task>` for a task of the scenarios themselves. */
  readonly id: string;
  readonly kind: MetricKind;
  readonly alias: string | undefined;
  readonly task: string | undefined;
  readonly part: Part;
}

/** Every metric that occurs in one of the runs, in a fixed order: scenarios, aliases, tasks, each by name. */
export function metricsOf(...runs: readonly RunDocument[]): readonly Metric[] {
  const repeats = runs.flatMap(({ scenarios }) => scenarios.flatMap((own) => own.repeats));
  const aliases = sorted(repeats.flatMap((repeat) => Object.keys(repeat.aliases)));
  return [
    { id: "scenarios", kind: "scenario", alias: undefined, task: undefined, part: (own) => own },
    ...aliases.map((alias) => aliasMetric(alias)),
    ...sorted(repeats.flatMap((repeat) => Object.keys(repeat.tasks))).map((task) =>
      taskMetric(undefined, task),
    ),
    ...aliases.flatMap((alias) => tasksOf(repeats, alias).map((task) => taskMetric(alias, task))),
  ];
}

/** Whether `--gate <name>` means this task: `<alias>/<task>`, or the task's id alone for every alias. */
export function isNamed(metric: Metric, name: string): boolean {
  return metric.kind === "task" && (metric.task === name || metric.id === `task:${name}`);
}

function tasksOf(repeats: readonly RunRepeat[], alias: string): readonly string[] {
  return sorted(
    repeats.flatMap((repeat) => Object.keys(ownEntry(repeat.aliases, alias)?.tasks ?? {})),
  );
}

function aliasMetric(alias: string): Metric {
  const part: Part = (repeat) => ownEntry(repeat.aliases, alias);
  return { id: `alias:${alias}`, kind: "alias", alias, task: undefined, part };
}

function taskMetric(alias: string | undefined, task: string): Metric {
  const part: Part = (repeat) =>
    alias === undefined
      ? ownEntry(repeat.tasks, task)
      : ownEntry(ownEntry(repeat.aliases, alias)?.tasks, task);
  const id = alias === undefined ? `task:${task}` : `task:${alias}/${task}`;
  return { id, kind: "task", alias, task, part };
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted();
}
