import type { JsonObject } from "@scouter/contracts";
import type { AgentAnswer } from "../agent/support-agent.ts";
import type { Question } from "../question/question.ts";

/** What the tasks of the profile look at: the question, the facts a right answer states, and what the agent did. */
export function recordContext(question: Question, answer: AgentAnswer): JsonObject {
  const { expected } = question;
  return {
    question: { id: question.id, kind: question.kind, text: question.text },
    expected: {
      in_scope: expected.inScope,
      tool: expected.tool,
      column: expected.column,
      value: expected.value,
      unit: expected.unit,
      plausible_range: expected.plausibleRange,
    },
    answer: {
      text: answer.text,
      value: answer.value,
      unit: answer.unit,
      finish_reason: answer.finishReason,
    },
    tool_calls: answer.toolCalls.map((call) => ({
      name: call.name,
      arguments: call.arguments as JsonObject,
      ok: call.ok,
      error: call.error,
    })),
    usage: { input_tokens: answer.inputTokens, output_tokens: answer.outputTokens },
    latency: { milliseconds: answer.durationMs, bucket: latencyBucket(answer.durationMs) },
  };
}

/** Coarse enough to compare runs on different machines. */
export function latencyBucket(durationMs: number): "instant" | "fast" | "noticeable" | "slow" {
  if (durationMs < 100) return "instant";
  if (durationMs < 1000) return "fast";
  return durationMs < 10_000 ? "noticeable" : "slow";
}
