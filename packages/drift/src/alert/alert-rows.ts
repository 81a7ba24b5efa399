import type { AlertMap, ComparisonMetricAlert } from "@scouter/contracts";
import type { AgentCheck, AgentTaskCheck } from "../agent/check-agent.ts";
import type { CustomCheck, MetricResult } from "../custom/check-custom.ts";
import type { PsiCheck } from "../psi/check-psi.ts";
import type { SpcCheck } from "../spc/check-spc.ts";

/** What is stored of one alert, and what identifies it from one window to the next. */
export interface AlertRow {
  /** Feature or metric. */
  readonly entityName: string;
  /** Distinguishes the alerts of one profile; the same in every window. */
  readonly key: string;
  readonly alert: AlertMap;
}

/** One row per feature. The wire's threshold is a number: 0 stands for "none", when only new categories alert. */
export function psiAlertRows(check: PsiCheck): readonly AlertRow[] {
  return check.features.flatMap((result) => {
    if (result.status !== "alert") return [];
    const { feature, psi, threshold, unseen, reasons } = result;
    const newCategories = reasons.includes("unseen-categories") ? { unseen_rows: unseen.rows } : {};
    const alert = { Psi: { feature, drift: psi, threshold: threshold ?? 0, ...newCategories } };
    return [{ entityName: feature, key: feature, alert }];
  });
}

/** One row per feature, zone and kind. */
export function spcAlertRows(check: SpcCheck): readonly AlertRow[] {
  return check.features.flatMap((result) => {
    if (result.status !== "alert") return [];
    const { feature } = result;
    return result.alerts.map(({ kind, zone }) => ({
      entityName: feature,
      key: `${feature}/${zone}/${kind}`,
      alert: { Spc: { feature, kind, zone } },
    }));
  });
}

export function customAlertRows(check: CustomCheck): readonly AlertRow[] {
  return check.metrics.flatMap((result) =>
    comparisonOf(result).map((alert) => rowOf(alert, { Custom: alert })),
  );
}

/** Of the workflow, and of tasks with conditions of their own. */
export function agentAlertRows(
  check: AgentCheck,
  tasks: readonly AgentTaskCheck[] = [],
): readonly AlertRow[] {
  return [check, ...tasks].flatMap((result) =>
    comparisonOf(result).map((alert) => rowOf(alert, { Agent: alert })),
  );
}

function comparisonOf(result: MetricResult | AgentTaskCheck): readonly ComparisonMetricAlert[] {
  if (result.status !== "alert" || result.condition === undefined) return [];
  const { condition, observed, metric } = result;
  return [
    {
      metric_name: metric,
      baseline_value: condition.baseline_value,
      observed_value: observed,
      delta: condition.delta ?? null,
      alert_threshold: condition.alert_threshold,
    },
  ];
}

function rowOf(alert: ComparisonMetricAlert, map: AlertMap): AlertRow {
  return { entityName: alert.metric_name, key: alert.metric_name, alert: map };
}
