import type { Json } from "@scouter/contracts";
import { ScriptedChatModel } from "@scouter/testkit/chat-model/scripted-chat-model";
import { ManualClock } from "@scouter/testkit/clock/manual-clock";
import type { ModelReply } from "@scouter/testkit/model-server/model-reply";
import { describe, expect, it } from "vitest";
import { MemoryAnswerCache } from "../judge/answer-cache.ts";
import { judgeModels } from "../judge/judge-models.ts";
import type { Judging } from "../judge/judging.ts";
import { SCORE_SCHEMA } from "../judge/score-schema.ts";
import { DailySpendBudget } from "../judge/spend-budget.ts";
import { compileTasks } from "./compile-tasks.ts";
import { evaluateRecord } from "./evaluate-record.ts";
import { equals, outcomes, parsed, taskOf, type AnyTask, type Buckets } from "./record.fixture.ts";

const prompt = {
  provider: "Toy",
  model: "toy-1",
  system_instructions: ["You judge answers to ${question}."],
  messages: "Is ${answer} right?",
  response_format: SCORE_SCHEMA.schema,
};

const score = (value: number, counts: object = {}): ModelReply => ({
  kind: "answer",
  text: JSON.stringify({ score: value, reason: "because" }),
  ...counts,
});

interface Setup extends Partial<Omit<Judging, "models">> {
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
}

/** A run of one record whose model answers by a script, one reply a call; the last one goes on. */
function setup(tasks: Buckets, replies: readonly ModelReply[], options: Setup = {}) {
  const { concurrency, signal, ...judging } = options;
  const clock = new ManualClock();
  const left = [...replies];
  const last: ModelReply = replies.at(-1) ?? { kind: "silence" };
  const model = new ScriptedChatModel({ respond: () => left.shift() ?? last, model: "toy-1" });
  const provider = { create: () => model, concurrency, callTimeoutMs: 1_000 };
  const models = judgeModels(clock, new Map([["toy", provider]]));
  const compiled = compileTasks(parsed(tasks));
  const context: Json = { question: "2 + 2", answer: { value: 4 } };
  const run = (record: Json = context) =>
    evaluateRecord({
      tasks: compiled,
      context: record,
      recordUid: "record-1",
      entityUid: "entity-1",
      ports: { clock, judging: { models, ...judging } },
      signal,
    });
  return { run, model, clock };
}

const judge = (more: Partial<AnyTask> = {}): AnyTask => ({
  id: "quality",
  prompt,
  context_path: "score",
  operator: "GreaterThanOrEqual",
  expected_value: 4,
  ...more,
});

describe("judges", () => {
  it("ask what the prompt says and compare the structured answer", async () => {
    const { run, model } = setup({ judge: [judge()] }, [
      score(5, { inputTokens: 40, outputTokens: 9 }),
    ]);
    const result = await run();
    expect(model.requests).toEqual([
      {
        messages: [
          { role: "system", content: "You judge answers to 2 + 2." },
          { role: "user", content: 'Is {"value":4} right?' },
        ],
        schema: { name: "StructuredOutput", schema: SCORE_SCHEMA.schema },
        temperature: 0,
      },
    ]);
    expect(taskOf(result, "quality")).toMatchObject({
      outcome: "passed",
      actual: 5,
      expected: 4,
      message: "quality passed: expected GreaterThanOrEqual 4, got 5",
      judge: {
        provider: "toy",
        model: "toy-1",
        calls: 1,
        cached_calls: 0,
        input_tokens: 40,
        output_tokens: 9,
        cost_usd: null,
      },
    });
  });

  it("hand dependents the whole answer, and fill templates from the record", async () => {
    const tasks = {
      judge: [judge({ expected_value: "${answer.value}" })],
      assertion: [
        {
          id: "is_number",
          context_path: "quality.score",
          operator: "IsNumeric",
          depends_on: ["quality"],
        },
        {
          id: "is_text",
          context_path: "quality.reason",
          operator: "IsString",
          depends_on: ["quality"],
        },
      ],
    };
    const { run } = setup(tasks, [score(5)]);
    const result = await run();
    expect(outcomes(result)).toEqual({ is_number: "passed", is_text: "passed", quality: "passed" });
    expect(taskOf(result, "quality")?.expected).toBe(4);
  });

  it.each<[string, string, Json]>([
    ["free text", " Positive\n", "Positive"],
    ["text that is JSON", '{"label":"Positive"}', { label: "Positive" }],
    ["a number", "4", 4],
  ])("take %s for the answer where no schema is asked for", async (_what, text, expected) => {
    const { response_format: _, ...free } = prompt;
    const task = judge({
      prompt: free,
      context_path: null,
      operator: "Equals",
      expected_value: expected,
    });
    const { run } = setup({ judge: [task] }, [{ kind: "answer", text }]);
    expect(taskOf(await run(), "quality")).toMatchObject({ outcome: "passed", actual: expected });
  });

  it.each<[string, ModelReply, string]>([
    ["is no JSON", { kind: "answer", text: "Five." }, "it is not the JSON that was asked for"],
    ["was cut", { kind: "answer", text: '{"sco', finishReason: "length" }, "it was cut off"],
    ["breaks the schema", score(9), "'score' is above maximum 5"],
    ["lacks a member", { kind: "answer", text: '{"score":5}' }, "the answer lacks 'reason'"],
  ])("ask again for an answer that %s, and err at the end", async (_what, bad, reason) => {
    const { run, model, clock } = setup({ judge: [judge({ max_retries: 2 })] }, [bad]);
    const done = run();
    for (let retry = 0; retry < 2; retry += 1) {
      await model.untilRequests(retry + 1);
      await clock.advance(1_000);
    }
    const row = taskOf(await done, "quality");
    expect(row).toMatchObject({
      outcome: "errored",
      error_code: "EVALUATE_JUDGE_ANSWER_INVALID",
      judge: { calls: 3 },
    });
    expect(row?.message).toContain(reason);
  });

  it("wait as long as the vendor asks, and recover", async () => {
    const { run, model, clock } = setup({ judge: [judge()] }, [
      { kind: "failure", status: 429, retryAfter: "7" },
      score(4),
    ]);
    const done = run();
    await model.untilRequests(1);
    await clock.advance(6_999);
    expect(model.requests).toHaveLength(1);
    await clock.advance(1);
    expect(taskOf(await done, "quality")).toMatchObject({ outcome: "passed", judge: { calls: 2 } });
  });

  it.each<[string, ModelReply]>([
    ["an hour's pause", { kind: "failure", status: 429, retryAfter: "3600" }],
    ["a refusal", { kind: "failure", status: 401 }],
  ])("do not wait out %s", async (_what, reply) => {
    const { run, model } = setup({ judge: [judge()] }, [reply]);
    const result = await run();
    expect(taskOf(result, "quality")?.outcome).toBe("errored");
    expect(model.requests).toHaveLength(1);
  });

  it("end when the model never answers, and leave the others alone", async () => {
    const tasks = {
      judge: [judge({ max_retries: 0 })],
      assertion: [equals("ok", "question", "2 + 2")],
    };
    const { run, model, clock } = setup(tasks, [{ kind: "silence" }]);
    const done = run();
    await model.untilRequests(1);
    await clock.advance(1_000);
    const result = await done;
    expect(outcomes(result)).toEqual({ ok: "passed", quality: "errored" });
    expect(taskOf(result, "quality")?.error_code).toBe("EVALUATE_JUDGE_TIMEOUT");
  });

  it("end after the time of the task, retries included", async () => {
    const { run, model, clock } = setup(
      { judge: [judge({ max_retries: 1_000 })] },
      [{ kind: "failure", status: 503 }],
      { taskTimeoutMs: 2_000 },
    );
    const done = run();
    await model.untilRequests(1);
    await clock.advance(2_000);
    expect(taskOf(await done, "quality")).toMatchObject({
      error_code: "EVALUATE_JUDGE_TIMEOUT",
      message: "quality errored: judge 'toy-1' did not answer within 2000 ms",
    });
  });

  it("stop with the evaluation", async () => {
    const controller = new AbortController();
    const { run, model } = setup({ judge: [judge()] }, [{ kind: "silence" }], {
      signal: controller.signal,
    });
    const stop = async () => {
      await model.untilRequests(1);
      controller.abort("stopping");
    };
    await Promise.all([expect(run()).rejects.toBe("stopping"), stop()]);
  });

  it("are not asked behind a gate that did not pass; the saved calls are counted", async () => {
    const tasks = {
      assertion: [equals("gate", "question", "other", { condition: true })],
      judge: [
        judge({ depends_on: ["gate"] }),
        judge({ id: "thrice", votes: 3, depends_on: ["gate"] }),
      ],
    };
    const { run, model } = setup(tasks, [score(5)]);
    const result = await run();
    expect(model.requests).toEqual([]);
    expect(result.judging).toEqual({
      calls: 0,
      cachedCalls: 0,
      inputTokens: 0,
      outputTokens: 0,
      costUsd: 0,
      savedCalls: 3,
    });
  });

  it("send nothing that the redaction hook takes out", async () => {
    const redact = (text: string) => text.replaceAll(/\d+/g, "#");
    const { run, model } = setup({ judge: [judge()] }, [score(5)], { redact });
    await run();
    expect(JSON.stringify(model.requests[0]?.messages)).not.toMatch(/\d/);
  });

  it("name a variable that has no value, without a call", async () => {
    const { run, model } = setup({ judge: [judge()] }, [score(5)]);
    const result = await run({ question: "2 + 2" });
    expect(taskOf(result, "quality")).toMatchObject({
      error_code: "EVALUATE_PROMPT_VARIABLE_MISSING",
      message:
        "quality errored: prompt variable '${answer}' cannot be filled: field 'answer' not found; available: [\"question\"]",
    });
    expect(model.requests).toEqual([]);
  });

  it("err for a provider that nobody configured", async () => {
    const task = judge({ prompt: { ...prompt, provider: "OpenAI" } });
    const { run } = setup({ judge: [task] }, [score(5)]);
    expect(taskOf(await run(), "quality")?.error_code).toBe("EVALUATE_JUDGE_MODEL_MISSING");
  });

  describe("with votes", () => {
    it.each<[string, number, readonly number[], string, number]>([
      ["two agree that it passes", 3, [5, 5, 1], "passed", 2],
      ["two agree that it fails", 3, [1, 1, 5], "failed", 2],
      ["the third decides", 3, [5, 1, 5], "passed", 3],
      ["half of an even number is none", 2, [5, 1], "failed", 2],
      ["one of two is enough to fail", 2, [1, 5], "failed", 1],
      ["four of seven", 7, [5, 5, 1, 5, 5, 1, 1], "passed", 5],
    ])("stop when %s", async (_what, votes, scores, outcome, calls) => {
      const { run, model } = setup(
        { judge: [judge({ votes })] },
        scores.map((value) => score(value)),
      );
      expect(taskOf(await run(), "quality")?.outcome).toBe(outcome);
      expect(model.requests).toHaveLength(calls);
      expect(model.requests[0]).not.toHaveProperty("temperature");
    });

    it("go on without a vote that erred, and err without a majority", async () => {
      const refused: ModelReply = { kind: "failure", status: 401 };
      const good = setup({ judge: [judge({ votes: 3 })] }, [refused, score(5), score(5)]);
      expect(taskOf(await good.run(), "quality")).toMatchObject({
        outcome: "passed",
        message: "quality passed with 2 of 2 votes for it: expected GreaterThanOrEqual 4, got 5",
      });
      const bad = setup({ judge: [judge({ votes: 3 })] }, [refused, score(5), refused]);
      expect(taskOf(await bad.run(), "quality")).toMatchObject({
        outcome: "errored",
        error_code: "EVALUATE_JUDGE_UNDECIDED",
      });
    });
  });

  describe("with a cache", () => {
    it("ask each question once, and each vote of it", async () => {
      const cache = new MemoryAnswerCache();
      const { run, model } = setup({ judge: [judge({ votes: 3 })] }, [score(5)], { cache });
      await run();
      expect(model.requests).toHaveLength(2);
      const again = await run();
      expect(model.requests).toHaveLength(2);
      expect(taskOf(again, "quality")).toMatchObject({
        outcome: "passed",
        judge: { calls: 0, cached_calls: 2, cost_usd: 0 },
      });
      await run({ question: "another", answer: 4 });
      expect(model.requests).toHaveLength(4);
    });

    it("keep no answer that could not be used", async () => {
      const cache = new MemoryAnswerCache();
      const replies: ModelReply[] = [{ kind: "answer", text: "Five." }, score(5)];
      const { run } = setup({ judge: [judge({ max_retries: 0 })] }, replies, { cache });
      expect(taskOf(await run(), "quality")?.outcome).toBe("errored");
      expect(taskOf(await run(), "quality")?.outcome).toBe("passed");
    });
  });

  describe("with a budget", () => {
    const priceOf = () => ({ inputUsdPerMillion: 1_000, outputUsdPerMillion: 10_000 });
    const limited = judge({ prompt: { ...prompt, settings: { max_output_tokens: 100 } } });
    // 100 tokens of output are 1 USD; the prompt is a few cents more.
    const budgetOf = (usd: number) => new DailySpendBudget(new ManualClock(), usd);

    it("pay what the call cost, not what was reserved", async () => {
      const reply = score(5, { inputTokens: 10, outputTokens: 20 });
      const { run, model } = setup({ judge: [limited] }, [reply], { priceOf, budget: budgetOf(2) });
      const first = await run();
      expect(taskOf(first, "quality")?.judge?.cost_usd).toBeCloseTo(0.21, 10);
      expect(first.judging.costUsd).toBeCloseTo(0.21, 10);
      let last = first;
      while (taskOf(last, "quality")?.outcome === "passed") last = await run();
      expect(model.requests).toHaveLength(5);
      expect(taskOf(last, "quality")).toMatchObject({
        outcome: "errored",
        error_code: "EVALUATE_BUDGET_SPENT",
        judge: { calls: 0 },
      });
      expect(taskOf(last, "quality")?.message).toContain(
        "the budget of 2 USD a day has 0.95 USD left",
      );
    });

    it("make no call that the reservations of others leave no room for", async () => {
      const tasks = { judge: Array.from({ length: 10 }, (_, n) => ({ ...limited, id: `j${n}` })) };
      const { run, model } = setup(tasks, [score(5)], { priceOf, budget: budgetOf(3.9) });
      const result = await run();
      expect(model.requests).toHaveLength(3);
      const spent = result.tasks.filter((row) => row.error_code === "EVALUATE_BUDGET_SPENT");
      expect(spent).toHaveLength(7);
    });

    it("make no call whose price is not known", async () => {
      const { run, model } = setup({ judge: [judge()] }, [score(5)], { budget: budgetOf(100) });
      expect(taskOf(await run(), "quality")?.message).toContain("no known price");
      expect(model.requests).toEqual([]);
    });

    it("begin anew with the day", async () => {
      const clock = new ManualClock();
      const budget = new DailySpendBudget(clock, 1);
      const ask = async () => (await budget.reserve({ owner: "a", usd: 1 })).granted;
      expect([await ask(), await ask()]).toEqual([true, false]);
      clock.jumpTo(clock.now() + 86_400_000);
      expect(await ask()).toBe(true);
      expect((await budget.reserve({ owner: "b", usd: 1 })).granted).toBe(true);
    });
  });

  it("keep to the calls at the same time that a provider allows", async () => {
    const tasks = {
      judge: Array.from({ length: 6 }, (_, n) => judge({ id: `j${n}`, max_retries: 0 })),
    };
    const { run, model, clock } = setup(tasks, [{ kind: "silence" }], { concurrency: 2 });
    const done = run();
    for (let round = 1; round <= 3; round += 1) {
      await model.untilRequests(round * 2);
      expect(model.requests).toHaveLength(round * 2);
      await clock.advance(1_000);
    }
    const codes = (await done).tasks.map(({ error_code }) => error_code);
    expect(new Set(codes)).toEqual(new Set(["EVALUATE_JUDGE_TIMEOUT"]));
  });
});
