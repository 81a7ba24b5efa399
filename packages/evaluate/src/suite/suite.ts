import type { EvalScenario, TaskBuckets } from "@scouter/contracts";
import type { CompiledTasks } from "../execute/compiled-task.ts";

/** Scenarios and what is checked, as they lie in source control. */
export interface Suite {
  readonly name: string;
  /** Of models, prompts, the agent: shown beside results, never judged. */
  readonly versions: Readonly<Record<string, string>>;
  /** What is checked on the records of each alias. */
  readonly aliases: ReadonlyMap<string, SuiteAlias>;
  /** Ids differ. Tasks of the whole suite are among each scenario's own. */
  readonly scenarios: readonly EvalScenario[];
}

export interface SuiteAlias {
  readonly tasks: TaskBuckets;
  /** Uid of the profile, when it was read from one: spans name it. */
  readonly entityUid: string | undefined;
}

/** A suite whose tasks are parsed, checked and planned. */
export interface CompiledSuite {
  readonly suite: Suite;
  readonly aliases: ReadonlyMap<string, CompiledAlias>;
  /** By position of the scenario; undefined for one without tasks. Scenarios with the same tasks share them. */
  readonly scenarioTasks: readonly (CompiledTasks | undefined)[];
}

export interface CompiledAlias {
  readonly tasks: CompiledTasks;
  readonly entityUid: string | undefined;
}
