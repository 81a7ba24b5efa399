import type { Span } from "@opentelemetry/api";
import { type Clock, isScouterError } from "@scouter/contracts";
import type { Car } from "../cars/car.ts";
import { errors } from "../errors.ts";
import type {
  AnswerContent,
  ChatCompletion,
  ChatMessage,
  ToolCall,
} from "../model/chat-protocol.ts";
import { MODEL_NAME } from "../model/model-server.ts";
import { type ChatClient, PROVIDER_NAME } from "./chat-client.ts";
import { attribute } from "./genai-attributes.ts";
import { toolDefinitions, tools, type ToolResult } from "./tools.ts";
import type { Traced } from "./traced.ts";

export const AGENT_NAME = "car-support";

const SYSTEM_TEXT = [
  "You answer customers' questions about the cars of our list, and nothing else.",
  "Take every figure from a tool. Answer as JSON with the fields text, value and unit.",
].join(" ");
const MAXIMUM_TURNS = 4;

export interface AgentParts {
  readonly chat: ChatClient;
  readonly traced: Traced;
  readonly cars: readonly Car[];
  readonly clock: Clock;
}

export interface Inquiry {
  readonly text: string;
  /** Id of the conversation that the question opens. */
  readonly conversation: string;
  readonly signal?: AbortSignal | undefined;
}

export interface AgentAnswer extends AnswerContent {
  readonly toolCalls: readonly ToolCallRecord[];
  readonly finishReason: string;
  readonly responseModel: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly durationMs: number;
}

export interface ToolCallRecord {
  readonly name: string;
  readonly arguments: unknown;
  readonly ok: boolean;
  readonly result: ToolResult | null;
  /** Code of the error; null when `ok`. */
  readonly error: string | null;
}

/**
 * Answers one question: asks the model, runs the tools it calls for, asks again until it answers.
 *
 * The whole is one `invoke_agent` span, active while `onAnswer` runs, so that what the caller records belongs to it.
 */
export function answerQuestion<Result>(
  parts: AgentParts,
  input: Inquiry,
  onAnswer: (answer: AgentAnswer, span: Span) => Result,
): Promise<Result> {
  const attributes = {
    [attribute.operation]: "invoke_agent",
    [attribute.provider]: PROVIDER_NAME,
    [attribute.requestModel]: MODEL_NAME,
    [attribute.agentName]: AGENT_NAME,
    [attribute.agentDescription]: "answers questions about a list of cars",
    [attribute.conversation]: input.conversation,
    "scouter.tracing.input": JSON.stringify({ question: input.text }),
  };
  return parts.traced(`invoke_agent ${AGENT_NAME}`, { attributes }, async (span) => {
    const startedMs = parts.clock.monotonicMs();
    const turns = await converse(parts, input);
    const durationMs = Math.round((parts.clock.monotonicMs() - startedMs) * 1000) / 1000;
    const answer = { ...turns, durationMs };
    span.setAttributes({
      [attribute.responseModel]: answer.responseModel,
      [attribute.finishReasons]: [answer.finishReason],
      "scouter.tracing.output": JSON.stringify({ answer: answer.text }),
    });
    return onAnswer(answer, span);
  });
}

async function converse(
  parts: AgentParts,
  input: Inquiry,
): Promise<Omit<AgentAnswer, "durationMs">> {
  const messages: ChatMessage[] = [
    { role: "system", content: SYSTEM_TEXT },
    { role: "user", content: input.text },
  ];
  const toolCalls: ToolCallRecord[] = [];
  let inputTokens = 0;
  let outputTokens = 0;
  for (let turn = 0; turn < MAXIMUM_TURNS; turn += 1) {
    const request = { model: MODEL_NAME, messages, tools: toolDefinitions, temperature: 0 };
    const completion = await parts.chat.complete(request, input.conversation, input.signal);
    inputTokens += completion.usage.prompt_tokens;
    outputTokens += completion.usage.completion_tokens;
    const { message, finish_reason: finishReason } = onlyChoice(completion);
    messages.push(message);
    if (message.tool_calls === undefined) {
      const content = readAnswer(message.content);
      const responseModel = completion.model;
      return { ...content, toolCalls, finishReason, responseModel, inputTokens, outputTokens };
    }
    for (const call of message.tool_calls) {
      const record = await runTool(parts, call);
      toolCalls.push(record);
      messages.push(toolMessage(call, record));
    }
  }
  throw errors.DEMO_MODEL_ANSWER({ problem: `no answer after ${String(MAXIMUM_TURNS)} turns` });
}

function toolMessage(call: ToolCall, record: ToolCallRecord): ChatMessage {
  const content = JSON.stringify(record.result ?? { error: record.error });
  return { role: "tool", tool_call_id: call.id, content };
}

/** A failing tool is an answer to the model, not the end of the conversation; its span keeps the error. */
async function runTool(parts: AgentParts, call: ToolCall): Promise<ToolCallRecord> {
  const { name, arguments: json } = call.function;
  const given = JSON.parse(json) as Readonly<Record<string, unknown>>;
  const tool = tools.get(name);
  const attributes = {
    [attribute.operation]: "execute_tool",
    [attribute.toolName]: name,
    [attribute.toolType]: "function",
    [attribute.toolDescription]: tool?.definition.function.description,
    [attribute.toolCallId]: call.id,
    [attribute.toolArguments]: json,
  };
  try {
    return await parts.traced(`execute_tool ${name}`, { attributes }, async (span) => {
      if (tool === undefined) throw errors.DEMO_TOOL_UNKNOWN({ tool: name });
      const result = tool.run(given, parts.cars);
      span.setAttribute(attribute.toolResult, JSON.stringify(result));
      return { name, arguments: given, ok: true, result, error: null };
    });
  } catch (error) {
    if (!isScouterError(error)) throw error;
    return { name, arguments: given, ok: false, result: null, error: error.code };
  }
}

function onlyChoice(completion: ChatCompletion) {
  const [choice] = completion.choices;
  if (choice === undefined) throw errors.DEMO_MODEL_ANSWER({ problem: "it has no choices" });
  return choice;
}

function readAnswer(content: string | null): AnswerContent {
  try {
    const { text, value, unit } = JSON.parse(content ?? "") as AnswerContent;
    return { text, value, unit };
  } catch (cause) {
    throw errors.DEMO_MODEL_ANSWER({ problem: "its content is not JSON" }, { cause });
  }
}
