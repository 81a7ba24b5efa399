import type { FeatureMap } from "@scouter/contracts";
import { type Column, isTextColumn, type Table } from "./column.ts";
import { ownValue } from "./own-value.ts";

/** Stands for every category that the training data did not have. */
export const MISSING_CATEGORY = "missing";

/**
 * Numbers for the texts of a column: distinct values by the byte order of their UTF-8, from 0, then "missing". A category
 * that is itself named "missing" shares that last number.
 */
export function categoryCodes(column: ArrayLike<string | null>): Readonly<Record<string, number>> {
  const distinct = new Set<string>();
  for (let i = 0; i < column.length; i += 1) {
    const value = column[i];
    if (typeof value === "string") distinct.add(value);
  }
  const sorted = [...distinct].sort(byUtf8);
  const codes = sorted.map((category, code): [string, number] => [category, code]);
  return Object.fromEntries([
    ...codes.filter(([category]) => category !== MISSING_CATEGORY),
    [MISSING_CATEGORY, sorted.length],
  ]);
}

/** JavaScript compares UTF-16 units, which differ from UTF-8's order beyond U+FFFF. */
function byUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The feature map of a table: one entry per text column. */
export function featureMapOf(table: Table): FeatureMap {
  const entries = Object.keys(table)
    .sort()
    .flatMap((name) => {
      const column = table[name] as Column;
      return isTextColumn(column) ? [[name, categoryCodes(column)] as const] : [];
    });
  return { features: Object.fromEntries(entries) };
}

/** A text's number; that of "missing" for one the training data did not have; undefined without a map. */
export function codeOf(
  featureMap: FeatureMap | undefined,
  feature: string,
  category: string,
): number | undefined {
  const codes = ownValue(featureMap?.features, feature);
  if (codes === undefined) return undefined;
  return ownValue(codes, category) ?? codes[MISSING_CATEGORY];
}

/** A column as numbers: texts through the map, NaN for what is missing or has no number. */
export function columnAsNumbers(
  featureMap: FeatureMap | undefined,
  feature: string,
  column: Column,
): Float64Array {
  return Float64Array.from(column as ArrayLike<number | string | null>, (value) => {
    if (typeof value === "number") return value;
    return value === null ? NaN : (codeOf(featureMap, feature, value) ?? NaN);
  });
}
