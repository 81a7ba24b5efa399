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
  return codesOf(distinct);
}

/** As `categoryCodes`, from the categories themselves. */
export function codesOf(categories: Iterable<string>): Readonly<Record<string, number>> {
  const sorted = [...categories].sort(byUtf8);
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

/**
 * A column as numbers: texts through the map, NaN for what is missing or has no number. A Float64Array is given back
 * itself: the result must not be changed.
 */
export function columnAsNumbers(
  featureMap: FeatureMap | undefined,
  feature: string,
  column: Column,
): Float64Array {
  if (column instanceof Float64Array) return column;
  const values = new Float64Array(column.length);
  if (column instanceof Float32Array || column instanceof Int32Array) {
    values.set(column);
    return values;
  }
  const codes = codeLookup(featureMap, feature);
  for (let i = 0; i < column.length; i += 1) {
    const value = column[i];
    if (typeof value === "number") values[i] = value;
    else values[i] = typeof value === "string" ? codes(value) : NaN;
  }
  return values;
}

/** As `codeOf` for many values of one feature; NaN for none. */
function codeLookup(
  featureMap: FeatureMap | undefined,
  feature: string,
): (category: string) => number {
  const own = ownValue(featureMap?.features, feature);
  if (own === undefined) return () => NaN;
  const codes = new Map(Object.entries(own));
  const missing = codes.get(MISSING_CATEGORY) ?? NaN;
  return (category) => codes.get(category) ?? missing;
}
