import { isScouterError, type ScouterError } from "@scouter/contracts";
import { errors } from "../errors.ts";
import { MAX_LISTED_PROBLEMS } from "../limits.ts";

export type TaskProblemKind =
  | "empty-list"
  | "reserved-id"
  | "duplicate-id"
  | "unknown-dependency"
  | "cycle"
  | "operator"
  | "path"
  | "template"
  | "expected-value"
  | "pattern"
  | "assertion"
  | "prompt";

/** One thing that is wrong with a task list. */
export interface TaskProblem {
  readonly kind: TaskProblemKind;
  /** The guilty task; null when the list as a whole is meant. */
  readonly taskId: string | null;
  /** The guilty field, such as `depends_on`. */
  readonly field: string | null;
  readonly message: string;
}

/** The problems as the cause of their error: the typed form for programs, beside the message for people. */
class TaskProblems {
  readonly problems: readonly TaskProblem[];

  constructor(problems: readonly TaskProblem[]) {
    this.problems = problems;
  }
}

export function taskProblemsError(problems: readonly TaskProblem[]): ScouterError {
  const shown = problems.slice(0, MAX_LISTED_PROBLEMS).map((problem) => problem.message);
  const hidden = problems.length - shown.length;
  if (hidden > 0) shown.push(`and ${hidden} more`);
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return errors.EVALUATE_TASKS_INVALID(
    { list: `${count} in the tasks: ${shown.join("; ")}` },
    { cause: new TaskProblems(problems) },
  );
}

/** Every problem of an EVALUATE_TASKS_INVALID error; empty for any other error. */
export function taskProblemsOf(error: unknown): readonly TaskProblem[] {
  return isScouterError(error) && error.cause instanceof TaskProblems ? error.cause.problems : [];
}
