import { isScouterError, type EvaluationTask, type TaskBuckets } from "@scouter/contracts";
import { compileSubject } from "../execute/compile-subject.ts";
import { operatorOf } from "../execute/compile-comparison.ts";
import { builtInVocabulary, type Vocabulary } from "../extension/vocabulary.ts";
import { PatternCache } from "../operator/pattern-cache.ts";
import { parsePath } from "../path/parse-path.ts";
import { parseTemplate } from "../template/parse-template.ts";
import { atOnce, inTurns, type Steps, type Turn } from "../turn/steps.ts";
import { declaredTasks } from "./declared-tasks.ts";
import { dependencyCycles, taskGraph } from "./task-graph.ts";
import { taskProblemsError, type TaskProblem, type TaskProblemKind } from "./task-problem.ts";

/**
 * Checks tasks before anything runs, so that a mistake shows when a profile is made and not on its first record.
 * @throws EVALUATE_TASKS_INVALID with every problem in the message (the first 50 spelled out); `taskProblemsOf` gives
 * the typed list
 */
export function validateTasks(
  buckets: TaskBuckets,
  vocabulary: Vocabulary = builtInVocabulary,
): void {
  atOnce(validatingTasks(buckets, vocabulary));
}

/** The same for a thread that has other things to do: thousands of patterns take seconds. */
export function validateTasksInTurns(
  buckets: TaskBuckets,
  vocabulary: Vocabulary,
  turn: Turn,
): Promise<void> {
  return inTurns(validatingTasks(buckets, vocabulary), turn);
}

/** All problems: of the list, of ids, of dependencies, then of each task in declaration order. */
export function findTaskProblems(
  buckets: TaskBuckets,
  vocabulary: Vocabulary = builtInVocabulary,
): readonly TaskProblem[] {
  return atOnce(findingTaskProblems(buckets, vocabulary));
}

/** @throws EVALUATE_TASKS_INVALID */
export function* validatingTasks(buckets: TaskBuckets, vocabulary: Vocabulary): Steps<void> {
  const problems = yield* findingTaskProblems(buckets, vocabulary);
  if (problems.length > 0) throw taskProblemsError(problems);
}

function* findingTaskProblems(
  buckets: TaskBuckets,
  vocabulary: Vocabulary,
): Steps<readonly TaskProblem[]> {
  const tasks = declaredTasks(buckets);
  if (tasks.length === 0) {
    const message = "the task list is empty: expected at least one task";
    return [{ kind: "empty-list", taskId: null, field: null, message }];
  }
  const patterns = new PatternCache();
  const problems = [...idProblems(tasks), ...dependencyProblems(tasks)];
  for (const task of tasks) {
    yield;
    problems.push(
      ...pathProblems(task),
      ...expectedProblems(task, patterns, vocabulary),
      ...subjectProblems(task, () => compileSubject(task, patterns, vocabulary)),
    );
  }
  return problems;
}

function subjectProblems(task: EvaluationTask, compile: () => unknown): TaskProblem[] {
  if (task.task_type === "LLMJudge") return attempt("prompt", task, "prompt", compile);
  const field = task.task_type === "Custom" ? "type" : "assertion";
  return attempt("assertion", task, field, compile);
}

function idProblems(tasks: readonly EvaluationTask[]): TaskProblem[] {
  const counts = new Map<string, number>();
  for (const { id } of tasks) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts].flatMap(([id, count]) => {
    const found: TaskProblem[] = [];
    if (count > 1) {
      found.push(problem("duplicate-id", id, "id", `${count} tasks have this id: ids must differ`));
    }
    // Ids become keys of JSON objects, where this one does not behave as a key in JavaScript clients.
    if (id === "__proto__") found.push(problem("reserved-id", id, "id", "this id is reserved"));
    return found;
  });
}

function dependencyProblems(tasks: readonly EvaluationTask[]): TaskProblem[] {
  const graph = taskGraph(tasks);
  const unknown = graph.unknown.map(({ task, dependency, candidates }) => {
    const reason =
      candidates.length === 0
        ? `no task has the id '${dependency}'`
        : `'${dependency}' differs only by case from ${candidates.map((id) => `'${id}'`).join(", ")}: write one of them exactly`;
    return problem("unknown-dependency", task.id, "depends_on", reason);
  });
  const cycles = dependencyCycles(graph).map((cycle) =>
    problem("cycle", cycle[0] ?? "", "depends_on", `cycle ${cycle.join(" -> ")}`),
  );
  return [...unknown, ...cycles];
}

function pathProblems(task: EvaluationTask): TaskProblem[] {
  const paths: Record<string, unknown> = {
    context_path: "context_path" in task ? task.context_path : null,
    item_context_path: task.task_type === "Assertion" ? task.item_context_path : null,
  };
  return Object.entries(paths).flatMap(([field, path]) =>
    typeof path === "string" ? attempt("path", task, field, () => parsePath(path)) : [],
  );
}

function expectedProblems(
  task: EvaluationTask,
  patterns: PatternCache,
  vocabulary: Vocabulary,
): TaskProblem[] {
  const unusable = attempt("operator", task, "operator", () => operatorOf(task, vocabulary));
  if (unusable.length > 0) return unusable;
  const operator = operatorOf(task, vocabulary);
  return attempt("expected-value", task, "expected_value", () => {
    const template = parseTemplate(task.expected_value);
    // What a template will yield is known only with a record; the check then runs on its value.
    if (template.kind === "constant") operator.prepare(template.value, patterns);
  });
}

const KIND_OF_CODE: Readonly<Record<string, TaskProblemKind>> = {
  EVALUATE_TEMPLATE_SYNTAX: "template",
  EVALUATE_PATTERN_INVALID: "pattern",
};

function attempt(
  kind: TaskProblemKind,
  task: EvaluationTask,
  field: string,
  check: () => unknown,
): TaskProblem[] {
  try {
    check();
    return [];
  } catch (error) {
    if (!isScouterError(error)) throw error;
    return [problem(KIND_OF_CODE[error.code] ?? kind, task.id, field, error.message)];
  }
}

function problem(
  kind: TaskProblemKind,
  taskId: string,
  field: string,
  reason: string,
): TaskProblem {
  return { kind, taskId, field, message: `task '${taskId}', ${field}: ${reason}` };
}
