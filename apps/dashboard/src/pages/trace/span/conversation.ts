import type { GenAiMessage, MessageToolCall } from "@scouter/contracts";

export interface ToolExchange {
  readonly call: MessageToolCall;
  /** Undefined when the conversation ends before the answer, or it names another call. */
  readonly answer: GenAiMessage | undefined;
}

/** One bubble. Answers of tools stand with their calls. */
export interface Turn {
  readonly message: GenAiMessage;
  readonly exchanges: readonly ToolExchange[];
  /** What the span itself produced, as against what it was given. */
  readonly isOutput: boolean;
}

/**
 * Messages as turns. An answer belongs to the nearest call before it with its id; without ids, to the first call before it
 * that has none yet. An answer without a call is a turn of its own.
 */
export function conversationOf(
  input: readonly GenAiMessage[],
  output: readonly GenAiMessage[],
): readonly Turn[] {
  const turns: { message: GenAiMessage; exchanges: OpenExchange[]; isOutput: boolean }[] = [];
  const messages = [
    ...input.map((message) => ({ message, isOutput: false })),
    ...output.map((message) => ({ message, isOutput: true })),
  ];
  for (const { message, isOutput } of messages) {
    const exchange = isAnswer(message)
      ? openExchange(
          turns.flatMap(({ exchanges }) => exchanges),
          message,
        )
      : undefined;
    if (exchange !== undefined) {
      exchange.answer = message;
      continue;
    }
    const exchanges = message.tool_calls.map((call) => ({ call, answer: undefined }));
    turns.push({ message, exchanges, isOutput });
  }
  return turns;
}

interface OpenExchange {
  readonly call: MessageToolCall;
  answer: GenAiMessage | undefined;
}

function isAnswer({ role, tool_call_id }: GenAiMessage): boolean {
  return tool_call_id !== null || role === "tool";
}

function openExchange(
  exchanges: readonly OpenExchange[],
  { tool_call_id: id }: GenAiMessage,
): OpenExchange | undefined {
  const open = exchanges.filter(({ answer }) => answer === undefined);
  return id === null
    ? open.find(({ call }) => call.id === null)
    : open.findLast(({ call }) => call.id === id);
}
