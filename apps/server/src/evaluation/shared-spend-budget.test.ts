import { budgetedChatModel, type ChatModel } from "@scouter/evaluate";
import { ScriptedChatModel } from "@scouter/testkit/chat-model/scripted-chat-model";
import { beforeEach, describe, expect, it } from "vitest";
import { FakeDatabase } from "../../test/fake/fake-database.ts";
import { SharedSpendBudget } from "./shared-spend-budget.ts";

let database: FakeDatabase;
let troubles: unknown[];
beforeEach(() => {
  database = new FakeDatabase();
  troubles = [];
});
const budget = (limitUsd = 1) =>
  new SharedSpendBudget({
    spend: database.judgeSpend,
    limitUsd,
    onTrouble: (error) => troubles.push(error),
  });

describe("SharedSpendBudget", () => {
  it("is one budget for all that share the database", async () => {
    const [here, there] = [budget(), budget()];
    const first = await here.reserve({ owner: "p", usd: 0.75 });
    expect(await there.reserve({ owner: "p", usd: 0.5 })).toEqual({
      granted: false,
      reason: "the budget of 1 USD a day has 0.25 USD left",
    });
    if (!first.granted) throw new Error(first.reason);
    await first.settle(0.25);
    expect(await there.reserve({ owner: "p", usd: 0.5 })).toMatchObject({ granted: true });
  });

  it("refuses what has no price", async () => {
    expect(await budget().reserve({ owner: "p", usd: undefined })).toMatchObject({
      granted: false,
    });
    expect(database.spentUsd.size).toBe(0);
  });

  it("keeps an answer whose cost could not be noted down, and its reservation", async () => {
    const model = new ScriptedChatModel({ respond: () => ({ kind: "answer", text: "fine" }) });
    const price = { inputUsdPerMillion: 1, outputUsdPerMillion: 1 };
    const failing: ChatModel = {
      provider: model.provider,
      model: model.model,
      complete: async (request) => {
        const answer = await model.complete(request);
        database.away = true;
        return answer;
      },
    };
    const paid = budgetedChatModel(failing, { budget: budget(), owner: "p", price });
    const messages = [{ role: "user" as const, content: "?" }];
    expect((await paid.complete({ messages })).text).toBe("fine");
    expect(troubles).toHaveLength(1);
    expect(database.spentUsd.get("p")).toBeGreaterThan(0);
  });
});
