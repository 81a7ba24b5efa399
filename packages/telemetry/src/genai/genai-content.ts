import type { GenAiMessage, Json } from "@scouter/contracts";
import type { SpanEvent } from "../span/span-row.ts";
import { parsedJson, textOf, valueOf } from "./attribute-reading.ts";
import { type ConventionKey, inputKeys, outputKeys } from "./convention-table.ts";
import { flattenedList } from "./flattened-list.ts";
import { messageOf, messagesOf, plain } from "./genai-message.ts";
import type { StoredAttributes } from "./genai-span.ts";

/** What went into a span and came out of it. */
export interface GenAiContent {
  /** JSON, or text; null when nothing was captured. */
  readonly input: Json;
  readonly output: Json;
  readonly inputMessages: readonly GenAiMessage[];
  readonly outputMessages: readonly GenAiMessage[];
}

/** What of a span its content is read from. `SpanRow` fits. */
export interface ContentSpan {
  readonly attributes: StoredAttributes;
  readonly events: readonly Pick<SpanEvent, "name" | "attributes">[];
  /** Ordinary JSON text. */
  readonly input: string | null;
  readonly output: string | null;
}

/** Never throws; what cannot be read as messages is left out of them and still shows in `input` and `output`. */
export function genAiContent(span: ContentSpan): GenAiContent {
  const inputMessages = firstMessages(span, inputSources);
  const outputMessages = firstMessages(span, outputSources);
  return {
    input: capturedOf(span, span.input, inputKeys),
    output: capturedOf(span, span.output, outputKeys),
    inputMessages: [...systemMessages(span), ...inputMessages],
    outputMessages,
  };
}

type MessageSource = (span: ContentSpan) => readonly GenAiMessage[];

/** In the order of trust: structured first, then flattened, then events, then what only looks like messages. */
const inputSources: readonly MessageSource[] = [
  ({ attributes }) => listAt(attributes, "gen_ai.input.messages", "user"),
  ({ attributes }) => listUnder(attributes, "llm.input_messages.", "user"),
  ({ attributes }) => listUnder(attributes, "gen_ai.prompt.", "user"),
  ({ attributes }) => listAt(attributes, "ai.prompt.messages", "user"),
  ({ attributes }) => vercelPrompt(valueOf(attributes, "ai.prompt")),
  ({ events }) => events.flatMap(inputEventMessages),
  ({ attributes }) => chatRequest(valueOf(attributes, "input.value")),
];

const outputSources: readonly MessageSource[] = [
  ({ attributes }) => listAt(attributes, "gen_ai.output.messages", "assistant"),
  ({ attributes }) => listUnder(attributes, "llm.output_messages.", "assistant"),
  ({ attributes }) => listUnder(attributes, "gen_ai.completion.", "assistant"),
  ({ attributes }) => vercelResponse(attributes),
  ({ events }) => events.flatMap(outputEventMessages),
];

function firstMessages(span: ContentSpan, sources: readonly MessageSource[]) {
  for (const source of sources) {
    const messages = source(span);
    if (messages.length > 0) return messages;
  }
  return [];
}

function systemMessages({ attributes }: ContentSpan): readonly GenAiMessage[] {
  const given = valueOf(attributes, "gen_ai.system_instructions");
  if (given === undefined) return [];
  const parsed = parsedJson(given);
  const message = messageOf(
    typeof parsed === "string" ? parsed : { role: "system", content: parsed },
    "system",
  );
  return message === null ? [] : [message];
}

function listAt(attributes: StoredAttributes, key: string, role: string) {
  const value = valueOf(attributes, key);
  return value === undefined ? [] : messagesOf(value, role);
}

function listUnder(attributes: StoredAttributes, prefix: string, role: string) {
  return messagesOf(flattenedList(attributes, prefix), role);
}

/** `{system, prompt}` or `{messages}`, as text. */
function vercelPrompt(value: Json | undefined): readonly GenAiMessage[] {
  if (value === undefined) return [];
  const parsed = parsedJson(value);
  if (!isObject(parsed)) return messagesOf(parsed, "user");
  const { system, prompt, messages } = parsed;
  return [
    ...(typeof system === "string" && system !== "" ? [plain("system", system)] : []),
    ...(prompt === undefined || prompt === null ? [] : messagesOf(prompt, "user")),
    ...(messages === undefined || messages === null ? [] : messagesOf(messages, "user")),
  ];
}

function vercelResponse(attributes: StoredAttributes): readonly GenAiMessage[] {
  const text = textOf(attributes, "ai.response.text") ?? textOf(attributes, "ai.response.object");
  const calls = valueOf(attributes, "ai.response.toolCalls");
  if (text === null && calls === undefined) return [];
  const message = messageOf(
    {
      role: "assistant",
      content: text === null ? null : [{ type: "text", text }],
      tool_calls: calls ?? null,
      finish_reason: textOf(attributes, "ai.response.finishReason"),
    },
    "assistant",
  );
  return message === null ? [] : [message];
}

/** A request to a chat API, captured whole. */
function chatRequest(value: Json | undefined): readonly GenAiMessage[] {
  const parsed = value === undefined ? null : parsedJson(value);
  if (!isObject(parsed) || !Array.isArray(parsed["messages"])) return [];
  return messagesOf(parsed["messages"], "user");
}

const MESSAGE_EVENT = /^gen_ai\.(system|user|assistant|tool)\.message$/;

function inputEventMessages(event: ContentSpan["events"][number]): readonly GenAiMessage[] {
  if (event.name === "gen_ai.content.prompt")
    return listAt(event.attributes, "gen_ai.prompt", "user");
  if (event.name === "gen_ai.client.inference.operation.details") {
    return listAt(event.attributes, "gen_ai.input.messages", "user");
  }
  const role = MESSAGE_EVENT.exec(event.name)?.[1];
  return role === undefined ? [] : eventMessage(event.attributes, role);
}

function outputEventMessages(event: ContentSpan["events"][number]): readonly GenAiMessage[] {
  if (event.name === "gen_ai.content.completion") {
    return listAt(event.attributes, "gen_ai.completion", "assistant");
  }
  if (event.name === "gen_ai.client.inference.operation.details") {
    return listAt(event.attributes, "gen_ai.output.messages", "assistant");
  }
  return event.name === "gen_ai.choice" ? eventMessage(event.attributes, "assistant") : [];
}

/** An event's attributes are the message's fields; some emitters put the message into one of them. */
function eventMessage(attributes: StoredAttributes, role: string): readonly GenAiMessage[] {
  const fields: Record<string, Json> = { role };
  for (const name of ["role", "content", "tool_calls", "id", "finish_reason", "message"]) {
    const value = valueOf(attributes, name) ?? valueOf(attributes, `gen_ai.event.${name}`);
    if (value !== undefined) fields[name] = parsedJson(value);
  }
  const { id, message: inner, ...rest } = fields;
  if (isObject(inner ?? null)) return messagesOf({ ...rest, ...(inner as object) }, role);
  const message = messageOf(
    { ...rest, ...(role === "tool" && id ? { tool_call_id: id } : {}) },
    role,
  );
  return message === null ? [] : [message];
}

function capturedOf(
  span: ContentSpan,
  lifted: string | null,
  keys: readonly ConventionKey[],
): Json {
  if (lifted !== null) return parsedText(lifted);
  for (const [key] of keys) {
    const value = valueOf(span.attributes, key);
    if (value !== undefined && value !== "") return parsedJson(value);
  }
  return null;
}

function parsedText(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text; // no row of ours has any
  }
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
