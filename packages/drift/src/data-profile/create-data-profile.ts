import type { DataProfile, FeatureDataProfile } from "@scouter/contracts";
import { batchOf } from "../table/column-batch.ts";
import { featureNames, type Table } from "../table/column.ts";
import { ColumnCorrelations, type CorrelatedColumn } from "./column-correlations.ts";
import { wholeColumnStats } from "./numeric-stats.ts";
import { checkBinSize, DEFAULT_BIN_SIZE, type FinishDataProfile } from "./partial-data-profile.ts";
import { TextColumn } from "./text-column.ts";

export interface CreateDataProfileInput extends FinishDataProfile {
  readonly table: Table;
  /** Default: false. */
  readonly correlations?: boolean;
}

/**
 * Statistics of every column of a table in memory. Missing values are counted and left out of everything else, NaN and
 * infinities too. Quantiles and histograms are exact. `distinct.percent` is a share of 0 to 1 for numbers and texts alike.
 *
 * @throws DRIFT_TABLE_INVALID
 */
export function createDataProfile(input: CreateDataProfileInput): DataProfile {
  const { table, correlations = false, binSize = DEFAULT_BIN_SIZE, timestamp } = input;
  featureNames(table);
  checkBinSize(binSize);
  const batch = batchOf(table);
  const columns = new Map<string, CorrelatedColumn>();
  const features: [string, FeatureDataProfile][] = [];
  for (const [id, column] of [...batch].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (column.kind === "number") {
      const stats = wholeColumnStats(column, binSize);
      columns.set(id, { kind: "number", isConstant: stats.min === stats.max });
      features.push([id, { id, numeric_stats: stats, string_stats: null, timestamp }]);
    } else {
      const text = new TextColumn();
      text.add(column);
      columns.set(id, text);
      features.push([id, { id, numeric_stats: null, string_stats: text.stats(), timestamp }]);
    }
  }
  const moments = correlations ? new ColumnCorrelations(columns) : undefined;
  moments?.add(batch);
  const isConstant = (name: string) => columns.get(name)?.isConstant === true;
  const correlated = features.map(([id, feature]): [string, FeatureDataProfile] => [
    id,
    { ...feature, correlations: moments?.of(id, isConstant) ?? null },
  ]);
  return { features: Object.fromEntries(correlated) };
}
