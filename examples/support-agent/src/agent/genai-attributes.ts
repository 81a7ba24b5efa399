import type { ChatChoice, ChatMessage } from "../model/chat-protocol.ts";

/** Attribute names of OpenTelemetry's semantic conventions for generative AI, and the few general ones beside them. */
export const attribute = {
  operation: "gen_ai.operation.name",
  provider: "gen_ai.provider.name",
  requestModel: "gen_ai.request.model",
  requestTemperature: "gen_ai.request.temperature",
  requestSeed: "gen_ai.request.seed",
  responseModel: "gen_ai.response.model",
  responseId: "gen_ai.response.id",
  finishReasons: "gen_ai.response.finish_reasons",
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  conversation: "gen_ai.conversation.id",
  agentName: "gen_ai.agent.name",
  agentDescription: "gen_ai.agent.description",
  inputMessages: "gen_ai.input.messages",
  outputMessages: "gen_ai.output.messages",
  systemInstructions: "gen_ai.system_instructions",
  toolDefinitions: "gen_ai.tool.definitions",
  toolName: "gen_ai.tool.name",
  toolType: "gen_ai.tool.type",
  toolDescription: "gen_ai.tool.description",
  toolCallId: "gen_ai.tool.call.id",
  toolArguments: "gen_ai.tool.call.arguments",
  toolResult: "gen_ai.tool.call.result",
  errorType: "error.type",
  serverAddress: "server.address",
  serverPort: "server.port",
} as const;

type Part =
  | { readonly type: "text"; readonly content: string }
  | {
      readonly type: "tool_call";
      readonly id: string;
      readonly name: string;
      readonly arguments: unknown;
    }
  | { readonly type: "tool_call_response"; readonly id: string; readonly response: unknown };

/** Chat messages in the conventions' form, as JSON text. System messages have an attribute of their own. */
export function inputMessages(messages: readonly ChatMessage[]): string {
  const listed = messages.filter((message) => message.role !== "system");
  return JSON.stringify(listed.map((message) => ({ role: message.role, parts: parts(message) })));
}

export function outputMessages(choices: readonly ChatChoice[]): string {
  return JSON.stringify(
    choices.map(({ message, finish_reason }) => ({
      role: message.role,
      parts: parts(message),
      finish_reason: finish_reason === "tool_calls" ? "tool_call" : finish_reason,
    })),
  );
}

export function textParts(text: string): string {
  return JSON.stringify([{ type: "text", content: text }]);
}

function parts(message: ChatMessage): readonly Part[] {
  if (message.role === "tool") {
    const response: unknown = JSON.parse(message.content);
    return [{ type: "tool_call_response", id: message.tool_call_id, response }];
  }
  const text: Part[] = message.content === null ? [] : [{ type: "text", content: message.content }];
  if (message.role !== "assistant") return text;
  const calls = (message.tool_calls ?? []).map((call): Part => {
    const { name, arguments: json } = call.function;
    return { type: "tool_call", id: call.id, name, arguments: JSON.parse(json) as unknown };
  });
  return [...text, ...calls];
}
