import { columnMeanings, isColumn } from "../cars/car.ts";
import { fractionOf } from "../question/seeded-choice.ts";
import type {
  AnswerContent,
  ChatChoice,
  ChatCompletion,
  ChatMessage,
  ChatRequest,
} from "./chat-protocol.ts";
import { type Slip, slipOf } from "./slip.ts";
import { understandQuestion } from "./understand-question.ts";

/** A question that a request opens, as the model reads it: what it means and what the model will get wrong. */
export interface Reading {
  readonly text: string;
  readonly intention: ReturnType<typeof understandQuestion>;
  readonly slip: Slip | undefined;
}

export function readQuestion(request: ChatRequest, seed: number): Reading {
  const text = request.messages.find((message) => message.role === "user")?.content ?? "";
  const intention = understandQuestion(text);
  return { text, intention, slip: slipOf(seed, text, intention !== undefined) };
}

/**
 * The model's next message. Depends only on the request, the reading and the seed, so a run can be repeated.
 *
 * @param createdSeconds time stamp of the reply, seconds since the epoch
 */
export function completeChat(
  request: ChatRequest,
  reading: Reading,
  options: { readonly seed: number; readonly createdSeconds: number },
): ChatCompletion {
  const choice = nextChoice(request, reading, options.seed);
  const conversation = JSON.stringify(request.messages);
  const promptTokens = countTokens(conversation);
  const completionTokens = countTokens(JSON.stringify(choice.message));
  return {
    id: `chatcmpl-${hexadecimal(fractionOf(options.seed, conversation))}`,
    object: "chat.completion",
    created: options.createdSeconds,
    model: `${request.model}-fixed`,
    choices: [choice],
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    },
  };
}

function nextChoice(request: ChatRequest, reading: Reading, seed: number): ChatChoice {
  const last = request.messages.at(-1);
  if (last?.role === "tool") return say(answerFromTool(last.content, reading, seed));
  if (reading.intention === undefined) return say(answerOffTopic(reading));
  return callTool(reading.intention, reading, seed);
}

function callTool(
  intention: NonNullable<Reading["intention"]>,
  reading: Reading,
  seed: number,
): ChatChoice {
  const wanted =
    reading.slip === "wrong-column"
      ? { ...intention.arguments, column: "top_speed" }
      : intention.arguments;
  const id = `call_${hexadecimal(fractionOf(seed, `call/${reading.text}`))}`;
  const call = {
    id,
    type: "function",
    function: { name: intention.tool, arguments: JSON.stringify(wanted) },
  } as const;
  return {
    index: 0,
    message: { role: "assistant", content: null, tool_calls: [call] },
    finish_reason: "tool_calls",
  };
}

function answerFromTool(result: string, reading: Reading, seed: number): AnswerContent {
  const { value, unit } = JSON.parse(result) as { value?: number; unit?: string };
  if (value === undefined || unit === undefined || reading.slip === "empty-apology") {
    return { text: "I am sorry, I could not find that out.", value: null, unit: null };
  }
  const stated = reading.slip === "wrong-number" ? mistakenValue(value, reading, seed) : value;
  const statedUnit = reading.slip === "wrong-unit" ? mistakenUnit(unit, reading) : unit;
  return {
    text: `According to our list it is ${String(stated)} ${statedUnit}.`,
    value: stated,
    unit: statedUnit,
  };
}

function answerOffTopic(reading: Reading): AnswerContent {
  if (reading.slip === "overreach") {
    return { text: "Sure! I have taken care of it, no problem at all.", value: null, unit: null };
  }
  return { text: "I can only answer questions about the cars we list.", value: null, unit: null };
}

/** Off by 3 to 40 per cent, and by one at least: near enough to look right. */
function mistakenValue(value: number, reading: Reading, seed: number): number {
  const ratio = 0.03 + 0.37 * fractionOf(seed, `error/${reading.text}`);
  return Math.round(value + Math.max(1, Math.abs(value) * ratio));
}

function mistakenUnit(unit: string, reading: Reading): string {
  const column = reading.intention?.arguments["column"];
  return typeof column === "string" && isColumn(column)
    ? columnMeanings[column].mistakenUnit
    : `thousand ${unit}`;
}

function say(answer: AnswerContent): ChatChoice {
  const message: ChatMessage = { role: "assistant", content: JSON.stringify(answer) };
  return { index: 0, message, finish_reason: "stop" };
}

/** Four characters a token: the usual rule of thumb for English. */
function countTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

function hexadecimal(fraction: number): string {
  return Math.floor(fraction * 2 ** 32)
    .toString(16)
    .padStart(8, "0");
}
