import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileSuite } from "./compile-suite.ts";
import { suiteDefinition } from "./definition-hash.ts";
import { readSuite, suiteOf } from "./read-suite.ts";
import { suiteProblemsOf } from "./suite-problem.ts";
import { suiteFormats } from "./parse-suite-text.ts";

/** What people write, with members that are missing, misspelt or of another type now and then. */
const odd = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.boolean(), fc.constant([]));
const task = fc.record(
  {
    task_type: fc.constantFrom("Assertion", "TraceAssertion", "LLMJudge", "Assertio"),
    id: fc.oneof(fc.constantFrom("a", "b", "A"), odd),
    operator: fc.constantFrom("Equals", "IsString", "MatchesRegex", "Nope"),
    expected_value: fc.oneof(fc.constantFrom("${ground_truth.x}", "${", "("), odd),
    context_path: fc.oneof(fc.constantFrom("response", "a[", "a..b"), odd),
    depends_on: fc.oneof(fc.array(fc.constantFrom("a", "b", "c")), odd),
    condition: fc.oneof(fc.boolean(), odd),
  },
  { requiredKeys: [] },
);
const scenario = fc.record(
  {
    id: fc.oneof(fc.constantFrom("s", "t"), odd),
    initial_query: fc.oneof(fc.string(), odd),
    predefined_turns: fc.oneof(fc.array(fc.string()), odd),
    simulated_user_persona: odd,
    max_turns: fc.oneof(fc.integer({ min: -2, max: 12 }), odd),
    ground_truth: fc.oneof(fc.record({ x: fc.string() }), odd),
    tasks: fc.oneof(fc.array(task, { maxLength: 4 }), odd),
    unknown: odd,
  },
  { requiredKeys: ["initial_query"] },
);
const suite = fc.oneof(
  fc.array(scenario, { maxLength: 4 }),
  fc.record({ scenarios: fc.array(scenario, { maxLength: 4 }), tasks: fc.array(task) }),
  odd,
);

function problemsOf(read: () => unknown) {
  try {
    read();
    return undefined;
  } catch (error) {
    const problems = suiteProblemsOf(error);
    // Anything else than a suite's own error would be ours.
    if (problems.length === 0) throw error;
    return problems;
  }
}

describe("readSuite", () => {
  it("gives a suite that can be compiled, or says what is wrong, whatever it is given", () => {
    fc.assert(
      fc.property(suite, (given) => {
        const problems = problemsOf(() => compileSuite(suiteOf(given)));
        for (const { message } of problems ?? []) expect(message).not.toBe("");
      }),
      { numRuns: 500 },
    );
  });

  it("says the same of a text as of its value, with places within the text", () => {
    fc.assert(
      fc.property(suite, (given) => {
        const text = JSON.stringify(given, null, 1);
        const ofText = problemsOf(() => readSuite({ file: "s", text, format: "json" }));
        const ofValue = problemsOf(() => suiteOf(given));
        const said = (problems: typeof ofText) =>
          problems?.map(({ path, message }) => `${path}: ${message}`).toSorted();
        expect(said(ofText)).toEqual(said(ofValue));
        const lines = text.split("\n");
        for (const { line, column } of ofText ?? []) {
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("reads any text without an error of its own", () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...suiteFormats), (text, format) => {
        problemsOf(() => readSuite({ file: "s", text, format }));
      }),
      { numRuns: 500 },
    );
  });

  it("has one definition, whatever the order of keys", () => {
    const keys = { initial_query: "q", id: "s", ground_truth: { a: 1, b: 2 } };
    const turned = { ground_truth: { b: 2, a: 1 }, id: "s", initial_query: "q" };
    expect(suiteDefinition(suiteOf([keys]))).toBe(suiteDefinition(suiteOf([turned])));
    const other = { ...keys, ground_truth: { a: 1, b: 3 } };
    expect(suiteDefinition(suiteOf([other]))).not.toBe(suiteDefinition(suiteOf([keys])));
  });
});
