import { readFileSync } from "node:fs";
import type { EvaluationTask, Json } from "@scouter/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { suiteFormats } from "../suite/parse-suite-text.ts";
import { suiteProblemsOf } from "../suite/suite-problem.ts";
import { bucketsOf } from "../task/task-buckets.ts";
import { findTaskProblems } from "../task/validate-tasks.ts";
import { readTaskText, type TaskText } from "./read-task-text.ts";
import { writeTaskText } from "./write-task-text.ts";

const reference = `tasks:
  - task_type: Assertion
    id: check_age
    context_path: user.age
    operator: GreaterThan
    expected_value: 18
  - task_type: TraceAssertion
    id: fast_enough
    operator: LessThan
    expected_value: 5000.0
    assertion:
      TraceDuration: {}
`;

const read = (text: string, more: Partial<TaskText> = {}) =>
  readTaskText({ file: "tasks.yaml", text, format: "yaml", ...more });

function problemsOf(work: () => unknown) {
  try {
    work();
    return [];
  } catch (error) {
    return suiteProblemsOf(error).map(({ line, path, message }) => `${line} ${path}: ${message}`);
  }
}

describe("readTaskText", () => {
  const ids = ["check_age", "fast_enough"];
  const list = read(reference);

  it.each([
    ["{ tasks } in YAML", reference, "yaml"],
    ["a bare list in JSON", JSON.stringify(list), "json"],
    ["{ tasks } in JSON", JSON.stringify({ tasks: list }), "json"],
    ["one task a line", list.map((task) => JSON.stringify(task)).join("\n\n"), "jsonl"],
    [
      "buckets of a profile",
      JSON.stringify({ assertion: [list[0]], judge: [], trace: [list[1]], agent: [] }),
      "json",
    ],
    [
      "buckets without kinds",
      JSON.stringify({ assertion: [withoutKind(list[0])], trace: [withoutKind(list[1])] }),
      "json",
    ],
  ] as const)("reads %s", (_name, text, format) => {
    const tasks = read(text, { format });
    expect(tasks.map(({ id }) => id)).toEqual(ids);
    expect(tasks).toEqual(list);
  });

  it("reads thirteen tasks of every kind as they are written", () => {
    const text = readFileSync(new URL("golden/thirteen-tasks.yaml", import.meta.url), "utf8");
    const prompt = { provider: "openai", model: "m", messages: "Is ${output} about ${input}?" };
    const tasks = read(text, { readIncluded: () => JSON.stringify(prompt) });
    const kinds = ["Assertion", "LLMJudge", "TraceAssertion", "AgentAssertion"];
    expect(kinds.map((kind) => tasks.filter(({ task_type }) => task_type === kind).length)).toEqual(
      [5, 2, 3, 3],
    );
    expect(findTaskProblems(bucketsOf(tasks))).toEqual([]);
    const byId = Object.fromEntries(tasks.map((task) => [task.id, task]));
    expect(byId).toMatchObject({
      has_input: { operator: "IsNotEmpty", expected_value: null, condition: true, depends_on: [] },
      adult: { context_path: "user.age", expected_value: 18, depends_on: ["has_input"] },
      prices: { item_context_path: "price", expected_value: 100.5 },
      role: { expected_value: ["admin", "editor"], description: "may change it" },
      echoes: { expected_value: "${input}", condition: false },
      relevant: { prompt, max_retries: 2, depends_on: ["echoes"], context_path: "score" },
      polite: { prompt: { provider: "anthropic", response_type: "Score" } },
      fast: { expected_value: 5_000, assertion: { TraceDuration: {} } },
      few_retries: { assertion: { SpanCount: { filter: { And: { filters: [{}, {}] } } } } },
      stopped: { assertion: { AttributeFilter: { key: "gen_ai.response", mode: "All" } } },
      searched: { provider: "OpenAI", context_path: "response" },
      model: { operator: "StartsWith", assertion: { ResponseModel: {} } },
      order: { assertion: { ToolCallSequence: { names: ["web_search", "answer"] } } },
    });
  });

  it("takes a judge's prompt from the file that it names", () => {
    const judge =
      "- {task_type: LLMJudge, id: j, operator: Contains, expected_value: yes, prompt: {path: p.yaml}}";
    const prompt = { model: "m", provider: "openai", messages: "Is ${answer} right?" };
    const readIncluded = (path: string) => (path === "p.yaml" ? JSON.stringify(prompt) : "");
    expect(read(judge, { readIncluded })).toMatchObject([{ task_type: "LLMJudge", prompt }]);
    expect(problemsOf(() => read(judge))).toEqual([
      "1 [0].prompt.path: cannot read 'p.yaml': nothing can be included here",
    ]);
  });

  it.each([
    ["an unknown kind", reference.replace("TraceAssertion", "TraceAssertions"), 7, "task_type"],
    ["an unknown operator", reference.replace("LessThan", "LessThen"), 9, "operator"],
    ["a misspelt member", reference.replace("context_path", "contextpath"), 4, "contextpath"],
    ["a wrong path", reference.replace("user.age", "user..age"), 4, "context_path"],
    ["an id twice", reference.replace("fast_enough", "check_age"), 8, "id"],
    ["an unknown dependency", `${reference}    depends_on: [nobody]\n`, 13, "depends_on"],
    ["no task", "tasks: []", 1, ""],
    ["broken syntax", "tasks: [", 1, ""],
    ["another document", "just text", 1, "expected a list"],
  ])("locates %s", (_name, text, line, field) => {
    const [problem = "", ...others] = problemsOf(() => read(text));
    expect(problem).toMatch(new RegExp(`^${line} `));
    expect(problem).toContain(field);
    expect(others).toEqual([]);
  });
});

describe("writeTaskText", () => {
  it("is read back to the same in every format, and written again to the same text", () => {
    fc.assert(
      fc.property(someTasks(), fc.constantFrom(...suiteFormats), (tasks, format) => {
        const text = writeTaskText(tasks, format);
        const again = readTaskText({ file: "t", text, format });
        expect(again).toEqual(tasks);
        expect(writeTaskText(again, format)).toBe(text);
      }),
      { numRuns: 100 },
    );
  });

  it("refuses a type that files cannot hold", () => {
    const custom = {
      task_type: "Custom",
      id: "c",
      type: "Toy",
      operator: "Equals",
      expected_value: 1,
    };
    const write = () => writeTaskText([custom as unknown as EvaluationTask], "json");
    expect(write).toThrow(expect.objectContaining({ code: "EVALUATE_TASK_UNSUPPORTED" }));
  });
});

function withoutKind(task: EvaluationTask | undefined) {
  const { task_type: _, ...rest } = task as EvaluationTask;
  return rest;
}

/** Tasks of every kind that are valid together; each may wait for those before it. */
function someTasks(): fc.Arbitrary<readonly EvaluationTask[]> {
  const text = fc.string({ unit: "grapheme", maxLength: 12 }).map(withoutTemplates);
  const anyJson = fc
    .jsonValue({ maxDepth: 2 })
    .map((value) => withoutTemplatesIn(JSON.parse(JSON.stringify(value)) as Json));
  const freeOperators = ["Equals", "NotEqual", "Contains"] as const;
  const kind = fc.constantFrom("Assertion", "LLMJudge", "TraceAssertion", "AgentAssertion");
  const one = fc.record({
    kind,
    operator: fc.constantFrom(...freeOperators),
    expected: anyJson,
    description: fc.option(text, { nil: undefined }),
    condition: fc.boolean(),
    negate: fc.option(fc.boolean(), { nil: undefined }),
    quantifier: fc.option(fc.constantFrom("all" as const, "any" as const), { nil: undefined }),
    waits: fc.array(fc.nat(), { maxLength: 2 }),
    words: text,
  });
  return fc.array(one, { minLength: 1, maxLength: 6 }).map((rows) =>
    rows.map((row, index) => {
      const common = {
        id: `task_${index}`,
        operator: row.operator,
        expected_value: row.expected,
        condition: row.condition,
        depends_on: [...new Set(index === 0 ? [] : row.waits.map((n) => `task_${n % index}`))],
        ...(row.description === undefined ? {} : { description: row.description }),
        ...(row.negate === undefined ? {} : { negate: row.negate }),
        ...(row.quantifier === undefined ? {} : { quantifier: row.quantifier }),
      };
      return { ...common, ...partsOf(row.kind, row.words) } as unknown as EvaluationTask;
    }),
  );
}

function partsOf(task_type: string, words: string) {
  switch (task_type) {
    case "LLMJudge":
      return {
        task_type,
        prompt: { model: "m", provider: "openai", messages: ["Rate ${answer}", `${words}!`] },
        max_retries: 2,
      };
    case "TraceAssertion":
      return { task_type, assertion: { SpanCount: { filter: { ByName: { name: words } } } } };
    case "AgentAssertion":
      return { task_type, assertion: { ToolCalled: { name: words } }, provider: "OpenAI" };
    default:
      return { task_type, context_path: "a.b[0]" };
  }
}

function withoutTemplates(text: string): string {
  return text.replaceAll("$", "");
}

function withoutTemplatesIn(value: Json): Json {
  return JSON.parse(JSON.stringify(value).replaceAll("$", "")) as Json;
}
