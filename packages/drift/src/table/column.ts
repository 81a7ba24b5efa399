import { errors } from "../errors.ts";

/** One value per row; null or NaN for a missing one. A column is text when its first present value is. */
export type Column = ArrayLike<number | null> | ArrayLike<string | null>;
/** Columns of equal length by feature name. */
export type Table = Readonly<Record<string, Column>>;

export function isTextColumn(column: Column): column is ArrayLike<string | null> {
  for (let i = 0; i < column.length; i += 1) {
    const value = column[i];
    if (value !== null && value !== undefined) return typeof value === "string";
  }
  return false;
}

/** The column's values, as they are, with NaN for a missing one. */
export function numericValues(column: ArrayLike<number | null>): Float64Array {
  return Float64Array.from(column, (value) => value ?? NaN);
}

/** Names in a stable order, after a check that every column has the same number of rows. */
export function featureNames(table: Table): readonly string[] {
  const names = Object.keys(table).sort();
  const [first] = names;
  if (first === undefined) throw errors.DRIFT_TABLE_INVALID({ reason: "it has no columns" });
  const rows = (table[first] as Column).length;
  for (const name of names) {
    const { length } = table[name] as Column;
    if (length === rows) continue;
    const reason = `'${name}' has ${length} rows, '${first}' has ${rows}`;
    throw errors.DRIFT_TABLE_INVALID({ reason });
  }
  return names;
}

/** The features to monitor: those asked for, all of which must exist, or all. */
export function monitoredFeatures(
  asked: readonly string[] | undefined,
  available: readonly string[],
): readonly string[] {
  if (asked === undefined || asked.length === 0) return available;
  for (const feature of asked) checkFeature(feature, "features_to_monitor", available);
  return asked;
}

/** Throws DRIFT_FEATURE_UNKNOWN unless the feature is one of those available. */
export function checkFeature(feature: string, where: string, available: readonly string[]): void {
  if (!available.includes(feature)) {
    throw errors.DRIFT_FEATURE_UNKNOWN({ feature, where, available });
  }
}
