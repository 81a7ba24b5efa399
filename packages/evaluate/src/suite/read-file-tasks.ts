import type { EvaluationTask, Json } from "@scouter/contracts";
import type { z } from "zod";
import type { PathPart } from "./located-value.ts";
import type { Report } from "./problem-log.ts";
import { meant, schemaProblems, typeName } from "./schema-problems.ts";
import { fileTask, type FileTaskType } from "./suite-schema.ts";

/** A task and where it stands. */
export interface FoundTask {
  readonly task: EvaluationTask;
  readonly path: readonly PathPart[];
}

export interface FoundTasks {
  readonly tasks: readonly FoundTask[];
  /** Ids of tasks that could not be read: what depends on them is no mistake of its own. */
  readonly refused: ReadonlySet<string>;
}

/** Reads a file that a suite names, such as a judge's prompt or a profile; throws when there is none. */
export type ReadIncluded = (path: string) => string;

export interface TaskReading {
  readonly report: Report;
  /** The prompt in a file that a judge names; undefined when it cannot be read, which is reported. */
  readonly readPrompt: (file: string, path: readonly PathPart[]) => Json | undefined;
}

const TYPES = Object.keys(fileTask) as FileTaskType[];
const BUCKETS: Readonly<Record<string, FileTaskType>> = {
  assertion: "Assertion",
  judge: "LLMJudge",
  trace: "TraceAssertion",
  agent: "AgentAssertion",
};

/** Tasks as files hold them: a list, `{ tasks: [...] }`, or the buckets of a saved profile. */
export function readFileTasks(
  given: unknown,
  path: readonly PathPart[],
  reading: TaskReading,
): FoundTasks {
  const tasks: FoundTask[] = [];
  const refused = new Set<string>();
  for (const { value, at } of listed(given, path, reading.report)) {
    const task = readTask(value, at, reading);
    if (task !== undefined) tasks.push({ task, path: at });
    else if (isObject(value) && typeof value["id"] === "string") refused.add(value["id"]);
  }
  return { tasks, refused };
}

interface ListedTask {
  readonly value: unknown;
  readonly at: readonly PathPart[];
}

function listed(given: unknown, path: readonly PathPart[], report: Report): readonly ListedTask[] {
  if (given === undefined || given === null) return [];
  if (Array.isArray(given)) return given.map((value, index) => ({ value, at: [...path, index] }));
  if (!isObject(given)) {
    report(path, `expected a list of tasks, got ${typeName(given)}`);
    return [];
  }
  if ("tasks" in given) return listed(given["tasks"], [...path, "tasks"], report);
  return Object.entries(given).flatMap(([bucket, value]) => {
    const type = BUCKETS[bucket];
    const at = [...path, bucket];
    if (type === undefined) {
      report(at, `unknown field '${bucket}': ${meant(bucket, ["tasks", ...Object.keys(BUCKETS)])}`);
      return [];
    }
    return listed(value, at, report).map((own) => ({
      ...own,
      value: isObject(own.value) ? { task_type: type, ...own.value } : own.value,
    }));
  });
}

function readTask(
  given: unknown,
  path: readonly PathPart[],
  { report, readPrompt }: TaskReading,
): EvaluationTask | undefined {
  if (!isObject(given)) {
    report(path, `expected a task, got ${typeName(given)}`);
    return undefined;
  }
  const type = given["task_type"];
  const known = TYPES.find((own) => own === type);
  if (known === undefined) {
    const wrong = typeof type === "string" ? `unknown task type '${type}'` : "missing";
    report([...path, "task_type"], `${wrong}: ${meant(String(type), TYPES)}`);
    return undefined;
  }
  const schema: z.ZodObject = fileTask[known];
  const read = schema.safeParse(given);
  if (!read.success) {
    for (const problem of schemaProblems(schema, given, read.error.issues)) {
      report([...path, ...problem.path], problem.message);
    }
    return undefined;
  }
  const task = read.data as unknown as EvaluationTask;
  if (task.task_type !== "LLMJudge") return task;
  const file = promptFile(task.prompt);
  if (file === undefined) return task;
  const prompt = readPrompt(file, [...path, "prompt", "path"]);
  return prompt === undefined ? undefined : { ...task, prompt };
}

function promptFile(prompt: Json): string | undefined {
  if (!isObject(prompt) || Object.keys(prompt).length !== 1) return undefined;
  return typeof prompt["path"] === "string" ? prompt["path"] : undefined;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
