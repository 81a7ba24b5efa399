import type { ErrorKind } from "@scouter/contracts";
import type { ResultTexts } from "@scouter/database";
import type { EvaluatedSpan } from "@scouter/evaluate";

/** One record to evaluate. Large things travel as text: it is copied in one piece, a tree of objects piece by piece. */
export interface EvaluationJob {
  readonly profileUid: string;
  /** JSON text of the profile's tasks by kind, without judges and kinds of an app's own. */
  readonly tasksText: string;
  /** JSON text. */
  readonly contextText: string;
  readonly recordUid: string;
  readonly entityId: number;
  readonly traceId: string | null;
  /** Of the record's trace; undefined when no task asks for any. */
  readonly spans?: readonly EvaluatedSpan[] | undefined;
}

export interface EvaluationOrder {
  readonly id: number;
  readonly job: EvaluationJob;
}

export type EvaluationReply =
  | {
      readonly id: number;
      readonly results: ResultTexts;
      readonly tookMs: number;
      readonly cpuMs: number;
    }
  | { readonly id: number; readonly error: ThreadError };

/** A `ScouterError` on its way between threads. */
export interface ThreadError {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly message: string;
  readonly remedy?: string | undefined;
}
