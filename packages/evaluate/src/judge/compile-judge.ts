import type { LlmJudgeTask } from "@scouter/contracts";
import { errors } from "../errors.ts";
import type { CompiledJudge } from "./compiled-judge.ts";
import { parsePromptTemplate } from "./prompt-template.ts";
import { readPrompt } from "./read-prompt.ts";

const DEFAULT_MAX_RETRIES = 3;

/** @throws EVALUATE_PROMPT_INVALID */
export function compileJudge(task: LlmJudgeTask): CompiledJudge {
  const { provider, model, messages, settings } = readPrompt(task.prompt);
  const votes = task.votes ?? 1;
  const compiled = messages.map(({ role, content }) => ({
    role,
    content: parsePromptTemplate(content),
  }));
  if (!compiled.some(({ content }) => content.some((part) => part.kind === "variable"))) {
    const reason = "no message has a variable: it would judge every record alike";
    throw errors.EVALUATE_PROMPT_INVALID({ reason });
  }
  return {
    provider,
    model,
    messages: compiled,
    // One answer should be the same every time; several should be able to differ.
    // Vendors take one of the two ways to draw words.
    settings:
      votes === 1 && settings.topP === undefined ? { temperature: 0, ...settings } : settings,
    votes,
    maxRetries: task.max_retries ?? DEFAULT_MAX_RETRIES,
  };
}
