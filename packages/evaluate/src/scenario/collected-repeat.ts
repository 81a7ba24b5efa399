import type { ErrorSource, EvalScenario, Json, RunJudging } from "@scouter/contracts";
import type { EvaluatedSpan } from "../port/span-source.ts";
import type { Exchange } from "./conversation.ts";

/** A record that an agent made while a scenario ran. */
export interface CollectedRecord {
  readonly uid: string;
  readonly recordId: string;
  readonly sessionId: string;
  readonly traceId: string | null;
  readonly context: Json;
  /** `TraceDispatch` for records that stand for a trace without any. */
  readonly source: "Queue" | "TraceDispatch";
}

/** How the agent came through. */
export type RepeatEnd =
  | { readonly kind: "answered"; readonly response: Json }
  | {
      readonly kind: "errored";
      readonly source: ErrorSource;
      readonly error: string;
      /** What was thrown, for who wants the run to end with it. */
      readonly thrown?: unknown;
    };

/** All that one run of a scenario left behind, before it is judged. */
export interface CollectedRepeat {
  readonly scenario: EvalScenario;
  readonly end: RepeatEnd;
  readonly exchanges: readonly Exchange[];
  readonly records: ReadonlyMap<string, readonly CollectedRecord[]>;
  /** Of all traces of this repeat; those of the harness itself are not among them. */
  readonly spans: readonly EvaluatedSpan[];
  /** When the repeat began, milliseconds since the epoch. */
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly simulatedUser?: RunJudging | undefined;
}
