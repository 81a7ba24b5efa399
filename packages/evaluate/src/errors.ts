import { defineErrors } from "@scouter/contracts";
import { MAX_JSON_DEPTH, MAX_PATH_BYTES, MAX_PATH_SEGMENTS, MAX_PATTERN_WORK } from "./limits.ts";

/** The package's error catalogue. A task that errs carries the code in its result; see docs/reference/errors. */
export const errors = defineErrors({
  EVALUATE_PATH_EMPTY: {
    kind: "invalid",
    message: "empty context path: expected at least one field, index or quoted key",
    remedy: "name a field, or leave the path out (null) to take the whole context",
  },
  EVALUATE_PATH_TOO_LONG: {
    kind: "invalid",
    message: (p: { bytes: number }) =>
      `context path has ${p.bytes} bytes: at most ${MAX_PATH_BYTES} are allowed`,
    remedy: "shorten the path, or put the value nearer to the root of the context",
  },
  EVALUATE_PATH_TOO_MANY_SEGMENTS: {
    kind: "invalid",
    message: (p: { path: string }) =>
      `context path '${p.path}' has too many segments: at most ${MAX_PATH_SEGMENTS} are allowed`,
    remedy: "put the value nearer to the root of the context",
  },
  EVALUATE_PATH_SYNTAX: {
    kind: "invalid",
    message: (p: { path: string; position: number; expected: string; found: string }) =>
      `context path '${p.path}': ${p.found} at position ${p.position}, expected ${p.expected}`,
    remedy: 'write a.b, a[0], a[-1], a[*] or ["any key"]; quote keys that are not plain names',
  },
  EVALUATE_PATH_NOT_FOUND: {
    kind: "invalid",
    message: (p: { path: string; reason: string; at: string }) =>
      `${p.reason} (path '${p.path}'${p.at === "" ? "" : `, in '${p.at}'`})`,
    remedy: "correct the path, or send the value with every record",
  },
  EVALUATE_TEMPLATE_SYNTAX: {
    kind: "invalid",
    message: (p: { text: string; reason: string }) => `template '${p.text}': ${p.reason}`,
    remedy: "write ${path}; write $${ for a literal ${",
  },
  EVALUATE_TEMPLATE_NOT_FOUND: {
    kind: "invalid",
    message: (p: { path: string; reason: string }) =>
      `template '\${${p.path}}' cannot be filled: ${p.reason}`,
    remedy:
      "correct the path; templates see the record's context and the outputs of the task's own depends_on",
  },
  EVALUATE_EXPECTED_INVALID: {
    kind: "invalid",
    message: (p: { operator: string; expected: string; got: string }) =>
      `operator ${p.operator} needs ${p.expected} as expected_value, got ${p.got}`,
    remedy: "correct expected_value, or the value its template takes from the context",
  },
  EVALUATE_OPERATOR_UNKNOWN: {
    kind: "invalid",
    message: (p: { operator: string }) => `unknown operator '${p.operator}'`,
    remedy: "write an operator of the list, exactly; register your own where tasks are compiled",
  },
  EVALUATE_ADJUSTMENT_INVALID: {
    kind: "invalid",
    message: (p: { field: string; operator: string; allowed: string }) =>
      `${p.field} means nothing to operator ${p.operator}: expected one of ${p.allowed}`,
    remedy: "leave the field out, or use another operator",
  },
  EVALUATE_TASK_TYPE_UNKNOWN: {
    kind: "invalid",
    message: (p: { type: string }) => `no task type '${p.type}' is registered here`,
    remedy: "register the type where tasks are compiled, in the server too",
  },
  EVALUATE_EXTENSION_TAKEN: {
    kind: "invalid",
    message: (p: { name: string }) => `operator '${p.name}' is built in and cannot be replaced`,
    remedy: "give your operator another name",
  },
  EVALUATE_PATTERN_INVALID: {
    kind: "invalid",
    message: (p: { pattern: string; reason: string }) =>
      `pattern ${p.pattern} is not valid: ${p.reason}`,
    remedy: "use RE2 syntax: no look-around and no back-references",
  },
  EVALUATE_PATTERN_TOO_COSTLY: {
    kind: "invalid",
    message: (p: { instructions: number; characters: number }) =>
      `pattern of ${p.instructions} instructions on a text of ${p.characters} characters: their product may be at most ${MAX_PATTERN_WORK}`,
    remedy: "use a shorter pattern or smaller repeat counts, or point the path at a smaller text",
  },
  EVALUATE_TYPE_MISMATCH: {
    kind: "invalid",
    message: (p: { operator: string; wanted: string; got: string }) =>
      `operator ${p.operator} needs ${p.wanted}, got ${p.got}`,
    remedy: "point context_path at a value of that type, or use another operator",
  },
  EVALUATE_VALUE_TOO_DEEP: {
    kind: "invalid",
    message: `value is nested deeper than ${MAX_JSON_DEPTH} levels`,
    remedy: "flatten the value, or point context_path at a part of it",
  },
  EVALUATE_ASSERTION_INVALID: {
    kind: "invalid",
    message: (p: { reason: string }) => `assertion cannot be used: ${p.reason}`,
    remedy: "write one of the known assertions with all its fields",
  },
  EVALUATE_RESPONSE_UNKNOWN: {
    kind: "invalid",
    message: (p: { got: string }) =>
      `no known model response: expected an answer of OpenAI, Anthropic, Gemini, Vertex, Google ADK or the AI SDK, or a list of messages, got ${p.got}`,
    remedy: "point context_path at the response, or name its provider",
  },
  EVALUATE_SPAN_SOURCE_MISSING: {
    kind: "invalid",
    message: "trace assertions need the spans of the record, and no source of spans was handed in",
    remedy: "hand in a span source, or leave trace assertions out of this run",
  },
  EVALUATE_ATTRIBUTE_NOT_FOUND: {
    kind: "invalid",
    message: (p: { key: string; span: string }) =>
      `root span '${p.span}' has no attribute '${p.key}'`,
    remedy: "correct the key, or set the attribute on the root span of every trace",
  },
  EVALUATE_PROMPT_INVALID: {
    kind: "invalid",
    message: (p: { reason: string }) => `prompt cannot be used: ${p.reason}`,
    remedy: "write model, provider and messages, or the prompt as the client library saves it",
  },
  EVALUATE_PROMPT_VARIABLE_MISSING: {
    kind: "invalid",
    message: (p: { variable: string; reason: string; available: string }) =>
      `prompt variable '\${${p.variable}}' cannot be filled: ${p.reason}; available: ${p.available}`,
    remedy: "send the value with every record, or correct the prompt",
  },
  EVALUATE_JUDGE_MODEL_MISSING: {
    kind: "invalid",
    message: (p: { provider: string; model: string }) =>
      `no model '${p.model}' of provider '${p.provider}' is configured`,
    remedy: "configure the provider's key or base URL, or use another provider in the prompt",
  },
  EVALUATE_JUDGE_ANSWER_INVALID: {
    kind: "unavailable",
    message: (p: { model: string; reason: string }) =>
      `judge '${p.model}' gave an answer that cannot be used: ${p.reason}`,
    remedy: "use a model that supports structured output, or allow it more output tokens",
  },
  EVALUATE_JUDGE_TIMEOUT: {
    kind: "timeout",
    message: (p: { model: string; waitedMs: number }) =>
      `judge '${p.model}' did not answer within ${p.waitedMs} ms`,
    remedy: "try again; raise the time-out if this model is always slow",
  },
  EVALUATE_JUDGE_UNDECIDED: {
    kind: "unavailable",
    message: (p: { passed: number; failed: number; votes: number; reason: string }) =>
      `no majority: ${p.passed} of ${p.votes} votes passed, ${p.failed} failed, the others erred: ${p.reason}`,
    remedy: "look at the error of the votes, then evaluate the record again",
  },
  EVALUATE_BUDGET_SPENT: {
    kind: "busy",
    message: (p: { reason: string }) => `judge was not asked: ${p.reason}`,
    remedy: "raise the budget, sample fewer records, or put a gate in front of the judge",
  },
  EVALUATE_TASK_UNSUPPORTED: {
    kind: "invalid",
    message: (p: { taskType: string }) => `tasks of type ${p.taskType} are not supported here`,
    remedy: "use another type of task, evaluate with evaluateRecord, or upgrade",
  },
  EVALUATE_TASK_CRASHED: {
    kind: "internal",
    message: (p: { reason: string }) => `task ended with an unexpected error: ${p.reason}`,
    remedy: "report it with the task and, if you may share it, the record",
  },
  EVALUATE_TASKS_INVALID: {
    kind: "invalid",
    message: (p: { list: string }) => p.list,
    remedy: "correct every problem listed; none of the tasks was accepted",
  },
  EVALUATE_RUN_INVALID: {
    kind: "invalid",
    message: (p: { source: string; problems: string }) =>
      `'${p.source}' is no saved run: ${p.problems}`,
    remedy: "give a run as an offline evaluation saved it, format 'scouter-run'",
  },
  EVALUATE_RUN_VERSION: {
    kind: "invalid",
    message: (p: { source: string; version: number; newest: number }) =>
      `run '${p.source}' has version ${p.version}: at most ${p.newest} can be read`,
    remedy: "upgrade, or save the run with this version",
  },
  EVALUATE_RUN_SCENARIO_TWICE: {
    kind: "invalid",
    message: (p: { run: string; scenario: string }) =>
      `run '${p.run}' has scenario '${p.scenario}' twice`,
    remedy: "give every scenario an id of its own; repeats belong into one scenario",
  },
  EVALUATE_COMPARE_OPTION_INVALID: {
    kind: "invalid",
    message: (p: { option: string; given: string; allowed: string }) =>
      `option ${p.option} of a comparison is ${p.given}: expected ${p.allowed}`,
    remedy: "correct the option",
  },
  EVALUATE_REPORTER_UNKNOWN: {
    kind: "invalid",
    message: (p: { given: string; allowed: string }) =>
      `unknown reporter '${p.given}': expected ${p.allowed}`,
    remedy: "give names separated by commas, for example table,junit,html",
  },
  EVALUATE_QUARANTINE_INVALID: {
    kind: "invalid",
    message: (p: { source: string; problems: string }) =>
      `'${p.source}' is no quarantine: ${p.problems}`,
    remedy:
      'write {"quarantine": [{"scenario": ..., "owner": ..., "expires": "YYYY-MM-DD"}]}, each scenario once',
  },
  EVALUATE_RUNS_NOT_POOLABLE: {
    kind: "invalid",
    message: (p: { reason: string }) => `runs cannot be put together: ${p.reason}`,
    remedy: "give runs of one suite",
  },
  EVALUATE_SUITE_INVALID: {
    kind: "invalid",
    message: (p: { list: string }) => p.list,
    remedy: "correct every problem listed; nothing was run",
  },
  EVALUATE_TASK_FILE_INVALID: {
    kind: "invalid",
    message: (p: { list: string }) => p.list,
    remedy: "correct every problem listed",
  },
  EVALUATE_SCENARIO_TWICE: {
    kind: "invalid",
    message: (p: { scenario: string }) => `scenario '${p.scenario}' already has data`,
    remedy: "collect each scenario once; make a new runner for a repeat",
  },
  EVALUATE_SCENARIO_UNKNOWN: {
    kind: "not-found",
    message: (p: { scenario: string }) => `no scenario has the id '${p.scenario}'`,
    remedy: "use an id of the suite",
  },
  EVALUATE_SCENARIO_WITHOUT_DATA: {
    kind: "invalid",
    message: (p: { scenario: string }) =>
      `scenario '${p.scenario}' has tasks and no context to run them on`,
    remedy: "collect the scenario's answer before evaluating",
  },
  EVALUATE_ALIAS_UNKNOWN: {
    kind: "invalid",
    message: (p: { alias: string; known: string }) =>
      `records came for the alias '${p.alias}', which the suite does not have: it has ${p.known}`,
    remedy: "add the alias and its tasks to the suite, or correct the name in the agent",
  },
  EVALUATE_AGENT_TIMEOUT: {
    kind: "timeout",
    message: (p: { scenario: string; waitedMs: number }) =>
      `the agent did not end scenario '${p.scenario}' within ${p.waitedMs} ms`,
    remedy: "make the agent faster, or raise the time-out",
  },
  EVALUATE_RUN_OPTION_INVALID: {
    kind: "invalid",
    message: (p: { option: string; given: string; allowed: string }) =>
      `option ${p.option} of a run is ${p.given}: expected ${p.allowed}`,
    remedy: "correct the option",
  },
});
