import type { Json } from "@scouter/contracts";
import { itemsOf, member, numberMember, textMember } from "../json/json-member.ts";
import { tokenCounts, type AgentResponse } from "./agent-response.ts";
import { callsIn, readParts, resultsIn, textsIn, type ContentPart } from "./content-part.ts";
import { joinResults } from "./join-results.ts";
import { readConversation } from "./message-list.ts";

/**
 * A result of the Vercel AI SDK's `generateText` or `streamText`, as spread by an app or as JSON writes the object itself
 * (then everything is in `steps`). Calls are those of all steps, text and finish reason those of the last.
 */
export function readAiSdk(result: Json): AgentResponse {
  const steps = itemsOf(result, "steps");
  const last = steps.at(-1) ?? null;
  const parts = (steps.length === 0 ? [result] : steps).flatMap(stepParts);
  const spoken = readConversation(itemsOf(member(result, "response"), "messages"));
  const calls = callsIn(parts);
  const usage = member(result, "totalUsage", "usage") ?? member(last, "usage");
  return {
    toolCalls: joinResults(calls.length === 0 ? spoken.calls : calls, [
      ...resultsIn(parts),
      ...spoken.results,
    ]),
    text: textMember(result, "text") || textMember(last, "text") || textOf(last) || spoken.text,
    model:
      textMember(member(result, "response"), "modelId") ??
      textMember(member(last, "response"), "modelId"),
    finishReason: textMember(result, "finishReason") ?? textMember(last, "finishReason"),
    ...tokenCounts(
      numberMember(usage, "inputTokens", "promptTokens"),
      numberMember(usage, "outputTokens", "completionTokens"),
      numberMember(usage, "totalTokens"),
    ),
  };
}

/** `content` holds everything since version 5; before, and in spread results, there are lists beside it. */
function stepParts(step: Json): readonly ContentPart[] {
  const content = itemsOf(step, "content");
  if (content.length > 0) return readParts(content);
  const results = itemsOf(step, "toolResults").flatMap((item): ContentPart[] => {
    const result = member(item, "output", "result");
    const callId = textMember(item, "toolCallId");
    return [{ kind: "result", result: { callId, name: textMember(item, "toolName"), result } }];
  });
  return [...readParts(itemsOf(step, "toolCalls")), ...results];
}

function textOf(step: Json): string | null {
  return textsIn(readParts(itemsOf(step, "content"))).join("") || null;
}
