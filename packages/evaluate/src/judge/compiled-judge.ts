import type { ChatMessage, ChatRequest } from "../port/chat-model.ts";
import type { PromptTemplate } from "./prompt-template.ts";

/** A judge's question, read and checked once, asked for any number of records. */
export interface CompiledJudge {
  /** Lower case; what `JudgeModels` knows it by. */
  readonly provider: string;
  readonly model: string;
  readonly messages: readonly {
    readonly role: ChatMessage["role"];
    readonly content: PromptTemplate;
  }[];
  readonly settings: Omit<ChatRequest, "messages">;
  /** Answers asked for at most; more than half of them must pass. */
  readonly votes: number;
  /** Attempts of one answer after the first. */
  readonly maxRetries: number;
}

/** Votes that settle the matter when they agree: the calls that a gate saves at least. */
export function majorityOf(votes: number): number {
  return Math.floor(votes / 2) + 1;
}
