export interface ChatMessage {
  readonly role: "system" | "user";
  readonly content: string;
}

export interface ToolCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, string>>;
}

export interface ChatReply {
  readonly text: string;
  readonly toolCall: ToolCall | undefined;
}

export interface ChatTarget {
  /** Up to and with `/v1`. */
  readonly baseUrl: string;
  readonly seed: number;
  readonly signal: AbortSignal;
}

interface Completion {
  readonly choices: readonly [
    {
      readonly message: {
        readonly content: string | null;
        readonly tool_calls?: readonly [
          { readonly function: { readonly name: string; readonly arguments: string } },
        ];
      };
    },
  ];
}

/** A model that does not answer as it should: `status` tells an outage from a mistake of ours. */
export class ModelError extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(`the model answered ${String(status)}: ${text}`);
    this.status = status;
  }
}

/** Asks a model of the chat completions protocol. */
export async function askModel(
  { baseUrl, seed, signal }: ChatTarget,
  messages: readonly ChatMessage[],
): Promise<ChatReply> {
  const reply = await fetch(`${baseUrl}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "desk-1", seed, messages }),
    signal,
  });
  if (!reply.ok) throw new ModelError(reply.status, await reply.text());
  const completion = (await reply.json()) as Completion;
  const { content, tool_calls: calls } = completion.choices[0].message;
  const call = calls?.[0].function;
  return {
    text: content ?? "",
    toolCall:
      call === undefined
        ? undefined
        : {
            name: call.name,
            arguments: JSON.parse(call.arguments) as Readonly<Record<string, string>>,
          },
  };
}
