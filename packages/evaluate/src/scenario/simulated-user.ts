import type { Clock, EvalScenario, Json, RunJudging } from "@scouter/contracts";
import type { ChatMessage, ChatModel, ChatRequest } from "../port/chat-model.ts";
import { checkedChatModel } from "../judge/checked-chat-model.ts";
import { isJsonObject } from "../json/json-type.ts";
import { meteredChatModel, SpendMeter, type TokenPrice } from "../judge/spend.ts";
import { retryingChatModel } from "../judge/retrying-chat-model.ts";
import type { TurnContext, UserReply } from "./conversation.ts";
import { responseText } from "./response-text.ts";

export interface SimulatedUserOptions {
  readonly model: ChatModel;
  readonly clock: Clock;
  /** Default 0.7: people do not say the same twice. */
  readonly temperature?: number | undefined;
  /** Attempts after the first, default 2. */
  readonly maxRetries?: number | undefined;
  readonly price?: TokenPrice | undefined;
  /** 0..1, spreads retries. */
  readonly random?: (() => number) | undefined;
}

/** A user whom a model plays. One for a whole run; what each repeat used is asked by its seed. */
export interface ModelledUser {
  reply(response: Json, context: TurnContext): Promise<UserReply>;
  /** What the repeat with this seed used, once: it is forgotten then. */
  takeUsage(seed: number): RunJudging | undefined;
}

/** The model says in a member of its own whether the user is through, so that no word of the talk can be mistaken for it. */
const REPLY_SCHEMA = {
  name: "UserReply",
  schema: {
    type: "object",
    properties: {
      message: { type: "string", description: "what the user says next" },
      done: { type: "boolean", description: "true when the user has nothing further to say" },
    },
    required: ["message", "done"],
    additionalProperties: false,
  },
};

/**
 * Plays the user of a scenario by its persona. What the user wants to reach is the scenario's `expected_outcome`; the user
 * knows of it, and of nothing else that the tasks check.
 */
export function modelledUser(options: SimulatedUserOptions): ModelledUser {
  const meters = new Map<number, SpendMeter>();
  return {
    async reply(response, context) {
      const meter = meters.get(context.seed) ?? new SpendMeter();
      meters.set(context.seed, meter);
      const { clock, maxRetries = 2, random } = options;
      const metered = meteredChatModel(options.model, meter, options.price);
      const model = retryingChatModel(checkedChatModel(metered), { clock, maxRetries, random });
      const request = userRequest(response, context, options.temperature ?? 0.7);
      const { value } = await model.complete(request, { signal: context.signal });
      return replyOf(value ?? null);
    },
    takeUsage(seed) {
      const usage = meters.get(seed)?.usage;
      meters.delete(seed);
      if (usage === undefined) return undefined;
      return { calls: usage.calls, cost_usd: usage.costUsd, saved_calls: 0 };
    },
  };
}

/** The talk as the user sees it: the agent's words come in, the user's own go out. */
function userRequest(
  response: Json,
  { scenario, history, message }: TurnContext,
  temperature: number,
): ChatRequest {
  const spoken = [...history, { user: message, agent: response }].flatMap(
    ({ user, agent }): ChatMessage[] => [
      { role: "assistant", content: user },
      { role: "user", content: responseText(agent) },
    ],
  );
  const messages: ChatMessage[] = [
    { role: "system", content: instructionsOf(scenario) },
    ...spoken,
  ];
  return { messages, schema: REPLY_SCHEMA, temperature };
}

function instructionsOf({ simulated_user_persona: persona, expected_outcome: goal }: EvalScenario) {
  return [
    "You play a user who talks to an assistant. Never speak as the assistant, and never say that you are played.",
    `Who you are: ${persona ?? "an ordinary user"}`,
    ...(typeof goal === "string" ? [`What you want to reach: ${goal}`] : []),
    "Answer with what you say next, in one or two sentences. Set done to true when you have what you want, or see that you will not get it.",
  ].join("\n");
}

function replyOf(value: Json): UserReply {
  const { message, done } = (isJsonObject(value) ? value : {}) as Partial<UserReply>;
  return { message: message ?? "", done: done ?? false };
}
