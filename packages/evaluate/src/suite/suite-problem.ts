import { isScouterError, type ScouterError } from "@scouter/contracts";
import { errors } from "../errors.ts";

/** One thing that is wrong with a suite, and where. */
export interface SuiteProblem {
  readonly file: string;
  /** From 1; the line and column of the guilty value, or of what should hold it. */
  readonly line: number;
  readonly column: number;
  /** Such as `scenarios[3].tasks[0].operator`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
}

class SuiteProblems {
  readonly problems: readonly SuiteProblem[];

  constructor(problems: readonly SuiteProblem[]) {
    this.problems = problems;
  }
}

/** More than anybody mends before trying again. */
const LISTED_PROBLEMS = 100;

export function suiteProblemsError(problems: readonly SuiteProblem[]): ScouterError {
  return problemsError("suite", problems);
}

/** All problems in one error, which `suiteProblemsOf` takes apart again. */
export function problemsError(
  what: "suite" | "task file",
  problems: readonly SuiteProblem[],
): ScouterError {
  const sorted = problems.toSorted(
    (a, b) => compareText(a.file, b.file) || a.line - b.line || a.column - b.column,
  );
  const shown = sorted.slice(0, LISTED_PROBLEMS).map(printProblem);
  const hidden = sorted.length - shown.length;
  if (hidden > 0) shown.push(`and ${hidden} more`);
  const count = sorted.length === 1 ? "1 problem" : `${sorted.length} problems`;
  const list = `${count} in the ${what}:\n${shown.join("\n")}\n`;
  const cause = new SuiteProblems(sorted);
  return what === "suite"
    ? errors.EVALUATE_SUITE_INVALID({ list }, { cause })
    : errors.EVALUATE_TASK_FILE_INVALID({ list }, { cause });
}

/** `suite.yaml:12:7 scenarios[3].id: ...`, which editors and terminals turn into a link. */
export function printProblem({ file, line, column, path, message }: SuiteProblem): string {
  return `${file}:${line}:${column} ${path === "" ? "" : `${path}: `}${message}`;
}

/** Every problem of an EVALUATE_SUITE_INVALID or EVALUATE_TASK_FILE_INVALID error; empty for any other error. */
export function suiteProblemsOf(error: unknown): readonly SuiteProblem[] {
  return isScouterError(error) && error.cause instanceof SuiteProblems ? error.cause.problems : [];
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
