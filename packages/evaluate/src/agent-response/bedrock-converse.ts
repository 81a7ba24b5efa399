import type { Json } from "@scouter/contracts";
import { itemsOf, member, numberMember, textMember } from "../json/json-member.ts";
import { tokenCounts, type AgentResponse } from "./agent-response.ts";
import { callsIn, readParts, resultsIn, textsIn } from "./content-part.ts";
import { joinResults } from "./join-results.ts";

/**
 * Amazon Bedrock's Converse. The answer does not name its model; the trace of a prompt router does. As with Anthropic, the last
 * text block counts.
 */
export function readBedrockConverse(response: Json): AgentResponse {
  const parts = readParts(itemsOf(member(member(response, "output"), "message"), "content"));
  const usage = member(response, "usage");
  const router = member(member(response, "trace"), "promptRouter");
  return {
    toolCalls: joinResults(callsIn(parts), resultsIn(parts)),
    text: textsIn(parts).at(-1) || null,
    model: textMember(router, "invokedModelId"),
    finishReason: textMember(response, "stopReason"),
    ...tokenCounts(
      numberMember(usage, "inputTokens"),
      numberMember(usage, "outputTokens"),
      numberMember(usage, "totalTokens"),
    ),
  };
}

export function isBedrockConverse(value: Json): boolean {
  const message = member(member(value, "output"), "message");
  return textMember(value, "stopReason") !== null && textMember(message, "role") !== null;
}
