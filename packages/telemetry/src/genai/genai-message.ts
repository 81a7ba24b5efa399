import type { GenAiMessage, Json, JsonObject, MessageToolCall } from "@scouter/contracts";
import { parsedJson } from "./attribute-reading.ts";

/**
 * One message from the JSON of any provider or convention: OpenAI's `content` and `tool_calls`, Anthropic's and the
 * Vercel SDK's parts, OpenTelemetry's `parts`, and OpenInference's wrappers (`message`, `message_content`,
 * `tool_call`). Null when the value is neither text nor an object that has a role, content or calls.
 */
export function messageOf(value: Json, defaultRole: string): GenAiMessage | null {
  if (typeof value === "string") return value === "" ? null : plain(defaultRole, value);
  const given = unwrapped(value, "message");
  if (given === null) return null;
  const found = new Found();
  for (const name of ["content", "contents", "parts", "text"]) found.take(given[name]);
  for (const name of ["tool_calls", "toolCalls"]) found.takeCalls(given[name]);
  const role = stringOf(given["role"]);
  if (role === null && found.isEmpty) return null;
  return {
    role: (role ?? defaultRole).toLowerCase(),
    text: found.texts.length === 0 ? null : found.texts.join("\n\n"),
    tool_calls: found.calls,
    tool_call_id:
      stringOf(given["tool_call_id"]) ?? stringOf(given["toolCallId"]) ?? found.answeredCall,
    finish_reason: stringOf(given["finish_reason"]) ?? stringOf(given["finishReason"]),
  };
}

/** Messages of a list; a single message or text counts as a list of one. */
export function messagesOf(value: Json, defaultRole: string): readonly GenAiMessage[] {
  const parsed = parsedJson(value);
  const list = Array.isArray(parsed) ? parsed : [parsed];
  return list.flatMap((item) => messageOf(item, defaultRole) ?? []);
}

export function plain(role: string, text: string): GenAiMessage {
  return { role, text, tool_calls: [], tool_call_id: null, finish_reason: null };
}

/** Levels of parts within parts; deeper ones are left out. */
const MAX_DEPTH = 8;

/** Collects the texts and calls of a message's parts. */
class Found {
  readonly texts: string[] = [];
  readonly calls: MessageToolCall[] = [];
  answeredCall: string | null = null;

  get isEmpty(): boolean {
    return this.texts.length === 0 && this.calls.length === 0;
  }

  take(value: Json | undefined, depth = 0): void {
    if (value === undefined || value === null || depth > MAX_DEPTH) return;
    if (typeof value === "string") {
      const parsed = depth === 0 ? parsedJson(value) : value;
      if (isPartList(parsed)) this.take(parsed, depth + 1);
      else if (value !== "") this.texts.push(value);
    } else if (Array.isArray(value)) {
      for (const part of value) this.take(part, depth + 1);
    } else if (typeof value === "object") {
      this.#takePart(unwrapped(value, "message_content") ?? {}, depth);
    } else {
      this.texts.push(String(value));
    }
  }

  #takePart(part: JsonObject, depth: number): void {
    const type = stringOf(part["type"]) ?? "";
    if (CALL_TYPES.has(type)) return this.takeCalls([part]);
    if (ANSWER_TYPES.has(type)) return this.#takeAnswer(part);
    this.take(part["text"] ?? part["content"], depth + 1);
  }

  #takeAnswer(part: JsonObject): void {
    this.answeredCall ??= idOf(part);
    const answer = part["response"] ?? part["result"] ?? part["output"] ?? part["content"] ?? null;
    if (answer !== null) this.texts.push(textOfAnswer(answer));
  }

  takeCalls(value: Json | undefined): void {
    const parsed = value === undefined ? null : parsedJson(value);
    if (!Array.isArray(parsed)) return;
    for (const item of parsed) {
      const call = unwrapped(item, "tool_call");
      if (call !== null) this.calls.push(callOf(call));
    }
  }
}

const CALL_TYPES: ReadonlySet<string> = new Set(["tool_call", "tool-call", "tool_use", "function"]);
const ANSWER_TYPES: ReadonlySet<string> = new Set([
  "tool_call_response",
  "tool-result",
  "tool_result",
]);

function callOf(call: JsonObject): MessageToolCall {
  const inner = unwrapped(call, "function") ?? call;
  const given =
    inner["arguments"] ?? inner["args"] ?? inner["input"] ?? call["args"] ?? call["input"] ?? null;
  return {
    id: idOf(call),
    name: stringOf(inner["name"]) ?? stringOf(call["toolName"]) ?? "",
    arguments: parsedJson(given),
  };
}

function idOf(part: JsonObject): string | null {
  for (const name of ["id", "toolCallId", "tool_call_id", "tool_use_id"]) {
    const id = stringOf(part[name]);
    if (id !== null) return id;
  }
  return null;
}

function textOfAnswer(answer: Json): string {
  if (typeof answer === "string") return answer;
  if (isPartList(answer)) {
    const found = new Found();
    found.take(answer, 1);
    if (found.texts.length > 0) return found.texts.join("\n\n");
  }
  return JSON.stringify(answer);
}

/** A list of objects with a type, as content in parts is; other JSON in a text is just text. */
function isPartList(value: Json): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((part) => typeof (unwrapped(part, "message_content") ?? {})["type"] === "string")
  );
}

/** The object itself, or what it wraps under `name`; null when it is no object. */
function unwrapped(value: Json, name: string): JsonObject | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const object = value as JsonObject;
  const inner = Object.hasOwn(object, name) ? object[name] : undefined;
  if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return object;
  return inner as JsonObject;
}

function stringOf(value: Json | undefined): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
