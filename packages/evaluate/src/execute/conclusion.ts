import { isScouterError, type Json, type ScouterError } from "@scouter/contracts";
import { errors } from "../errors.ts";
import type { JudgeUsage } from "../judge/spend.ts";

/** How a task that ran ended. */
export interface Conclusion {
  readonly outcome: "passed" | "failed" | "errored";
  /** What was compared; undefined when the task came to no value. */
  readonly actual: Json | undefined;
  /** Taken in by dependents under the task's id, when that is not `actual`. */
  readonly output?: Json | undefined;
  /** What the judge used, also when it came to nothing. */
  readonly judge?: JudgeRun | undefined;
  /** The expected value with its template filled; undefined when that was not possible. */
  readonly expected: Json | undefined;
  /** What follows `<task id> <outcome>` in the message. */
  readonly detail: string;
  readonly errorCode: string | null;
  /** It failed because there was nothing to compare, so the opposite would not hold either. */
  readonly isUndecided?: boolean;
}

export interface JudgeRun extends JudgeUsage {
  readonly provider: string;
  readonly model: string;
}

export function errored(
  error: ScouterError,
  values: { readonly actual?: Json; readonly expected?: Json } = {},
): Conclusion {
  return {
    outcome: "errored",
    actual: values.actual,
    expected: values.expected,
    detail: `: ${error.message}`,
    errorCode: error.code,
  };
}

/** The error of one task stays with that task, whatever was thrown. */
export function conclusionOfThrown(thrown: unknown): Conclusion {
  if (isScouterError(thrown)) return errored(thrown);
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return errored(errors.EVALUATE_TASK_CRASHED({ reason }, { cause: thrown }));
}
