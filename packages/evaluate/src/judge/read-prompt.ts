import type { Json, JsonObject } from "@scouter/contracts";
import { errors } from "../errors.ts";
import { isJsonArray, isJsonObject } from "../json/json-type.ts";
import { itemsOf, member, numberMember, textMember } from "../json/json-member.ts";
import type { ChatMessage, ChatRequest } from "../port/chat-model.ts";
import { SCORE_SCHEMA } from "./score-schema.ts";

/** A judge's prompt in one form, whichever provider's request it was written as. */
export interface JudgePrompt {
  readonly provider: string;
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly settings: Omit<ChatRequest, "messages">;
}

/** Names as files spell them; any other name is a provider of the user's own. */
const PROVIDER_NAMES: Readonly<Record<string, string>> = { gemini: "google" };
const WITHOUT_JUDGE: ReadonlySet<string> = new Set(["google_adk", "googleadk", "undefined"]);

/**
 * Reads a prompt: written by hand (`model`, `provider`, `messages`, ...), or saved by a client library, with the provider's
 * own request body under `request`.
 * @throws EVALUATE_PROMPT_INVALID
 */
export function readPrompt(prompt: Json): JudgePrompt {
  if (!isJsonObject(prompt)) throw invalid("expected an object with model, provider and messages");
  if (member(prompt, "path") !== null && member(prompt, "messages", "request") === null) {
    throw invalid("it names a file: read the file where the tasks are made and send its content");
  }
  const provider = providerOf(prompt);
  const request = member(prompt, "request");
  const body = isJsonObject(request) ? readRequest(request) : readGeneric(prompt);
  const model = textMember(prompt, "model") ?? textMember(request, "model");
  if (model === null) throw invalid("it has no model");
  if (body.messages.length === 0) throw invalid("it has no messages");
  const isScore = textMember(prompt, "response_type") === "Score";
  const schema = body.schema ?? (isScore ? SCORE_SCHEMA : undefined);
  return {
    provider,
    model,
    messages: body.messages,
    settings: {
      ...(schema === undefined ? {} : { schema }),
      ...body.sampling,
    },
  };
}

interface PromptBody {
  readonly messages: readonly ChatMessage[];
  readonly schema: ChatRequest["schema"] | undefined;
  readonly sampling: Sampling;
}

type Sampling = Omit<ChatRequest, "messages" | "schema">;

function providerOf(prompt: JsonObject): string {
  const name = textMember(prompt, "provider")?.toLowerCase();
  if (name === undefined) throw invalid("it has no provider");
  if (WITHOUT_JUDGE.has(name)) throw invalid(`provider '${name}' cannot be asked`);
  return PROVIDER_NAMES[name] ?? name;
}

function readGeneric(prompt: JsonObject): PromptBody {
  const settings = member(prompt, "settings", "model_settings");
  const generation = member(settings, "generation_config", "generationConfig") ?? settings;
  const schema = member(prompt, "response_format", "response_json_schema");
  return {
    messages: [
      ...messagesOf("system", oneOrMany(member(prompt, "system_instructions"))),
      ...messagesOf("user", oneOrMany(member(prompt, "messages"))),
    ],
    schema: schema === null ? undefined : unwrapSchema(schema),
    sampling: samplingOf(generation),
  };
}

/** The three providers' bodies have members of different names, so one reader serves all. */
function readRequest(request: JsonObject): PromptBody {
  const generation = member(request, "generationConfig", "generation_config") ?? request;
  const system = member(request, "system", "systemInstruction", "system_instruction");
  const schema =
    member(request, "response_format", "output_format", "output_config", "text") ??
    member(generation, "responseJsonSchema", "response_json_schema", "responseSchema");
  return {
    messages: [
      ...messagesOf("system", system === null ? [] : [system]),
      ...itemsOf(request, "messages", "contents", "input").flatMap((message) =>
        messagesOf(roleOf(message), [message]),
      ),
    ],
    schema: schema === null ? undefined : unwrapSchema(schema),
    sampling: samplingOf(generation),
  };
}

/** In the spelling of each vendor. */
const NUMBERS = {
  temperature: ["temperature"],
  maxOutputTokens: ["max_output_tokens", "maxOutputTokens", "max_completion_tokens", "max_tokens"],
  topP: ["top_p", "topP"],
  topK: ["top_k", "topK"],
  seed: ["seed"],
  presencePenalty: ["presence_penalty", "presencePenalty"],
  frequencyPenalty: ["frequency_penalty", "frequencyPenalty"],
} as const satisfies Partial<Record<keyof Sampling, readonly string[]>>;

function samplingOf(settings: Json): Sampling {
  const numbers = Object.entries(NUMBERS).flatMap(([name, spellings]) => {
    const value = numberMember(settings, ...spellings);
    return value === null ? [] : [[name, value] as const];
  });
  const stops = oneOrMany(member(settings, "stop_sequences", "stopSequences", "stop"));
  const stopSequences = stops.filter((stop) => typeof stop === "string");
  return {
    ...Object.fromEntries(numbers),
    ...(stopSequences.length === 0 ? {} : { stopSequences }),
  };
}

function roleOf(message: Json): ChatMessage["role"] {
  const role = textMember(message, "role");
  if (role === "system" || role === "developer") return "system";
  return role === "assistant" || role === "model" ? "assistant" : "user";
}

function oneOrMany(value: Json): readonly Json[] {
  if (value === null) return [];
  return isJsonArray(value) ? value : [value];
}

function messagesOf(role: ChatMessage["role"], values: readonly Json[]): readonly ChatMessage[] {
  return values.flatMap((value) => {
    const content = textOf(value);
    if (content === null) throw invalid("a message of it is not text: judges are asked in text");
    return content === "" ? [] : [{ role, content }];
  });
}

/** Text of a message or of its parts; null for anything else, such as a picture. */
function textOf(value: Json): string | null {
  if (typeof value === "string") return value;
  if (isJsonArray(value)) {
    const texts = value.map(textOf);
    return texts.every((text) => text !== null) ? texts.join("\n") : null;
  }
  const inner = member(value, "content", "parts", "text");
  return inner === null ? null : textOf(inner);
}

/** The bare schema, or the provider's envelope around it. */
function unwrapSchema(given: Json): ChatRequest["schema"] | undefined {
  const format = member(given, "format") ?? given;
  const envelope = member(format, "json_schema") ?? format;
  const inner = member(envelope, "schema");
  const schema = isJsonObject(inner) ? inner : envelope;
  const isTextMode = textMember(format, "type") === "text";
  if (isTextMode || !isJsonObject(schema)) return undefined;
  const name = textMember(envelope, "name") ?? textMember(schema, "title") ?? "StructuredOutput";
  return { name: name.replaceAll(/[^A-Za-z0-9_-]/g, "_").slice(0, 64), schema };
}

function invalid(reason: string): Error {
  return errors.EVALUATE_PROMPT_INVALID({ reason });
}
