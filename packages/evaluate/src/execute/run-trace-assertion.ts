import type { Json } from "@scouter/contracts";
import { errors } from "../errors.ts";
import { checkValue, expectationFor } from "./check-value.ts";
import type { CompiledTask } from "./compiled-task.ts";
import type { Conclusion } from "./conclusion.ts";
import type { RunScope } from "./run-scope.ts";

/** Runs a trace assertion on the record's own trace. Without any span nothing was seen, so the task fails. */
export async function runTraceAssertion(
  { subject, ...task }: CompiledTask,
  context: Json,
  scope: RunScope,
): Promise<Conclusion> {
  if (subject.kind !== "trace") {
    throw errors.EVALUATE_TASK_UNSUPPORTED({ taskType: subject.kind });
  }
  const expectation = expectationFor(task.expectation, context);
  const trace = await scope.trace();
  if (trace.spans.length === 0) {
    return {
      outcome: "failed",
      actual: null,
      expected: expectation.value,
      detail: `: no spans available for evaluation${scope.traceId === null ? ": the record has no trace id" : ""}`,
      errorCode: null,
    };
  }
  return checkValue(task, expectation, subject.extract(trace, context));
}
