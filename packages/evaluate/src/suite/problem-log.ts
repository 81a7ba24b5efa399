import { type LocatedValue, type PathPart, printPathParts } from "./located-value.ts";
import type { SuiteProblem } from "./suite-problem.ts";

export type Report = (path: readonly PathPart[], message: string) => void;

/** Collects what is wrong, file by file, each problem once. */
export class ProblemLog {
  readonly #problems = new Map<string, SuiteProblem>();

  get problems(): readonly SuiteProblem[] {
    return [...this.#problems.values()];
  }

  add(problem: SuiteProblem): void {
    const { file, line, column, path, message } = problem;
    this.#problems.set(JSON.stringify([file, line, column, path, message]), problem);
  }

  /** A reporter for one parsed text. */
  of(file: string, { placeOf }: Pick<LocatedValue, "placeOf">): Report {
    return (path, message) => {
      this.add({ file, ...placeOf(path), path: printPathParts(path), message });
    };
  }
}
