import type { AgentAssertion, Json } from "@scouter/contracts";
import type { AgentResponse, ToolCall } from "../agent-response/agent-response.ts";
import type { ReadResponse } from "../agent-response/read-agent-response.ts";
import { errors } from "../errors.ts";
import { jsonEquals } from "../json/json-equals.ts";
import { member } from "../json/json-member.ts";
import { isJsonObject } from "../json/json-type.ts";
import { MAX_JSON_DEPTH } from "../limits.ts";
import { parsePath } from "../path/parse-path.ts";
import { requiredValue } from "../path/resolve-path.ts";

/**
 * The value that an assertion takes from a response.
 * @throws EVALUATE_PATH_NOT_FOUND for a `ResponseField` that is not there, EVALUATE_VALUE_TOO_DEEP
 */
export function agentValue(assertion: AgentAssertion, { response, raw }: ReadResponse): Json {
  switch (assertion.type) {
    case "ToolCalled":
      return firstCall(response, assertion.name) !== undefined;
    case "ToolNotCalled":
      return firstCall(response, assertion.name) === undefined;
    case "ToolCalledWithArgs":
      return response.toolCalls.some(
        (call) =>
          call.name === assertion.name && matchesPartially(call.arguments, assertion.arguments),
      );
    case "ToolCallSequence":
      return isSubsequence(assertion.names, response.toolCalls);
    case "ToolCallCount":
      return callCount(response, assertion.name ?? null);
    case "ToolArgument":
      return member(firstCall(response, assertion.name)?.arguments ?? null, assertion.argument_key);
    case "ToolResult":
      return firstCall(response, assertion.name)?.result ?? null;
    case "ResponseContent":
      return response.text;
    case "ResponseModel":
      return response.model;
    case "ResponseFinishReason":
      return response.finishReason;
    case "ResponseInputTokens":
      return response.inputTokens;
    case "ResponseOutputTokens":
      return response.outputTokens;
    case "ResponseTotalTokens":
      return response.totalTokens;
    case "ResponseField":
      return requiredValue(parsePath(assertion.path), raw);
    default:
      throw errors.EVALUATE_TASK_UNSUPPORTED({ taskType: assertion satisfies never });
  }
}

function firstCall(response: AgentResponse, name: string): ToolCall | undefined {
  return response.toolCalls.find((call) => call.name === name);
}

function callCount(response: AgentResponse, name: string | null): number {
  return response.toolCalls.filter((call) => name === null || call.name === name).length;
}

/** In order, with gaps allowed: what an agent does between two steps is its own business. */
function isSubsequence(names: readonly string[], calls: readonly ToolCall[]): boolean {
  let next = 0;
  for (const { name } of calls) if (name === names[next]) next += 1;
  return next >= names.length;
}

/** Of objects, every expected member must match, others may be there; all else must be equal. */
function matchesPartially(actual: Json, expected: Json, depth = 0): boolean {
  if (!isJsonObject(expected) || !isJsonObject(actual)) return jsonEquals(actual, expected);
  if (depth > MAX_JSON_DEPTH) throw errors.EVALUATE_VALUE_TOO_DEEP(undefined);
  return Object.keys(expected).every(
    (key) =>
      Object.hasOwn(actual, key) &&
      matchesPartially(actual[key] ?? null, expected[key] ?? null, depth + 1),
  );
}
