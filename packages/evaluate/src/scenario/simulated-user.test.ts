import { systemClock } from "@scouter/contracts";
import { ScriptedChatModel } from "@scouter/testkit/chat-model/scripted-chat-model";
import { describe, expect, it } from "vitest";
import type { ChatRequest } from "../port/chat-model.ts";
import { suiteOf } from "../suite/read-suite.ts";
import { holdConversation } from "./conversation.ts";
import { modelledUser } from "./simulated-user.ts";

const REPLIES = [
  { message: "I want my money back, are you DONE?", done: false },
  { message: "thank you", done: true },
];

function scripted(replies: readonly object[]) {
  let asked = 0;
  return new ScriptedChatModel({
    respond: () => ({
      kind: "answer",
      text: JSON.stringify(replies[asked++] ?? {}),
      inputTokens: 100,
      outputTokens: 10,
    }),
  });
}

async function talk(model: ScriptedChatModel) {
  const [scenario] = suiteOf([
    {
      initial_query: "hello",
      simulated_user_persona: "a customer in a hurry",
      termination_signal: "DONE",
      expected_outcome: "the money comes back",
    },
  ]).scenarios;
  if (scenario === undefined) throw new Error("no scenario");
  const price = { inputUsdPerMillion: 1, outputUsdPerMillion: 10 };
  const user = modelledUser({ model, clock: systemClock, price, maxRetries: 0 });
  const held = await holdConversation(
    scenario,
    {
      agent: async (message) => `agent: ${message}`,
      user: (response, context) => user.reply(response, context),
    },
    { seed: 7, repeat: 0, signal: new AbortController().signal },
  );
  return { held, user };
}

describe("modelledUser", () => {
  it("plays the persona towards the expected outcome, and says itself when it is through", async () => {
    const model = scripted(REPLIES);
    const { held, user } = await talk(model);
    expect(held.exchanges.map(({ user: said }) => said)).toEqual([
      "hello",
      "I want my money back, are you DONE?",
    ]);
    const [first, second] = model.requests as readonly [ChatRequest, ChatRequest];
    expect(first.messages[0]?.content).toContain("a customer in a hurry");
    expect(first.messages[0]?.content).toContain("the money comes back");
    expect(second.messages.slice(1)).toEqual([
      { role: "assistant", content: "hello" },
      { role: "user", content: "agent: hello" },
      { role: "assistant", content: "I want my money back, are you DONE?" },
      { role: "user", content: "agent: I want my money back, are you DONE?" },
    ]);
    expect(user.takeUsage(7)).toEqual({ calls: 2, cost_usd: 0.0004, saved_calls: 0 });
    expect(user.takeUsage(7)).toBeUndefined();
  });

  it("refuses an answer that is not a reply", async () => {
    await expect(talk(scripted([{ message: 5 }]))).rejects.toThrow("cannot be used");
  });
});
