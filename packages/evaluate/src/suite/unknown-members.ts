import type { TaskBuckets } from "@scouter/contracts";
import { declaredTasks } from "../task/declared-tasks.ts";
import { meant } from "./schema-problems.ts";
import { fileTask } from "./suite-schema.ts";

/** Saved by clients with a task that has run; nothing looks at it. */
const ALWAYS_LEFT_OUT: ReadonlySet<string> = new Set(["result"]);

/**
 * Members of a profile's tasks that nothing looks at, in words. A profile that has some is stored as it is, because clients of
 * later versions may add members; most are misspelt all the same, and a gate that is misspelt is none.
 */
export function unknownMembers(buckets: TaskBuckets): readonly string[] {
  return declaredTasks(buckets).flatMap((task) => {
    // A task type of an app has members of its own.
    if (task.task_type === "Custom") return [];
    const known = Object.keys(fileTask[task.task_type].shape);
    return Object.keys(task)
      .filter((member) => !known.includes(member) && !ALWAYS_LEFT_OUT.has(member))
      .map((member) => `task '${task.id}' has '${member}': ${meant(member, known)}`);
  });
}
