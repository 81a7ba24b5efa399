import type { Json } from "@scouter/contracts";
import { isJsonObject } from "../json/json-type.ts";
import { itemsOf, member, numberMember, textMember } from "../json/json-member.ts";
import { tokenCounts, type AgentResponse, type TokenCounts } from "./agent-response.ts";
import { callsIn, readParts, resultsIn, textsIn } from "./content-part.ts";
import { joinResults } from "./join-results.ts";

/** Gemini's generateContent, in its camel case and in the snake case of the Python client. */
export function readGemini(response: Json): AgentResponse {
  const candidates = itemsOf(response, "candidates");
  const [first = null] = candidates;
  const parts = readParts(candidates.flatMap(partsOf));
  return {
    toolCalls: joinResults(callsIn(parts), resultsIn(parts)),
    text: textsIn(readParts(partsOf(first))).at(-1) || null,
    model: textMember(response, "modelVersion", "model_version"),
    finishReason: textMember(first, "finishReason", "finish_reason"),
    ...usageOf(response),
  };
}

/** An event of Google's agent development kit: one candidate's content without the list around it. */
export function readGoogleAdk(response: Json): AgentResponse {
  const parts = readParts(partsOf(response));
  return {
    toolCalls: joinResults(callsIn(parts), resultsIn(parts)),
    text: textsIn(parts).findLast((text) => text !== "") ?? null,
    model: textMember(response, "model_version", "modelVersion"),
    finishReason: textMember(response, "finish_reason", "finishReason"),
    ...usageOf(response),
  };
}

/** Vertex' `predict`: each prediction is an answer of the model's own shape, or its text. */
export function readVertexPredict(response: Json): AgentResponse {
  const [first = null] = itemsOf(response, "predictions");
  if (isJsonObject(first) && member(first, "candidates") !== null) {
    return { ...readGemini(first), model: vertexModel(response) };
  }
  const text = typeof first === "string" ? first : textMember(first, "content", "text", "output");
  return {
    toolCalls: [],
    text: text || null,
    model: vertexModel(response),
    finishReason: null,
    ...usageOf(member(response, "metadata") ?? response),
  };
}

function vertexModel(response: Json): string | null {
  return textMember(response, "modelDisplayName", "model", "deployedModelId");
}

function partsOf(candidate: Json): readonly Json[] {
  return itemsOf(member(candidate, "content"), "parts");
}

function usageOf(response: Json): TokenCounts {
  const usage = member(response, "usageMetadata", "usage_metadata");
  return tokenCounts(
    numberMember(usage, "promptTokenCount", "prompt_token_count"),
    numberMember(usage, "candidatesTokenCount", "candidates_token_count"),
    numberMember(usage, "totalTokenCount", "total_token_count"),
  );
}
