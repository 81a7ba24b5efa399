import type {
  AgentEvalProfile,
  CustomTask,
  EvaluationTask,
  JsonObject,
  TaskBuckets,
} from "@scouter/contracts";
import { MISSING_VERSION } from "@scouter/contracts/core";
import { errors } from "../errors.ts";
import { uuidv7 } from "../identity/uuidv7.ts";
import { SDK_VERSION } from "../version.ts";

/** An agent profile in the wire's form: what `registerProfile` sends and the server stores. */
export type AgentProfile = AgentEvalProfile;

export interface AgentProfileFields {
  readonly space: string;
  readonly name: string;
  /** `major.minor.patch`; default: the server chooses. */
  readonly version?: string;
  /** Name under which a queue holds the profile. */
  readonly alias?: string;
  /** Share of records that a queue keeps, 0..1, default 1. */
  readonly sampleRatio?: number;
  /** In any order; made by `assertionTask` and its siblings. */
  readonly tasks: readonly EvaluationTask[];
  /** When and whom to alert; default: console, daily, no condition. */
  readonly alertConfig?: JsonObject;
}

const DAILY = "0 0 0 * * *";

const defaultAlertConfig: JsonObject = {
  dispatch_config: { Console: { enabled: true } },
  schedule: DAILY,
  alert_condition: null,
};

/**
 * Builds the profile of an agent: what to check on each of its records.
 *
 * @throws SDK_OPTION_OUT_OF_RANGE, SDK_TASK_DUPLICATE, SDK_TASK_UNKNOWN_DEPENDENCY, SDK_TASK_CYCLE
 *
 * ```ts
 * agentProfile({
 *   space: "support", name: "answers", alias: "answers",
 *   tasks: [
 *     assertionTask({ id: "has_answer", contextPath: "answer", operator: "IsNotEmpty", expectedValue: true, condition: true }),
 *     assertionTask({ id: "cites", contextPath: "sources", operator: "HasLengthGreaterThan", expectedValue: 0, dependsOn: ["has_answer"] }),
 *   ],
 * });
 * ```
 */
export function agentProfile(fields: AgentProfileFields): AgentProfile {
  const tasks = fields.tasks.map(withLowerCaseIds);
  checkTasks(`${fields.space}/${fields.name}`, tasks);
  return {
    config: {
      sample_ratio: checkedRatio(fields.sampleRatio ?? 1),
      space: fields.space,
      name: fields.name,
      version: fields.version ?? MISSING_VERSION,
      uid: uuidv7(),
      alert_config: { ...(fields.alertConfig ?? defaultAlertConfig) },
      drift_type: "Agent",
    },
    tasks: bucketsOf(tasks),
    scouter_version: SDK_VERSION,
    workflow: null,
    task_ids: tasks.map((task) => task.id).sort(),
    alias: fields.alias ?? null,
  };
}

function bucketsOf(tasks: readonly EvaluationTask[]): TaskBuckets {
  const buckets: TaskBuckets = { assertion: [], judge: [], trace: [], agent: [] };
  const custom: CustomTask[] = [];
  for (const task of tasks) {
    if (task.task_type === "Assertion") buckets.assertion.push(task);
    else if (task.task_type === "LLMJudge") buckets.judge.push(task);
    else if (task.task_type === "TraceAssertion") buckets.trace.push(task);
    else if (task.task_type === "AgentAssertion") buckets.agent.push(task);
    else custom.push(task);
  }
  return custom.length === 0 ? buckets : { ...buckets, custom };
}

function withLowerCaseIds(task: EvaluationTask): EvaluationTask {
  return {
    ...task,
    id: task.id.toLowerCase(),
    depends_on: task.depends_on.map((id) => id.toLowerCase()),
  };
}

/** The server checks all this again; failing here names the mistake where it was made. */
function checkTasks(profile: string, tasks: readonly EvaluationTask[]): void {
  const known = new Set<string>();
  for (const task of tasks) {
    if (known.has(task.id)) throw errors.SDK_TASK_DUPLICATE({ taskId: task.id, profile });
    known.add(task.id);
  }
  for (const task of tasks) {
    const dependency = task.depends_on.find((id) => !known.has(id));
    if (dependency !== undefined) {
      throw errors.SDK_TASK_UNKNOWN_DEPENDENCY({ taskId: task.id, dependency, profile });
    }
  }
  const taskIds = waitingForEachOther(tasks);
  if (taskIds.length > 0) throw errors.SDK_TASK_CYCLE({ taskIds, profile });
}

/** Removes tasks whose dependencies are all removed until nothing changes (Kahn); what stays waits on a cycle. */
function waitingForEachOther(tasks: readonly EvaluationTask[]): readonly string[] {
  let waiting = tasks;
  for (;;) {
    const ids = new Set(waiting.map((task) => task.id));
    const still = waiting.filter((task) => task.depends_on.some((id) => ids.has(id)));
    if (still.length === waiting.length) return still.map((task) => task.id);
    waiting = still;
  }
}

function checkedRatio(sampleRatio: number): number {
  if (sampleRatio >= 0 && sampleRatio <= 1) return sampleRatio;
  throw errors.SDK_OPTION_OUT_OF_RANGE({
    option: "sampleRatio",
    given: sampleRatio,
    allowed: "a share from 0 to 1",
  });
}
