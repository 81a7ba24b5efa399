export { errors } from "./errors.ts";
export * from "./schedule/common-crons.ts";
export { parseSchedule, type Schedule, type ScheduleOptions } from "./schedule/schedule.ts";
export { windowsAMonth } from "./schedule/windows-a-month.ts";
export * from "./window/due-windows.ts";
export { checkFeature, type Column, type Table } from "./table/column.ts";
export * from "./table/column-batch.ts";
export * from "./data-profile/create-data-profile.ts";
export {
  ColumnCorrelations,
  type ColumnCorrelationsState,
  type CorrelatedColumn,
} from "./data-profile/column-correlations.ts";
export {
  checkBinSize,
  DEFAULT_BIN_SIZE,
  type FinishDataProfile,
  PartialDataProfile,
  type PartialDataProfileState,
} from "./data-profile/partial-data-profile.ts";
export {
  categoryCodes,
  codeOf,
  codesOf,
  columnAsNumbers,
  featureMapOf,
  MISSING_CATEGORY,
} from "./table/category-codes.ts";
export type { Errored, InsufficientData, NoData, NotMeasured } from "./check/status.ts";
export type { AlertPolicy, ProfileOwner } from "./profile/profile-defaults.ts";
export * from "./profile/profile-problems.ts";
export {
  EPSILON,
  populationStabilityIndex,
  stabilityTerm,
} from "./psi/population-stability-index.ts";
export { referenceThreshold } from "./psi/psi-threshold.ts";
export {
  P_VALUE_MARGIN,
  calibratedTest,
  type CalibratedTest,
  type CalibratedTestInput,
} from "./psi/calibrated-test.ts";
export { unseenCategoriesPValue, type UnseenCategoriesInput } from "./psi/unseen-categories.ts";
export {
  type BaselineBins,
  type BinningNote,
  categoryBaseline,
  numericBaseline,
} from "./psi/baseline-bins.ts";
export { PsiBaseline, type PsiBaselineOptions } from "./psi/psi-baseline.ts";
export * from "./psi/create-psi-profile.ts";
export { featureBins, type FeatureBins, limitValue } from "./psi/feature-bins.ts";
export { expectedFalseAlarms } from "./psi/expected-false-alarms.ts";
export * from "./psi/bin-assignment.ts";
export * from "./psi/bin-tally.ts";
export * from "./psi/check-psi.ts";
export * from "./psi/compute-psi-drift.ts";
export {
  ControlBaseline,
  controlLimits,
  type ControlLimits,
  type LimitsOf,
} from "./spc/control-limits.ts";
export * from "./spc/create-spc-profile.ts";
export { SubgroupMeans, subgroupMeans } from "./spc/subgroups.ts";
export { zoneCode } from "./spc/zone-code.ts";
export * from "./spc/control-rule.ts";
export { evaluateRule, type EvaluateRuleInput, type SpcAlert } from "./spc/evaluate-rule.ts";
export * from "./spc/check-spc.ts";
export * from "./spc/compute-spc-drift.ts";
export * from "./custom/tally.ts";
export {
  conditionAlerts,
  conditionLimits,
  type ConditionLimits,
  conditionProblem,
} from "./custom/alert-condition.ts";
export type { MetricMeasure } from "./custom/check-metric.ts";
export * from "./custom/check-custom.ts";
export * from "./custom/create-custom-profile.ts";
export * from "./agent/check-agent.ts";
export * from "./alert/alert-rows.ts";
export * from "./alert/description.ts";
export * from "./alert/lifecycle.ts";
export { plainDecimal } from "./alert/plain-decimal.ts";
