/** The part of the chat completions protocol that the agent and its model server speak. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly ToolDefinition[];
  readonly temperature?: number;
  readonly seed?: number;
}

export type ChatMessage =
  | { readonly role: "system" | "user"; readonly content: string }
  | {
      readonly role: "assistant";
      readonly content: string | null;
      readonly tool_calls?: readonly ToolCall[];
    }
  | { readonly role: "tool"; readonly tool_call_id: string; readonly content: string };

export interface ToolCall {
  readonly id: string;
  readonly type: "function";
  /** `arguments` is JSON text. */
  readonly function: { readonly name: string; readonly arguments: string };
}

export interface ToolDefinition {
  readonly type: "function";
  readonly function: {
    readonly name: string;
    readonly description: string;
    readonly parameters: Readonly<Record<string, unknown>>;
  };
}

export interface ChatCompletion {
  readonly id: string;
  readonly object: "chat.completion";
  /** Seconds since the epoch. */
  readonly created: number;
  readonly model: string;
  readonly choices: readonly ChatChoice[];
  readonly usage: {
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly total_tokens: number;
  };
}

export interface ChatChoice {
  readonly index: number;
  readonly message: Extract<ChatMessage, { readonly role: "assistant" }>;
  readonly finish_reason: "stop" | "tool_calls" | "length";
}

export interface ChatError {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly code: string | null;
  };
}

/** What the agent asks the model to put into the content of its last message, as JSON text. */
export interface AnswerContent {
  readonly text: string;
  readonly value: number | null;
  readonly unit: string | null;
}
