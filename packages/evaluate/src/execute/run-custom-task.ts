import type { Json } from "@scouter/contracts";
import { errors } from "../errors.ts";
import { checkValue, expectationFor } from "./check-value.ts";
import type { CompiledTask } from "./compiled-task.ts";
import type { Conclusion } from "./conclusion.ts";
import type { RunScope } from "./run-scope.ts";

/** Compares what a task type of the app takes from the record. */
export async function runCustomTask(
  task: CompiledTask,
  context: Json,
  scope: RunScope,
): Promise<Conclusion> {
  const { subject } = task;
  if (subject.kind !== "custom") {
    throw errors.EVALUATE_TASK_UNSUPPORTED({ taskType: subject.kind });
  }
  const expectation = expectationFor(task.expectation, context);
  return checkValue(task, expectation, await subject.take(context, scope));
}
