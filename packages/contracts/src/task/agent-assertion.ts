import { z } from "zod";
import { jsonValue } from "../record/scalar.ts";
import { tagged } from "./tagged.ts";

const named = z.object({ name: z.string() });
const nothing = z.object({});

const variants = {
  ToolCalled: named,
  ToolNotCalled: named,
  ToolCalledWithArgs: z.object({ name: z.string(), arguments: jsonValue }),
  ToolCallSequence: z.object({ names: z.array(z.string()) }),
  ToolCallCount: z.object({ name: z.string().nullish() }),
  ToolArgument: z.object({ name: z.string(), argument_key: z.string() }),
  ToolResult: named,
  ResponseContent: nothing,
  ResponseModel: nothing,
  ResponseFinishReason: nothing,
  ResponseInputTokens: nothing,
  ResponseOutputTokens: nothing,
  ResponseTotalTokens: nothing,
  ResponseField: z.object({ path: z.string() }),
} as const;

/** What an agent assertion takes from a model's response. */
export const agentAssertion = tagged("agent assertion", variants);
export type AgentAssertion = z.output<typeof agentAssertion>;

/** Names as the wire spells them; `Undefined` means: look at the response. */
export const responseProviders = [
  "OpenAI",
  "Gemini",
  "Google",
  "Vertex",
  "Anthropic",
  "GoogleAdk",
  "Undefined",
] as const;
export type ResponseProvider = (typeof responseProviders)[number];
