import type { EvaluationRecordDetail, TaskResultDetail } from "@scouter/contracts";
import type { RecordDetails, RecordTask, RegisteredProfile } from "@scouter/database";
import { tasksOfProfile } from "./tasks-of-profile.ts";

/** A record with all that came of it; the profile as it is now only lends its descriptions. */
export function recordDetail(
  details: RecordDetails,
  profile: RegisteredProfile | undefined,
): EvaluationRecordDetail {
  const { plan } = details;
  const declared = tasksOfProfile(profile);
  return {
    ...details.record,
    profile: details.profile,
    context: details.context,
    tags: [...details.tags],
    record_source: details.recordSource,
    processing_started_at: details.processingStartedAt,
    processing_ended_at: details.processingEndedAt,
    duration_ms: details.durationMs,
    stages: plan?.stages ?? [],
    tasks: details.tasks.map((task) => ({
      ...shownTask(task),
      depends_on: [...(plan?.nodes[task.task_id]?.parents ?? [])],
      description: declared.get(task.task_id)?.description ?? null,
    })),
  };
}

function shownTask(task: RecordTask): Omit<TaskResultDetail, "depends_on" | "description"> {
  const { task_type: kind, condition: gate, ...rest } = task;
  const tookMs = Date.parse(task.end_time) - Date.parse(task.start_time);
  // A clock that was set back must not show a negative time.
  return { ...rest, kind, gate, duration_ms: Math.max(0, tookMs) };
}
