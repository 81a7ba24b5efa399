import type { Clock } from "@scouter/contracts";
import type { Database } from "@scouter/database";
import type { Judging, JudgingSummary, Vocabulary } from "@scouter/evaluate";
import type { TraceLake } from "@scouter/lake";
import type { EvaluationConfig } from "../config/config.ts";
import type { EvaluationThreads } from "../evaluation/thread/evaluation-threads.ts";
import type { TraceCompletion } from "../trace-activity/trace-completion.ts";

export interface EvaluationParts {
  readonly database: Pick<Database, "evalRecords" | "profiles" | "listen">;
  readonly lake: Pick<TraceLake, "spansOf">;
  /** Tells when the trace of a record is whole. */
  readonly completion: Pick<TraceCompletion, "wait">;
  readonly judging: Judging;
  /** What the tasks of profiles may name. */
  readonly vocabulary: Vocabulary;
  /** For heavy records; without them all are evaluated on this thread. */
  readonly threads?: Pick<EvaluationThreads, "evaluate" | "untilRoom"> | undefined;
  readonly clock: Clock;
  readonly config: Omit<EvaluationConfig, "judge" | "traces" | "threads">;
  /** Unique over processes. */
  readonly processName: string;
  readonly events: EvaluationEvents;
}

/** For logs and metrics; none may throw. */
export interface EvaluationEvents {
  readonly onEvaluated: (tookMs: number) => void;
  /** After every record of a profile with judges. */
  readonly onJudged: (judging: JudgingSummary) => void;
  /** `retryInMs` undefined: given up. */
  readonly onFailed: (recordUid: string, error: unknown, retryInMs: number | undefined) => void;
  /** The database did not answer; the loop pauses and goes on. */
  readonly onTrouble: (error: unknown) => void;
}
