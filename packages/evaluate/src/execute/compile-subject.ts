import type {
  AgentAssertionTask,
  AssertionTask,
  CustomTask,
  EvaluationTask,
  TraceAssertion,
} from "@scouter/contracts";
import { errors } from "../errors.ts";
import type { Vocabulary } from "../extension/vocabulary.ts";
import { compileJudge } from "../judge/compile-judge.ts";
import type { PatternCache } from "../operator/pattern-cache.ts";
import { parsePath } from "../path/parse-path.ts";
import { requiredValue } from "../path/resolve-path.ts";
import { readAgentAssertion, readProvider, readTraceAssertion } from "../task/read-assertion.ts";
import {
  compileTraceAssertion,
  type ValueTest,
} from "../trace-assertion/compile-trace-assertion.ts";
import { checkValue, expectationFor } from "./check-value.ts";
import { checkedBy, compileExpectation, pathOf } from "./compile-comparison.ts";
import type { Subject } from "./compiled-task.ts";
import { extracted } from "./run-agent-assertion.ts";
import { checkAt } from "./run-assertion.ts";

/** @throws EVALUATE_ASSERTION_INVALID, EVALUATE_PROMPT_INVALID, EVALUATE_PATTERN_INVALID, EVALUATE_PATH_SYNTAX */
export function compileSubject(
  task: EvaluationTask,
  patterns: PatternCache,
  vocabulary: Vocabulary,
): Subject {
  switch (task.task_type) {
    case "AgentAssertion":
      return compileAgentSubject(task);
    case "TraceAssertion": {
      const compileInner = (inner: InnerTask) => compileValueTest(inner, patterns, vocabulary);
      const assertion = readTraceAssertion(task.assertion);
      return {
        kind: "trace",
        extract: compileTraceAssertion(assertion, { patterns, compileInner }),
      };
    }
    case "LLMJudge":
      return { kind: "judge", judge: compileJudge(task) };
    case "Custom":
      return compileCustomSubject(task, vocabulary);
    default:
      return { kind: "context" };
  }
}

function compileAgentSubject(task: AgentAssertionTask): Extract<Subject, { kind: "response" }> {
  const assertion = readAgentAssertion(task.assertion);
  // Parsed here too, so that a wrong path shows when the profile is made.
  if (assertion.type === "ResponseField") parsePath(assertion.path);
  return { kind: "response", assertion, provider: readProvider(task.provider) };
}

/** @throws EVALUATE_TASK_TYPE_UNKNOWN, and what the type throws */
function compileCustomSubject(
  task: CustomTask,
  { taskTypes }: Vocabulary,
): Extract<Subject, { kind: "custom" }> {
  const type = taskTypes.get(task.type);
  if (type === undefined) throw errors.EVALUATE_TASK_TYPE_UNKNOWN({ type: task.type });
  return { kind: "custom", take: type.compile(task) };
}

type InnerTask = Extract<TraceAssertion, { type: "AttributeFilter" }>["task"];

/** The inner task of an attribute filter: passes or not. A value that it cannot be checked on does not pass. */
function compileValueTest(
  inner: InnerTask,
  patterns: PatternCache,
  vocabulary: Vocabulary,
): ValueTest {
  const { type, ...fields } = inner;
  // The tagged form spreads the task's fields beside its type.
  const task = fields as unknown as AssertionTask | AgentAssertionTask;
  const checked = checkedBy(task, vocabulary);
  const path = pathOf(task.context_path);
  const expectation = compileExpectation(task, patterns, vocabulary);
  const subject =
    type === "AgentAssertion" ? compileAgentSubject(task as AgentAssertionTask) : null;
  return (value, context) => {
    const prepared = expectationFor(expectation, context);
    try {
      if (subject === null) return checkAt(checked, path, prepared, value).outcome === "passed";
      const response = path === undefined ? value : requiredValue(path, value);
      return checkValue(checked, prepared, extracted({ subject }, response)).outcome === "passed";
    } catch {
      // A value of another shape is a value that does not pass: attributes of many spans share one key.
      return false;
    }
  };
}
