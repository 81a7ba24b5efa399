import { agentProfile, type AgentProfile, type AgentProfileFields } from "./agent-profile.ts";
import type { DefinedTask } from "./define-task.ts";

type IdsOf<Tasks extends readonly DefinedTask[]> =
  Tasks[number] extends DefinedTask<infer Id> ? Lowercase<Id> : never;

/** The tasks themselves, or for one that waits for nobody's id a text that says so. */
type Checked<Tasks extends readonly DefinedTask[]> = {
  readonly [Index in keyof Tasks]: Tasks[Index] extends DefinedTask<infer Id, infer After>
    ? [Exclude<Lowercase<After>, IdsOf<Tasks>>] extends [never]
      ? Tasks[Index]
      : `task '${Id}' waits for '${Exclude<Lowercase<After>, IdsOf<Tasks>>}', which is not in this profile`
    : never;
};

/**
 * The profile of an agent: what to check on each of its records. A task that waits for an id which is not in the list
 * does not compile; cycles and ids that occur twice are refused when it runs.
 *
 * @throws SDK_OPTION_OUT_OF_RANGE, SDK_TASK_DUPLICATE, SDK_TASK_UNKNOWN_DEPENDENCY, SDK_TASK_CYCLE
 *
 * ```ts
 * const profile = defineProfile({
 *   space: "support",
 *   name: "answers",
 *   tasks: [
 *     assertion("answered", { path: "answer", operator: "IsNotEmpty", gate: true }),
 *     assertion("short", { path: "answer", operator: "HasLengthLessThan", expected: 400, after: ["answered"] }),
 *   ],
 * });
 * ```
 */
export function defineProfile<const Tasks extends readonly DefinedTask[]>(
  fields: Omit<AgentProfileFields, "tasks"> & { readonly tasks: Tasks & Checked<Tasks> },
): AgentProfile {
  return agentProfile({ ...fields, tasks: fields.tasks });
}
