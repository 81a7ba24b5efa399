import { agentAlertConfig, type AgentAlertConfig, type AgentEvalProfile } from "@scouter/contracts";
import { isolated, type NotMeasured } from "../check/status.ts";
import { checkMetric, type MetricMeasure } from "../custom/check-metric.ts";
import type { Tally } from "../custom/tally.ts";
import { errors } from "../errors.ts";

/** Under this name an agent's pass rate stands in alerts. */
export const AGENT_METRIC = "agent_workflow_metric";

/** Of one task, under its id. */
export type AgentTaskCheck = { readonly metric: string } & (MetricMeasure | NotMeasured);

export type AgentCheck = { readonly metric: typeof AGENT_METRIC } & (MetricMeasure | NotMeasured);

/**
 * Checks an agent's pass rate over a window: `passRates` holds the sum of the workflows' pass rates (0..1 each) and
 * their number. Without a condition it is observed only.
 */
export function checkAgent(profile: AgentEvalProfile, passRates: Tally | undefined): AgentCheck {
  const result = isolated(() => {
    const condition = agentAlertSettings(profile).alert_condition ?? undefined;
    return checkMetric(AGENT_METRIC, passRates, condition);
  });
  return { metric: AGENT_METRIC, ...result };
}

/** Runs of a task; skipped ones are none. */
export interface TaskRuns {
  readonly passed: number;
  readonly total: number;
}

/**
 * Checks the tasks that have a condition of their own: the share of their runs in the window that passed. Sorted by task;
 * none when the profile sets no such condition, or its configuration cannot be read, which `checkAgent` tells.
 */
export function checkAgentTasks(
  profile: AgentEvalProfile,
  byTask: ReadonlyMap<string, TaskRuns>,
): readonly AgentTaskCheck[] {
  const parsed = agentAlertConfig.safeParse(profile.config.alert_config ?? {});
  const conditions = Object.entries(parsed.data?.task_conditions ?? {});
  return conditions
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([task, condition]) => {
      const { passed = 0, total = 0 } = byTask.get(task) ?? {};
      const tally = { sum: passed, count: total };
      return { metric: task, ...isolated(() => checkMetric(task, tally, condition)) };
    });
}

/** The alert configuration of an agent profile, checked; throws DRIFT_CONDITION_INVALID when it has another shape. */
export function agentAlertSettings(profile: AgentEvalProfile): AgentAlertConfig {
  const parsed = agentAlertConfig.safeParse(profile.config.alert_config ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = (issue?.path ?? []).join(".");
  const reason = `alert_config.${where}: ${issue?.message ?? "is not valid"}`;
  throw errors.DRIFT_CONDITION_INVALID({ metric: AGENT_METRIC, reason });
}
