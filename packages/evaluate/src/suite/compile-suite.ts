import type { TaskBuckets } from "@scouter/contracts";
import { compileTasks } from "../execute/compile-tasks.ts";
import type { CompiledTasks } from "../execute/compiled-task.ts";
import { declaredTasks } from "../task/declared-tasks.ts";
import { definitionHash } from "./definition-hash.ts";
import type { CompiledSuite, Suite } from "./suite.ts";

/**
 * Makes a suite ready to run.
 * @throws EVALUATE_TASKS_INVALID; never for a suite that `readSuite` gave
 */
export function compileSuite(suite: Suite): CompiledSuite {
  const compiled = new Map<string, CompiledTasks>();
  return {
    suite,
    aliases: new Map(
      [...suite.aliases].map(([alias, { tasks, entityUid }]) => [
        alias,
        { tasks: compileTasks(tasks), entityUid },
      ]),
    ),
    scenarioTasks: suite.scenarios.map(({ tasks }) => compileOnce(compiled, tasks)),
  };
}

/** Thousands of scenarios often have the same few tasks. */
function compileOnce(
  compiled: Map<string, CompiledTasks>,
  tasks: TaskBuckets,
): CompiledTasks | undefined {
  if (declaredTasks(tasks).length === 0) return undefined;
  const key = definitionHash(tasks);
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const made = compileTasks(tasks);
  compiled.set(key, made);
  return made;
}
