import { addRepeat, emptyTally, suiteOf } from "@scouter/evaluate";
import { runRepeat } from "@scouter/contracts";
import { describe, expect, it } from "vitest";
import { answerOf, RemoteAgentError } from "./agent-protocol.ts";
import { filterSuite } from "./filter-suite.ts";
import { progressText } from "./progress-line.ts";

describe("filterSuite", () => {
  const suite = suiteOf(
    ["refund-1", "refund-2", "parcel-1", "a*b"].map((id) => ({ id, initial_query: id })),
  );

  it.each([
    [["refund-*"], ["refund-1", "refund-2"]],
    [["*-1"], ["refund-1", "parcel-1"]],
    [["r*-*2"], ["refund-2"]],
    [["parcel-1"], ["parcel-1"]],
    [["refund"], undefined],
    [["*1*1"], undefined],
    [
      ["a*b", "parcel-*"],
      ["parcel-1", "a*b"],
    ],
    [undefined, ["refund-1", "refund-2", "parcel-1", "a*b"]],
  ])("%j", (patterns, ids) => {
    if (ids === undefined) {
      expect(() => filterSuite(suite, patterns)).toThrow("no scenario matches");
      return;
    }
    expect(filterSuite(suite, patterns).scenarios.map(({ id }) => id)).toEqual(ids);
  });
});

describe("answerOf", () => {
  it.each([
    ["hello\n", "hello"],
    ['"hello"', "hello"],
    ['{"response":{"a":1},"usage":{}}', { a: 1 }],
    ['{"answer":"x"}', { answer: "x" }],
    ["[1]", [1]],
    ['{"error":null,"response":"x"}', "x"],
  ])("%s", (text, expected) => {
    expect(answerOf(text)).toEqual(expected);
  });

  it.each([
    ['{"error":{"message":"down","source":"provider"}}', "down", "provider"],
    ['{"error":"broken"}', '"broken"', "agent"],
    ['{"error":{"message":"x","source":"nobody"}}', "x", "agent"],
  ])("%s is an error", (text, message, source) => {
    const thrown = (() => {
      try {
        return answerOf(text);
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(RemoteAgentError);
    expect(thrown).toMatchObject({ message, errorSource: source });
  });
});

describe("progressText", () => {
  it("says how far it is and what it cost, as far as prices are known", () => {
    const judged = (cost_usd: number | null) =>
      runRepeat.parse({ outcome: "passed", judging: { calls: 1, cost_usd } });
    const tally = addRepeat(emptyTally, judged(0.0123));
    expect(progressText(tally, 4)).toBe("1 of 4 repeats, 1 passed, 0.0123 USD");
    expect(progressText(addRepeat(tally, judged(null)), 4)).toBe(
      "2 of 4 repeats, 2 passed, more than 0.0123 USD",
    );
  });
});
