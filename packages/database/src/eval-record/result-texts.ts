import type { AgentEvalWorkflowResult, EvalTaskResult, JsonObject } from "@scouter/contracts";
import { storableTime } from "../session/time.ts";
import { storableJsonText } from "../storable/storable-text.ts";
import type { ResultTexts } from "./eval-record-repository.ts";

const MAX_INT32 = 2_147_483_647;

/** One record's results as texts that `completePrepared` stores. @throws DATABASE_JSON_TOO_DEEP */
export function resultTexts(results: {
  readonly workflow: AgentEvalWorkflowResult;
  readonly tasks: readonly EvalTaskResult[];
}): ResultTexts {
  const time = rememberedTimes();
  const rows = results.tasks.map((task, position) => ({
    completion: 0,
    position,
    ...taskInput(task, time),
  }));
  return {
    workflow: storableJsonText(workflowInput(results.workflow, time)),
    tasks: storableJsonText(rows),
    taskRows: rows.length,
  };
}

/** From RFC 3339 to what the database reads. */
type TimeText = (text: string) => string;

/** The tasks of a batch share few times, and rewriting one costs more than the rest of its row. */
export function rememberedTimes(): TimeText {
  const known = new Map<string, string>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const storable = storableTime(text);
    known.set(text, storable);
    return storable;
  };
}

export function workflowInput(workflow: AgentEvalWorkflowResult, time: TimeText): JsonObject {
  return {
    created_at: time(workflow.created_at),
    total_tasks: workflow.total_tasks,
    passed_tasks: workflow.passed_tasks,
    failed_tasks: workflow.failed_tasks,
    errored_tasks: workflow.errored_tasks,
    skipped_tasks: workflow.skipped_tasks,
    pass_rate: workflow.pass_rate,
    duration_ms: workflow.duration_ms,
    duration_int: Math.min(workflow.duration_ms, MAX_INT32),
    execution_plan: workflow.execution_plan,
  };
}

export function taskInput(task: EvalTaskResult, time: TimeText): JsonObject {
  return {
    task_id: task.task_id,
    created_at: time(task.created_at),
    start_time: time(task.start_time),
    end_time: time(task.end_time),
    task_type: task.task_type,
    passed: task.passed,
    value: task.value,
    assertion: task.assertion,
    operator: task.operator,
    expected: task.expected,
    actual: task.actual,
    message: task.message,
    condition: task.condition,
    stage: task.stage,
    outcome: task.outcome,
    skipped_by: task.skipped_by,
    error_code: task.error_code,
    ...(task.judge === undefined ? {} : { judge: { ...task.judge } as JsonObject }),
  };
}
