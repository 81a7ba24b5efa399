import { agentEvalProfile, type EvaluationTask } from "@scouter/contracts";
import type { RegisteredProfile } from "@scouter/database";
import { declaredTasks } from "@scouter/evaluate";

/** The tasks of an agent profile by id, in the order declared; none of another kind of profile. */
export function tasksOfProfile(
  profile: RegisteredProfile | undefined,
): ReadonlyMap<string, EvaluationTask> {
  const parsed = agentEvalProfile.safeParse(profile?.profile);
  if (!parsed.success) return new Map();
  return new Map(declaredTasks(parsed.data.tasks).map((task) => [task.id, task]));
}
