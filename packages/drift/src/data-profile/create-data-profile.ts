import type { DataProfile, FeatureDataProfile } from "@scouter/contracts";
import { batchOf, type ColumnBatch } from "../table/column-batch.ts";
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
  const { table, correlations = false, binSize = DEFAULT_BIN_SIZE } = input;
  featureNames(table);
  checkBinSize(binSize);
  const batch = batchOf(table);
  const columns = new Map<string, WholeColumn>();
  for (const [name, column] of batch) columns.set(name, profileWholeColumn(column, binSize));
  const moments = correlations ? new ColumnCorrelations(columns) : undefined;
  moments?.add(batch);
  return assembleDataProfile(columns, { timestamp: input.timestamp, correlations: moments });
}

/** One column that was seen as a whole: its statistics, and how it takes part in correlations. */
export type WholeColumn = CorrelatedColumn &
  Pick<FeatureDataProfile, "numeric_stats" | "string_stats">;

/** All rows of a column at once. */
export function profileWholeColumn(column: ColumnBatch, binSize: number): WholeColumn {
  if (column.kind === "number") {
    const stats = wholeColumnStats(column, binSize);
    const isConstant = stats.min === stats.max;
    return { kind: "number", isConstant, numeric_stats: stats, string_stats: null };
  }
  const text = new TextColumn();
  text.add(column);
  const { categories, isConstant } = text;
  return { kind: "text", isConstant, categories, numeric_stats: null, string_stats: text.stats() };
}

/** A data profile of columns that were profiled one by one. */
export function assembleDataProfile(
  columns: ReadonlyMap<string, WholeColumn>,
  given: {
    /** RFC 3339, kept in every feature. */
    readonly timestamp: string;
    readonly correlations: ColumnCorrelations | undefined;
  },
): DataProfile {
  const { timestamp, correlations } = given;
  const isConstant = (name: string) => columns.get(name)?.isConstant === true;
  const sorted = [...columns].sort(([a], [b]) => (a < b ? -1 : 1));
  const features = sorted.map(([id, column]): [string, FeatureDataProfile] => [
    id,
    {
      id,
      numeric_stats: column.numeric_stats,
      string_stats: column.string_stats,
      timestamp,
      correlations: correlations?.of(id, isConstant) ?? null,
    },
  ]);
  return { features: Object.fromEntries(features) };
}
