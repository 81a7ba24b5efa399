import { taskBuckets } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { compileTasks } from "../execute/compile-tasks.ts";
import { estimateJudging, type JudgingTraffic } from "./estimate-judging.ts";

const gate = (id: string, more: object = {}) => ({
  id,
  context_path: "kind",
  operator: "Equals",
  expected_value: "question",
  condition: true,
  ...more,
});
const judge = (id: string, more: object = {}) => ({
  id,
  prompt: { model: "m", provider: "openai", messages: "Rate ${answer}" },
  operator: "IsNotEmpty",
  expected_value: true,
  ...more,
});
const compiled = (assertion: readonly object[], judges: readonly object[]) =>
  compileTasks(taskBuckets.parse({ assertion, judge: judges, trace: [], agent: [] }));
const price = { inputUsdPerMillion: 1_000_000, outputUsdPerMillion: 0 };
const traffic: JudgingTraffic = {
  recordsPerDay: 1_000,
  sampleRatio: 0.1,
  tokensOf: () => ({ input: 2, output: 9 }),
  priceOf: () => price,
};

describe("estimateJudging", () => {
  it("is records x sample ratio x calls x price without gates", () => {
    const estimate = estimateJudging(compiled([], [judge("a"), judge("b", { votes: 3 })]), traffic);
    expect(estimate).toMatchObject({ evaluatedPerDay: 100, callsPerDay: 300, usdPerDay: 600 });
    expect(estimate.savedCallsPerDay).toBe(0);
    expect(estimate.judges.map(({ mostCallsPerDay }) => mostCallsPerDay)).toEqual([100, 300]);
  });

  it("takes gates in, those behind other tasks too, and says what they save", () => {
    const tasks = compiled(
      [
        gate("first"),
        gate("second", { depends_on: ["first"] }),
        { ...gate("plain", { depends_on: ["second"] }), condition: false },
      ],
      [judge("a", { depends_on: ["plain"] }), judge("b")],
    );
    const shares = new Map([
      ["first", 0.5],
      ["second", 0.2],
    ]);
    const estimate = estimateJudging(tasks, { ...traffic, passShareOf: (id) => shares.get(id) });
    expect(estimate.judges[0]).toMatchObject({
      gates: ["first", "second"],
      reachedShare: 0.1,
      callsPerDay: 10,
      savedCallsPerDay: 90,
      usdPerCall: 2,
      usdPerDay: 20,
      savedUsdPerDay: 180,
    });
    expect(estimate).toMatchObject({ callsPerDay: 110, usdPerDay: 220, savedUsdPerDay: 180 });
  });

  it("knows no sum when one price is not known", () => {
    const estimate = estimateJudging(compiled([], [judge("a")]), {
      ...traffic,
      priceOf: () => undefined,
    });
    expect(estimate).toMatchObject({ usdPerDay: null, callsPerDay: 100 });
    expect(estimate.judges[0]).toMatchObject({ usdPerCall: null, savedUsdPerDay: null });
  });

  it("counts the tokens of prompts filled with samples, else assumes them", () => {
    const tasks = compiled([], [judge("a")]);
    const asked = { ...traffic, tokensOf: undefined };
    const samples = [{ answer: "x".repeat(395) }, { other: 1 }];
    const [sampled] = estimateJudging(tasks, { ...asked, samples }).judges;
    expect(sampled?.tokens).toMatchObject({ input: 100, basis: "sampled" });
    const [assumed] = estimateJudging(tasks, asked).judges;
    expect(assumed?.tokens.basis).toBe("assumed");
    expect(assumed?.tokens.input).toBeGreaterThan(100);
  });
});
