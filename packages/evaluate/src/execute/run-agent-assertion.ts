import type { Json } from "@scouter/contracts";
import { agentValue } from "../agent-assertion/agent-value.ts";
import { readAgentResponse } from "../agent-response/read-agent-response.ts";
import { errors } from "../errors.ts";
import { requiredValue } from "../path/resolve-path.ts";
import { checkValue, expectationFor } from "./check-value.ts";
import type { CompiledTask } from "./compiled-task.ts";
import type { Conclusion } from "./conclusion.ts";
import type { RunScope } from "./run-scope.ts";

/**
 * Runs an agent assertion. Without a path the record's own context is the response, never the context with outputs of
 * dependencies in it: one of them named `choices` would make it another vendor's.
 */
export function runAgentAssertion(task: CompiledTask, context: Json, scope: RunScope): Conclusion {
  const expectation = expectationFor(task.expectation, context);
  const located = task.path === undefined ? scope.context : requiredValue(task.path, context);
  return checkValue(task, expectation, extracted(task, located));
}

/** The value that the task's agent assertion takes from a response. */
export function extracted({ subject }: Pick<CompiledTask, "subject">, response: Json): Json {
  if (subject.kind !== "response") {
    throw errors.EVALUATE_TASK_UNSUPPORTED({ taskType: subject.kind });
  }
  return agentValue(subject.assertion, readAgentResponse(response, subject.provider));
}
