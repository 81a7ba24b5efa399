import type { Json } from "@scouter/contracts";
import { itemsOf, member, numberMember, textMember } from "../json/json-member.ts";
import { tokenCounts, type AgentResponse } from "./agent-response.ts";
import { callsIn, readParts, resultsIn, textsIn } from "./content-part.ts";
import { joinResults } from "./join-results.ts";

/**
 * Anthropic's message. The text is the last text block: those before it comment on tool calls. Counts are the vendor's, so
 * tokens read from a prompt cache are not in them.
 */
export function readAnthropic(response: Json): AgentResponse {
  const parts = readParts(itemsOf(response, "content"));
  const usage = member(response, "usage");
  return {
    toolCalls: joinResults(callsIn(parts), resultsIn(parts)),
    text: textsIn(parts).at(-1) || null,
    model: textMember(response, "model"),
    finishReason: textMember(response, "stop_reason"),
    ...tokenCounts(numberMember(usage, "input_tokens"), numberMember(usage, "output_tokens")),
  };
}
