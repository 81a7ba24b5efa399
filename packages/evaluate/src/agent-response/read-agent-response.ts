import type { Json, ResponseProvider } from "@scouter/contracts";
import { errors } from "../errors.ts";
import { itemsOf, member, textMember } from "../json/json-member.ts";
import { isJsonArray, isJsonObject } from "../json/json-type.ts";
import { shownJson } from "../json/shown-json.ts";
import { readAiSdk } from "./ai-sdk.ts";
import { readAnthropic } from "./anthropic.ts";
import type { AgentResponse } from "./agent-response.ts";
import { isBedrockConverse, readBedrockConverse } from "./bedrock-converse.ts";
import { readGemini, readGoogleAdk, readVertexPredict } from "./gemini.ts";
import { joinResults } from "./join-results.ts";
import { readConversation, readMessageList } from "./message-list.ts";
import { readOpenAiChat } from "./openai-chat.ts";
import { readOpenAiResponses } from "./openai-responses.ts";

type Reader = (response: Json) => AgentResponse;

/** A response with the value that it was read from: `ResponseField` looks into that. */
export interface ReadResponse {
  readonly response: AgentResponse;
  readonly raw: Json;
}

/**
 * Reads a model's response in whatever form it was logged: a vendor's own, the AI SDK's, or a list of messages. A hint
 * takes the place of the look at its members. Where nothing is recognised, the member `response` is tried.
 * @throws EVALUATE_RESPONSE_UNKNOWN
 */
export function readAgentResponse(value: Json, hint?: ResponseProvider | null): ReadResponse {
  const hinted = hint === null || hint === undefined ? undefined : readerOfHint(hint, value);
  const here = hinted ?? detectReader(value);
  if (here !== undefined) return read(here, value);
  const inner = member(value, "response");
  const reader = detectReader(inner);
  if (reader !== undefined) return read(reader, inner);
  throw errors.EVALUATE_RESPONSE_UNKNOWN({ got: shownJson(keysOf(value)) });
}

function read(reader: Reader, raw: Json): ReadResponse {
  const response = reader(raw);
  // Results of tools stand in the messages of a later request, which loggers keep beside the response.
  const { results } = readConversation(isJsonObject(raw) ? itemsOf(raw, "messages") : []);
  const toolCalls = joinResults(response.toolCalls, results);
  return { response: { ...response, toolCalls }, raw };
}

function readerOfHint(hint: ResponseProvider, value: Json): Reader | undefined {
  if (!isJsonObject(value)) return undefined;
  switch (hint) {
    case "OpenAI":
      return isResponses(value) ? readOpenAiResponses : readOpenAiChat;
    case "Anthropic":
      return readAnthropic;
    case "GoogleAdk":
      return readGoogleAdk;
    case "Gemini":
      return readGemini;
    case "Google":
    case "Vertex":
      return member(value, "predictions") === null ? readGemini : readVertexPredict;
    default:
      return undefined;
  }
}

/** Members that only events of the agent development kit have. */
const ADK_MEMBERS = [
  "partial",
  "turn_complete",
  "interrupted",
  "error_code",
  "error_message",
  "interaction_id",
  "live_session_resumption_update",
  "input_transcription",
  "output_transcription",
  "custom_metadata",
  "usage_metadata",
  "model_version",
];

/** The first match counts: the order tells apart responses that have members of several vendors. */
function detectReader(value: Json): Reader | undefined {
  if (isJsonArray(value)) return isMessageList(value) ? listReader : undefined;
  if (!isJsonObject(value)) return undefined;
  const has = (name: string) => Object.hasOwn(value, name);
  if (has("choices")) return readOpenAiChat;
  if (isResponses(value)) return readOpenAiResponses;
  if (has("predictions")) return readVertexPredict;
  if (has("stop_reason") && has("content")) return readAnthropic;
  if (ADK_MEMBERS.some(has)) return readGoogleAdk;
  if (has("candidates")) return readGemini;
  if (isBedrockConverse(value)) return readBedrockConverse;
  if (isAiSdk(value)) return readAiSdk;
  if (isMessageList(itemsOf(value, "messages"))) return listReader;
  return undefined;
}

const listReader: Reader = (value) =>
  readMessageList(isJsonArray(value) ? value : itemsOf(value, "messages"));

function isResponses(value: Json): boolean {
  if (textMember(value, "object") === "response") return true;
  const items = itemsOf(value, "output");
  return items.length > 0 && items.every((item) => textMember(item, "type") !== null);
}

function isAiSdk(value: Json): boolean {
  const steps = itemsOf(value, "steps");
  if (steps.length > 0) return steps.every((step) => member(step, "finishReason") !== null);
  return member(value, "finishReason") !== null && member(value, "usage") !== null;
}

function isMessageList(items: readonly Json[]): boolean {
  return items.length > 0 && items.every((item) => textMember(item, "role") !== null);
}

function keysOf(value: Json): Json {
  return isJsonObject(value) ? Object.keys(value) : value;
}
