/** What a fake model does with one request. */
export type ModelReply =
  | ModelAnswer
  /** An HTTP status with an error body in the protocol's shape. */
  | {
      readonly kind: "failure";
      readonly status: number;
      /** The `Retry-After` header as written: seconds or an HTTP date. */
      readonly retryAfter?: string;
      readonly errorType?: string;
      readonly errorMessage?: string;
    }
  /** Status 200 with a body that is not the protocol's. */
  | { readonly kind: "garbage"; readonly body: string }
  /** The connection is closed without an answer. */
  | { readonly kind: "hang-up" }
  /** No answer, ever; ends when the client gives up or the server closes. */
  | { readonly kind: "silence" };

export interface ModelAnswer {
  readonly kind: "answer";
  readonly text: string;
  /** Left out of `usage` when undefined. */
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Default `stop`, or `tool_calls` with tool calls. */
  readonly finishReason?: string;
  readonly toolCalls?: readonly ModelToolCall[];
}

export interface ModelToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON text, as the protocol has it. */
  readonly arguments: string;
}
