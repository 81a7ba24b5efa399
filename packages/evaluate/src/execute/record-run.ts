import type {
  AgentEvalWorkflowResult,
  EvalTaskResult,
  Json,
  TaskOutcome,
} from "@scouter/contracts";
import { errors } from "../errors.ts";
import { majorityOf } from "../judge/compiled-judge.ts";
import { cappedJson } from "../json/capped-json.ts";
import { storableJson } from "../json/storable-json.ts";
import { placeSpans, type TraceView } from "../trace-assertion/span-order.ts";
import type { CompiledTask, CompiledTasks } from "./compiled-task.ts";
import { conclusionOfThrown, type Conclusion, type JudgeRun } from "./conclusion.ts";
import { NO_JUDGING, summedJudging, type JudgingSummary } from "./judging-summary.ts";
import { scopedContext } from "./scoped-context.ts";
import type { EvaluationPorts, RunScope } from "./run-scope.ts";
import type { TaskRunners } from "./task-runner.ts";

/** Whose record it is and what it holds. */
export interface RecordInput {
  readonly tasks: CompiledTasks;
  readonly context: Json;
  readonly recordUid: string;
  readonly entityUid: string;
  /** The database's id of the entity; 0 offline. */
  readonly entityId?: number | undefined;
  readonly traceId?: string | null | undefined;
  readonly ports: EvaluationPorts;
  readonly signal?: AbortSignal | undefined;
  /** Larger values of `actual` and of filled expected values are cut in results. Default 65,536. */
  readonly maxValueBytes?: number | undefined;
}

const DEFAULT_MAX_VALUE_BYTES = 65_536;

/** All results of one record. */
export interface RecordEvaluation {
  /** One row a task, skipped ones included, in declaration order. */
  readonly tasks: readonly EvalTaskResult[];
  readonly workflow: AgentEvalWorkflowResult;
  /** What judges used and what gates saved; all 0 without judges. */
  readonly judging: JudgingSummary;
}

interface Skip {
  /** The dependency that kept the task from running. */
  readonly by: string;
  /** The gate at the beginning of the chain; `by` itself when that is the gate. */
  readonly gate: string;
}

interface Ending {
  readonly outcome: TaskOutcome;
  readonly output: Json | undefined;
  readonly skip: Skip | undefined;
  /** Its `created_at` is set when all tasks have ended. */
  readonly result: EvalTaskResult;
}

/** One record on its way through its tasks: says what each task sees and keeps what it came to. */
export class RecordRun {
  readonly #input: RecordInput;
  readonly #runners: TaskRunners;
  readonly #scope: RunScope;
  readonly #startedAtMs: number;
  readonly #endings: (Ending | undefined)[] = [];
  readonly #maxValueBytes: number;
  #trace: Promise<TraceView> | undefined;
  #isoMs = Number.NaN;
  #iso = "";

  constructor(input: RecordInput, runners: TaskRunners) {
    this.#input = input;
    this.#runners = runners;
    this.#maxValueBytes = input.maxValueBytes ?? DEFAULT_MAX_VALUE_BYTES;
    this.#scope = {
      ports: input.ports,
      context: input.context,
      entityUid: input.entityUid,
      traceId: input.traceId ?? null,
      trace: () => (this.#trace ??= this.#readTrace()),
      signal: input.signal,
    };
    this.#startedAtMs = input.ports.clock.monotonicMs();
  }

  /** Runs or skips the task at a position whose dependencies have ended. Never throws. */
  start(position: number): void | Promise<void> {
    const task = this.#taskAt(position);
    const startTime = this.#now();
    const skip = this.#skipOf(task);
    if (skip !== undefined) {
      this.#endings[position] = this.#skipped(task, skip, startTime);
      return undefined;
    }
    const conclude = (conclusion: Conclusion) => {
      this.#endings[position] = this.#concluded(task, conclusion, startTime);
    };
    const conclusion = this.#attempt(task);
    if (!(conclusion instanceof Promise)) return conclude(conclusion);
    return conclusion.then(conclude, (thrown: unknown) => conclude(conclusionOfThrown(thrown)));
  }

  finish(): RecordEvaluation {
    const createdAt = this.#now();
    const endings = this.#endings.filter((ending) => ending !== undefined);
    const tasks = endings.map(({ result }) => {
      result.created_at = createdAt;
      return result;
    });
    return {
      tasks,
      workflow: this.#workflow(endings, createdAt),
      judging: this.#input.tasks.hasJudges ? summedJudging(tasks) : NO_JUDGING,
    };
  }

  async #readTrace(): Promise<TraceView> {
    const { ports, traceId, signal } = this.#input;
    if (ports.spanSource === undefined) throw errors.EVALUATE_SPAN_SOURCE_MISSING(undefined);
    if (traceId === null || traceId === undefined) return { spans: [] };
    const options = signal === undefined ? {} : { signal };
    return placeSpans(await ports.spanSource.spansOf(traceId.toLowerCase(), options));
  }

  #taskAt(position: number): CompiledTask {
    return this.#input.tasks.tasks[position] as CompiledTask;
  }

  #attempt(task: CompiledTask): Conclusion | Promise<Conclusion> {
    try {
      const context = scopedContext(
        this.#input.context,
        task.parents.map((parent) => ({
          id: this.#taskAt(parent).id,
          value: this.#endings[parent]?.output,
        })),
      );
      return this.#runners[task.task.task_type](task, context, this.#scope);
    } catch (thrown) {
      return conclusionOfThrown(thrown);
    }
  }

  /** Dependencies are asked in the order written; the first that blocks is the one named. */
  #skipOf(task: CompiledTask): Skip | undefined {
    for (const parent of task.parents) {
      const { id, isGate } = this.#taskAt(parent);
      const ending = this.#endings[parent];
      if (ending?.skip !== undefined) return { by: id, gate: ending.skip.gate };
      if (isGate && ending?.outcome !== "passed") return { by: id, gate: id };
    }
    return undefined;
  }

  #skipped(task: CompiledTask, skip: Skip, startTime: string): Ending {
    const chain = skip.by === skip.gate ? "" : ` ('${skip.by}' was skipped for it)`;
    const message = `${task.id} skipped: gate '${skip.gate}' did not pass${chain}`;
    const result = this.#row(task, startTime, {
      outcome: "skipped",
      message,
      expected: writtenExpectation(task),
      skippedBy: skip.by,
      judge: unaskedJudge(task),
    });
    return { outcome: "skipped", output: undefined, skip, result };
  }

  #concluded(task: CompiledTask, conclusion: Conclusion, startTime: string): Ending {
    const { outcome, actual, expected, errorCode } = conclusion;
    const asWritten = task.expectation.kind === "constant" || expected === undefined;
    const result = this.#row(task, startTime, {
      outcome,
      message: `${task.id} ${outcome}${conclusion.detail}`,
      expected: asWritten ? writtenExpectation(task) : this.#kept(expected),
      actual: this.#kept(actual),
      errorCode,
      judge: conclusion.judge && judgeResult(conclusion.judge),
    });
    // An errored task came to no trustworthy value, so dependents see none.
    const output = outcome === "errored" ? undefined : (conclusion.output ?? actual);
    return { outcome, output, skip: undefined, result };
  }

  #kept(value: Json | undefined): Json {
    return cappedJson(storableJson(value), this.#maxValueBytes);
  }

  #row(
    task: CompiledTask,
    startTime: string,
    row: {
      readonly outcome: TaskOutcome;
      readonly message: string;
      readonly expected: Json;
      readonly actual?: Json;
      readonly errorCode?: string | null;
      readonly skippedBy?: string;
      readonly judge?: EvalTaskResult["judge"];
    },
  ): EvalTaskResult {
    const passed = row.outcome === "passed";
    return {
      created_at: startTime,
      start_time: startTime,
      end_time: this.#now(),
      record_uid: this.#input.recordUid,
      entity_id: this.#input.entityId ?? 0,
      entity_uid: this.#input.entityUid,
      task_id: task.id,
      task_type: task.task.task_type,
      passed,
      value: passed ? 1 : 0,
      assertion: task.assertion,
      operator: task.task.operator,
      expected: row.expected,
      actual: row.actual ?? null,
      message: row.message,
      condition: task.isGate,
      stage: task.stage,
      outcome: row.outcome,
      skipped_by: row.skippedBy ?? null,
      error_code: row.errorCode ?? null,
      ...(row.judge === undefined ? {} : { judge: row.judge }),
    };
  }

  #workflow(endings: readonly Ending[], createdAt: string): AgentEvalWorkflowResult {
    const count = (outcome: TaskOutcome) =>
      endings.filter((ending) => ending.outcome === outcome && !ending.result.condition).length;
    const passed = count("passed");
    const erred = count("errored");
    const failed = count("failed") + erred;
    const total = passed + failed;
    const { clock } = this.#input.ports;
    return {
      created_at: createdAt,
      record_uid: this.#input.recordUid,
      entity_id: this.#input.entityId ?? 0,
      total_tasks: total,
      passed_tasks: passed,
      failed_tasks: failed,
      pass_rate: total === 0 ? 0 : passed / total,
      duration_ms: Math.max(0, Math.round(clock.monotonicMs() - this.#startedAtMs)),
      entity_uid: this.#input.entityUid,
      execution_plan: this.#input.tasks.planJson,
      id: 0,
      skipped_tasks: endings.filter((ending) => ending.outcome === "skipped").length,
      errored_tasks: erred,
    };
  }

  /** Many tasks run within one millisecond, and writing a date costs more than most checks. */
  #now(): string {
    const nowMs = this.#input.ports.clock.now();
    if (nowMs !== this.#isoMs) {
      this.#isoMs = nowMs;
      this.#iso = new Date(nowMs).toISOString();
    }
    return this.#iso;
  }
}

function judgeResult(run: JudgeRun): NonNullable<EvalTaskResult["judge"]> {
  return {
    provider: run.provider,
    model: run.model,
    calls: run.calls,
    cached_calls: run.cachedCalls,
    input_tokens: run.inputTokens,
    output_tokens: run.outputTokens,
    cost_usd: run.costUsd,
  };
}

/** A judge that a gate kept from running: what it would have asked at least. */
function unaskedJudge({ subject }: CompiledTask): EvalTaskResult["judge"] {
  if (subject.kind !== "judge") return undefined;
  const { provider, model, votes } = subject.judge;
  const unused = { calls: 0, cachedCalls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 };
  return {
    ...judgeResult({ provider, model, ...unused }),
    saved_calls: majorityOf(votes),
  };
}

function writtenExpectation(task: CompiledTask): Json {
  const { expectation } = task;
  return expectation.kind === "constant" ? expectation.storable : expectation.written;
}
