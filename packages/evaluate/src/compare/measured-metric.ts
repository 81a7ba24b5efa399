import type { Metric } from "./metric.ts";
import type { MetricPairs } from "./metric-pairs.ts";
import type { MetricStatistics } from "./metric-statistics.ts";
import type { WorkflowComparison } from "./workflow-comparison.ts";

/** A metric as far as it is known before it is judged. */
export interface MeasuredMetric {
  readonly metric: Metric;
  readonly gated: boolean;
  readonly obstacle: string | undefined;
  readonly outcomes: MetricPairs;
  /** Undefined without a pair. */
  readonly statistics: MetricStatistics | undefined;
  readonly adjustedPValue: number | undefined;
  /** Of the metric's alias. */
  readonly workflows: WorkflowComparison | undefined;
}
