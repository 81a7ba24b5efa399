import type { ChatRequest } from "../port/chat-model.ts";

/** The built-in answer of judges: a score from 1 to 5 with its reason. */
export const SCORE_SCHEMA: NonNullable<ChatRequest["schema"]> = {
  name: "Score",
  schema: {
    type: "object",
    properties: {
      score: { type: "integer", minimum: 1, maximum: 5 },
      reason: { type: "string" },
    },
    required: ["score", "reason"],
    additionalProperties: false,
  },
};
