import type { GenAiDialect, GenAiSpanKind } from "./genai-span.ts";

/** A key and the convention it belongs to. */
export type ConventionKey = readonly [key: string, dialect: GenAiDialect];

type TextField =
  | "operation"
  | "provider"
  | "requestModel"
  | "responseModel"
  | "responseId"
  | "toolName"
  | "toolCallId"
  | "conversationId"
  | "agentName";
export type TokenField = "input" | "output" | "cacheRead" | "cacheWrite" | "reasoning";

/** Where each text is found: the first key with a text wins. Current names before older ones, standards before products. */
export const textKeys: Readonly<Record<TextField, readonly ConventionKey[]>> = {
  operation: [
    ["gen_ai.operation.name", "opentelemetry"],
    ["ai.operationId", "vercel"],
    ["llm.request.type", "traceloop"],
  ],
  provider: [
    ["gen_ai.provider.name", "opentelemetry"],
    ["gen_ai.system", "legacy"],
    ["llm.provider", "openinference"],
    ["llm.system", "openinference"],
    ["ai.model.provider", "vercel"],
  ],
  requestModel: [
    ["gen_ai.request.model", "opentelemetry"],
    ["llm.request.model_name", "openinference"],
    ["llm.model_name", "openinference"],
    ["embedding.model_name", "openinference"],
    ["reranker.model_name", "openinference"],
    ["ai.model.id", "vercel"],
    ["llm.request.model", "traceloop"],
  ],
  responseModel: [
    ["gen_ai.response.model", "opentelemetry"],
    ["llm.response.model_name", "openinference"],
    ["ai.response.model", "vercel"],
    ["llm.response.model", "traceloop"],
  ],
  responseId: [
    ["gen_ai.response.id", "opentelemetry"],
    ["ai.response.id", "vercel"],
  ],
  toolName: [
    ["gen_ai.tool.name", "opentelemetry"],
    ["tool.name", "openinference"],
    ["ai.toolCall.name", "vercel"],
  ],
  toolCallId: [
    ["gen_ai.tool.call.id", "opentelemetry"],
    ["tool_call.id", "openinference"],
    ["tool.id", "openinference"],
    ["ai.toolCall.id", "vercel"],
  ],
  conversationId: [
    ["gen_ai.conversation.id", "opentelemetry"],
    ["session.id", "openinference"],
    ["traceloop.association.properties.session_id", "traceloop"],
    ["traceloop.association.properties.thread_id", "traceloop"],
    ["ai.telemetry.metadata.sessionId", "vercel"],
  ],
  agentName: [
    ["gen_ai.agent.name", "opentelemetry"],
    ["agent.name", "openinference"],
  ],
};

/** Where each count is found: the first key with a count wins. */
export const tokenKeys: Readonly<Record<TokenField, readonly ConventionKey[]>> = {
  input: [
    ["gen_ai.usage.input_tokens", "opentelemetry"],
    ["gen_ai.usage.prompt_tokens", "legacy"],
    ["llm.token_count.prompt", "openinference"],
    ["ai.usage.inputTokens", "vercel"],
    ["ai.usage.promptTokens", "vercel"],
    ["llm.usage.prompt_tokens", "traceloop"],
  ],
  output: [
    ["gen_ai.usage.output_tokens", "opentelemetry"],
    ["gen_ai.usage.completion_tokens", "legacy"],
    ["llm.token_count.completion", "openinference"],
    ["ai.usage.outputTokens", "vercel"],
    ["ai.usage.completionTokens", "vercel"],
    ["llm.usage.completion_tokens", "traceloop"],
  ],
  cacheRead: [
    ["gen_ai.usage.cache_read.input_tokens", "opentelemetry"],
    ["gen_ai.usage.cache_read_input_tokens", "traceloop"],
    ["llm.token_count.prompt_details.cache_read", "openinference"],
    ["ai.usage.cachedInputTokens", "vercel"],
    ["ai.usage.inputTokenDetails.cacheReadTokens", "vercel"],
  ],
  cacheWrite: [
    ["gen_ai.usage.cache_write.input_tokens", "opentelemetry"],
    ["gen_ai.usage.cache_creation.input_tokens", "opentelemetry"],
    ["gen_ai.usage.cache_creation_input_tokens", "traceloop"],
    ["llm.token_count.prompt_details.cache_write", "openinference"],
    ["ai.usage.inputTokenDetails.cacheWriteTokens", "vercel"],
  ],
  reasoning: [
    ["gen_ai.usage.reasoning.output_tokens", "opentelemetry"],
    ["gen_ai.usage.reasoning_tokens", "traceloop"],
    ["llm.token_count.completion_details.reasoning", "openinference"],
    ["ai.usage.reasoningTokens", "vercel"],
    ["ai.usage.outputTokenDetails.reasoningTokens", "vercel"],
  ],
};

/** Keys whose value, a list or one text, tells why generation ended. */
export const finishReasonKeys: readonly ConventionKey[] = [
  ["gen_ai.response.finish_reasons", "opentelemetry"],
  ["llm.finish_reason", "openinference"],
  ["ai.response.finishReason", "vercel"],
  ["gen_ai.completion.0.finish_reason", "traceloop"],
];

/** A key whose text tells the kind, with the meaning of its values (compared in lower case). */
export interface KindRule {
  readonly key: string;
  readonly dialect: GenAiDialect;
  readonly kinds: Readonly<Record<string, GenAiSpanKind>>;
}

/** The first rule whose key has a listed value decides. */
export const kindRules: readonly KindRule[] = [
  {
    key: "openinference.span.kind",
    dialect: "openinference",
    kinds: {
      llm: "llm",
      embedding: "embedding",
      chain: "chain",
      prompt: "chain",
      retriever: "retriever",
      reranker: "reranker",
      tool: "tool",
      agent: "agent",
      guardrail: "guardrail",
      evaluator: "evaluator",
    },
  },
  {
    key: "gen_ai.operation.name",
    dialect: "opentelemetry",
    kinds: {
      chat: "llm",
      generate_content: "llm",
      text_completion: "llm",
      embeddings: "embedding",
      retrieval: "retriever",
      execute_tool: "tool",
      create_agent: "agent",
      invoke_agent: "agent",
      invoke_workflow: "chain",
      handle_conversation_turn: "chain",
      plan: "chain",
      // What emitters of earlier versions wrote.
      completion: "llm",
      embedding: "embedding",
      rerank: "reranker",
    },
  },
  {
    key: "traceloop.span.kind",
    dialect: "traceloop",
    kinds: { workflow: "chain", task: "chain", agent: "agent", tool: "tool" },
  },
  {
    key: "ai.operationId",
    dialect: "vercel",
    kinds: {
      "ai.generatetext": "chain",
      "ai.streamtext": "chain",
      "ai.generateobject": "chain",
      "ai.streamobject": "chain",
      "ai.embed": "chain",
      "ai.embedmany": "chain",
      "ai.rerank": "chain",
      "ai.generatetext.dogenerate": "llm",
      "ai.streamtext.dostream": "llm",
      "ai.generateobject.dogenerate": "llm",
      "ai.streamobject.dostream": "llm",
      "ai.embed.doembed": "embedding",
      "ai.embedmany.doembed": "embedding",
      "ai.rerank.dorerank": "reranker",
      "ai.toolcall": "tool",
    },
  },
  {
    key: "llm.request.type",
    dialect: "traceloop",
    kinds: { chat: "llm", completion: "llm", embedding: "embedding", rerank: "reranker" },
  },
];

/** Keys whose presence tells the kind when no rule above did. The first present decides. */
export const kindMarks: readonly (readonly [
  key: string,
  dialect: GenAiDialect,
  kind: GenAiSpanKind,
])[] = [
  ["gen_ai.evaluation.name", "opentelemetry", "evaluator"],
  ["gen_ai.tool.call.id", "opentelemetry", "tool"],
  ["gen_ai.tool.name", "opentelemetry", "tool"],
  ["ai.toolCall.name", "vercel", "tool"],
  ["tool.name", "openinference", "tool"],
  ["gen_ai.retrieval.query.text", "opentelemetry", "retriever"],
  ["gen_ai.request.model", "opentelemetry", "llm"],
  ["gen_ai.response.model", "opentelemetry", "llm"],
  ["llm.model_name", "openinference", "llm"],
  ["ai.model.id", "vercel", "llm"],
  ["llm.request.model", "traceloop", "llm"],
  ["gen_ai.agent.name", "opentelemetry", "agent"],
  ["gen_ai.system", "legacy", "llm"],
];

/** What went in, as a value: shown when no messages say it better. First present key wins. */
export const inputKeys: readonly ConventionKey[] = [
  ["scouter.tracing.input", "scouter"],
  ["input.value", "openinference"],
  ["traceloop.entity.input", "traceloop"],
  ["gen_ai.tool.call.arguments", "opentelemetry"],
  ["ai.toolCall.args", "vercel"],
  ["gen_ai.retrieval.query.text", "opentelemetry"],
  ["gen_ai.input.messages", "opentelemetry"],
  ["ai.prompt", "vercel"],
  ["ai.prompt.messages", "vercel"],
  ["ai.value", "vercel"],
  ["tool.parameters", "openinference"],
  ["gen_ai.prompt", "legacy"],
];

/** What came out. */
export const outputKeys: readonly ConventionKey[] = [
  ["scouter.tracing.output", "scouter"],
  ["output.value", "openinference"],
  ["traceloop.entity.output", "traceloop"],
  ["gen_ai.tool.call.result", "opentelemetry"],
  ["ai.toolCall.result", "vercel"],
  ["gen_ai.retrieval.documents", "opentelemetry"],
  ["retrieval.documents", "openinference"],
  ["gen_ai.output.messages", "opentelemetry"],
  ["ai.response.text", "vercel"],
  ["ai.response.object", "vercel"],
  ["ai.response.toolCalls", "vercel"],
  ["gen_ai.completion", "legacy"],
];

/** Beginnings of keys that hold one piece of a message each. */
export const contentPrefixes: readonly string[] = [
  "llm.input_messages.",
  "llm.output_messages.",
  "gen_ai.prompt.",
  "gen_ai.completion.",
  "retrieval.documents.",
];

/** Every key whose value is content, for a search over inputs and outputs. */
export const contentKeys: readonly string[] = [
  ...inputKeys.map(([key]) => key),
  ...outputKeys.map(([key]) => key),
  "gen_ai.system_instructions",
];
