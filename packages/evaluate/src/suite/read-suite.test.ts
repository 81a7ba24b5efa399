import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readSuite, suiteOf } from "./read-suite.ts";
import type { SuiteFormat } from "./parse-suite-text.ts";
import { printProblem, suiteProblemsOf } from "./suite-problem.ts";

const check = {
  task_type: "Assertion",
  id: "answers",
  context_path: "response",
  operator: "IsNotEmpty",
  expected_value: true,
};

function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    return suiteProblemsOf(error).map(printProblem);
  }
}

function problemsIn(text: string, format: SuiteFormat = "yaml"): readonly string[] {
  return problemsOf(() => readSuite({ file: `s.${format}`, text, format }));
}

describe("readSuite", () => {
  it("finds ten mistakes of different kinds in one go, each at its place", () => {
    const text = readFileSync(new URL("golden/ten-mistakes.yaml", import.meta.url), "utf8");
    expect(problemsOf(() => readSuite({ file: "suite.yaml", text, format: "yaml" }))).toEqual([
      "suite.yaml:2:1 versoins: unknown field 'versoins': did you mean 'versions'?",
      "suite.yaml:7:7 aliases.retriever[0].context_path: context path 'sources[': the path ends at position 8, expected an index, * or a key in double quotes, then \"]\"",
      "suite.yaml:14:5 tasks[0].operator: unknown value 'IsNotEmtpy': did you mean 'IsNotEmpty'?",
      'suite.yaml:24:9 scenarios[0].tasks[0].expected_value: pattern "(30 days" is not valid: error parsing regexp: missing closing ): `(30 days`',
      "suite.yaml:25:5 scenarios[1].initial_query: missing: expected text",
      "suite.yaml:27:5 scenarios[2].id: scenario 1 of the list has the id 'refund' too: ids must differ",
      "suite.yaml:29:5 scenarios[2].max_turns: is -1: expected at least 0",
      "suite.yaml:37:9 scenarios[3].tasks[0].expected_value: template '${ground_truth.place}' cannot be filled: field 'place' not found: the value is null",
      "suite.yaml:38:9 scenarios[3].tasks[0].depends_on: no task has the id 'asks_back'",
      "suite.yaml:42:9 scenarios[4].tasks[0].task_type: unknown task type 'Judge': did you mean 'LLMJudge'?",
    ]);
  });

  it.each<[string, string, SuiteFormat, string]>([
    ["an empty file", "", "json", "s.json:1:1 the file is empty"],
    ["an empty file of YAML", "\uFEFF \n", "yaml", "s.yaml:1:1 the file is empty"],
    ["an empty file of lines", "\n\n", "jsonl", "s.jsonl:1:1 the file is empty"],
    [
      "an id that is too long",
      JSON.stringify([{ initial_query: "a", id: "é".repeat(600) }]),
      "json",
      "s.json:1:23 [0].id: has 600 characters: expected at most 512",
    ],
  ])("refuses %s in words", (_name, text, format, problem) => {
    expect(problemsOf(() => readSuite({ file: `s.${format}`, text, format }))).toEqual([problem]);
  });

  it.each<[string, string, SuiteFormat]>([
    ["an object", JSON.stringify({ scenarios: [{ initial_query: "a", tasks: [check] }] }), "json"],
    ["a bare list", JSON.stringify([{ initial_query: "a", tasks: { tasks: [check] } }]), "json"],
    ["lines", `\n${JSON.stringify({ initial_query: "a", tasks: [check] })}\n\n`, "jsonl"],
    ["YAML", `scenarios:\n- initial_query: a\n  tasks: [${JSON.stringify(check)}]\n`, "yaml"],
    [
      "a saved collection, its tasks in buckets",
      JSON.stringify({
        collection_id: "c",
        dataset_results: {},
        scenario_results: [],
        metrics: null,
        scenarios: [{ initial_query: "a", tasks: { assertion: [check], judge: [] } }],
      }),
      "json",
    ],
  ])("reads %s", (_name, text, format) => {
    const { scenarios } = readSuite({ file: `s.${format}`, text, format });
    expect(scenarios).toMatchObject([
      { initial_query: "a", max_turns: 10, tasks: { assertion: [{ id: "answers" }] } },
    ]);
  });

  it("gives a scenario without id one from what it asks, the same in every order", () => {
    const first = suiteOf([{ initial_query: "a" }, { initial_query: "b" }]).scenarios;
    const second = suiteOf([{ initial_query: "b" }, { initial_query: "a" }]).scenarios;
    expect(first.map(({ id }) => id)).toEqual(second.map(({ id }) => id).toReversed());
    expect(first[0]?.id).toMatch(/^q-[0-9a-f]{12}$/);
  });

  it("puts the suite's tasks before each scenario's own, which may depend on them", () => {
    const own = { ...check, id: "own", depends_on: ["answers"] };
    const suite = suiteOf({ tasks: [check], scenarios: [{ initial_query: "a", tasks: [own] }] });
    expect(suite.scenarios[0]?.tasks.assertion.map(({ id }) => id)).toEqual(["answers", "own"]);
  });

  it("reads prompts and profiles that it names, from where it is told", () => {
    const files: Record<string, string> = {
      "judge.yaml":
        "model: m\nprovider: openai\nmessages: is ${response} good?\nresponse_type: Score",
      "profile.json": JSON.stringify({
        config: { uid: "u1" },
        tasks: { assertion: [check], judge: [], trace: [], agent: [] },
      }),
    };
    const judge = { ...check, task_type: "LLMJudge", prompt: { path: "judge.yaml" } };
    const suite = suiteOf(
      {
        aliases: { writer: { profile: "profile.json" } },
        scenarios: [{ initial_query: "a", tasks: [judge] }],
      },
      "suite",
      (path) => files[path] ?? "",
    );
    expect(suite.scenarios[0]?.tasks.judge[0]?.prompt).toMatchObject({ model: "m" });
    expect(suite.aliases.get("writer")).toMatchObject({ entityUid: "u1" });
  });

  it.each<[string, string, SuiteFormat, readonly string[]]>([
    [
      "a line that is no JSON, by its number",
      '{"initial_query":"a"}\n\n{"initial_query":\n',
      "jsonl",
      ["s.jsonl:3:18 line 3: Unexpected end of JSON input"],
    ],
    [
      "a mistake in a later line, at its place",
      '{"initial_query":"a"}\n{"initial_query":"b","max_turns":"x"}',
      "jsonl",
      ["s.jsonl:2:22 [1].max_turns: expected a number, got text 'x'"],
    ],
    [
      "JSON indented with tabs, at its place",
      '[\n\t{\n\t\t"initial_query": 5\n\t}\n]',
      "json",
      ["s.json:3:3 [0].initial_query: expected text, got number 5"],
    ],
    ["broken JSON", '{"scenarios": [}', "json", ["s.json:1:16"]],
    ["a key twice", "scenarios: []\nscenarios: []", "yaml", ["s.yaml:2:1"]],
    ["an empty suite", "scenarios: []", "yaml", ["s.yaml:1:1 scenarios: there are no scenarios"]],
    ["no suite at all", "5", "yaml", ["s.yaml:1:1 expected an object, got number 5"]],
    [
      "a persona with more predefined turns than turns",
      "[{initial_query: a, simulated_user_persona: p, predefined_turns: [b], max_turns: 1}]",
      "yaml",
      ["s.yaml:1:71 [0].max_turns: is 1: the query and 1 predefined turns need at least 2"],
    ],
    [
      "a signal that nobody can give",
      "[{initial_query: a, termination_signal: DONE}]",
      "yaml",
      ["s.yaml:1:21 [0].termination_signal: only a simulated user ends a conversation"],
    ],
    [
      "a file that is not there",
      "[{initial_query: a, tasks: [{task_type: LLMJudge, id: j, operator: Equals, expected_value: 1, prompt: {path: p.yaml}}]}]",
      "yaml",
      ["s.yaml:1:104 [0].tasks[0].prompt.path: cannot read 'p.yaml'"],
    ],
  ])("tells of %s", (_name, text, format, expected) => {
    const found = problemsIn(text, format);
    expect(found).toHaveLength(expected.length);
    for (const [index, start] of expected.entries()) {
      expect(found[index]?.slice(0, start.length)).toBe(start);
    }
  });

  it("does not blame a task for depending on one that could not be read", () => {
    const broken = { ...check, operator: "Nope" };
    const dependent = { ...check, id: "second", depends_on: ["answers"] };
    const found = problemsOf(() => suiteOf([{ initial_query: "a", tasks: [broken, dependent] }]));
    expect(found).toHaveLength(1);
  });
});
