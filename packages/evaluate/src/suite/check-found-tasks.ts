import { isScouterError, type Json } from "@scouter/contracts";
import { bucketsOf } from "../task/task-buckets.ts";
import type { TaskProblem } from "../task/task-problem.ts";
import { findTaskProblems } from "../task/validate-tasks.ts";
import { parseTemplate } from "../template/parse-template.ts";
import { resolveTemplate } from "../template/resolve-template.ts";
import type { Template } from "../template/template.ts";
import type { PathPart } from "./located-value.ts";
import type { Report } from "./problem-log.ts";
import type { FoundTask, FoundTasks } from "./read-file-tasks.ts";

/** Checks tasks that run together: ids, dependencies, paths, operators, templates, assertions, prompts. */
export function checkFoundTasks({ tasks, refused }: FoundTasks, report: Report): void {
  if (tasks.length === 0) return;
  for (const problem of findTaskProblems(bucketsOf(tasks.map(({ task }) => task)))) {
    if (isAboutRefused(problem, refused)) continue;
    report(placeOf(problem, tasks), withoutPlace(problem));
  }
}

/** What a scenario gives to templates before anything ran; its answers come later. */
export type GivenFacts = Readonly<Record<"expected_outcome" | "ground_truth" | "metadata", Json>>;

/** Reports expected values whose templates name facts that the scenario does not have. */
export function checkTemplates(
  tasks: readonly FoundTask[],
  facts: GivenFacts,
  report: Report,
): void {
  for (const { task, path } of tasks) {
    for (const template of referencesIn(templateOf(task.expected_value))) {
      const message = unfilled(template, facts);
      if (message !== undefined) report([...path, "expected_value"], message);
    }
  }
}

function unfilled(template: Template, facts: GivenFacts): string | undefined {
  try {
    resolveTemplate(template, facts);
    return undefined;
  } catch (error) {
    if (isScouterError(error)) return error.message;
    throw error;
  }
}

/** A broken template is reported with the task's other problems. */
function templateOf(value: Json): Template {
  try {
    return parseTemplate(value);
  } catch {
    return { kind: "constant", value: null };
  }
}

function referencesIn(template: Template): readonly Template[] {
  switch (template.kind) {
    case "reference":
      return isFact(template.path[0]) ? [template] : [];
    case "text":
      return template.parts.flatMap((part) =>
        typeof part !== "string" && isFact(part[0])
          ? [{ kind: "reference" as const, path: part }]
          : [],
      );
    case "array":
      return template.items.flatMap(referencesIn);
    case "object":
      return template.members.flatMap(([, member]) => referencesIn(member));
    default:
      return [];
  }
}

const FACTS: ReadonlySet<string> = new Set(["expected_outcome", "ground_truth", "metadata"]);

function isFact(segment: { readonly kind: string; readonly name?: string } | undefined): boolean {
  return segment?.kind === "field" && FACTS.has(segment.name ?? "");
}

function isAboutRefused(problem: TaskProblem, refused: ReadonlySet<string>): boolean {
  return (
    problem.kind === "unknown-dependency" &&
    [...refused].some((id) => problem.message.toLowerCase().includes(`'${id.toLowerCase()}'`))
  );
}

/** The field of the last task with the id: of two with one id the later is the guilty one. */
function placeOf(problem: TaskProblem, tasks: readonly FoundTask[]): readonly PathPart[] {
  const found = tasks.findLast(({ task }) => task.id === problem.taskId);
  if (found === undefined) return [];
  return problem.field === null ? found.path : [...found.path, problem.field];
}

function withoutPlace({ taskId, field, message }: TaskProblem): string {
  const place = `task '${taskId ?? ""}', ${field ?? ""}: `;
  return message.startsWith(place) ? message.slice(place.length) : message;
}
