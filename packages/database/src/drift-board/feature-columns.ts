import { sql, type RawBuilder } from "kysely";

/** What is kept of a feature's result where many are read: not the codes of every point, nor the share of every bin. */
const FIGURES = [
  "name",
  "status",
  "psi",
  "threshold",
  "rows",
  "pValue",
  "adjustedPValue",
  "points",
  "mean",
  "alerts",
  "observed",
  "count",
  "condition",
  "have",
  "need",
  "code",
  "message",
] as const;

/** One feature `f` of a result, as `DriftFeatureResult` without its long lists. */
export const FEATURE_FIGURES: RawBuilder<unknown> = sql`json_strip_nulls(json_build_object(${sql.join(
  FIGURES.flatMap((name) => [sql.lit(name), sql`f -> ${sql.lit(name)}`]),
)}))`;
