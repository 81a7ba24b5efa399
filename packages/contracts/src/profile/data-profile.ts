import { z } from "zod";
import { dateTime } from "../record/scalar.ts";

/** JSON has no NaN: a figure that does not exist (the deviation of one value) is null. */
const figure = z.number().nullable();
const count = z.number().int().min(0);

/** Different values. */
const distinct = z.looseObject({
  count,
  /** Share of the values present, 0..1. */
  percent: z.number(),
  /** Whether `count` is an estimate; absent in profiles of other clients. */
  estimated: z.boolean().optional(),
});

/** Values that have no place in the other figures. Absent in profiles of other clients. */
const absence = {
  /** Rows, missing values among them. */
  rows: count.optional(),
  /** Rows without a value. */
  missing: count.optional(),
};

export const numericStats = z.looseObject({
  mean: figure,
  /** Of a sample: divided by n - 1. */
  stddev: figure,
  min: figure,
  max: figure,
  distinct,
  /** Values of the column, nearest to position (n - 1) q. */
  quantiles: z.looseObject({ q25: figure, q50: figure, q75: figure, q99: figure }),
  histogram: z.looseObject({
    /** Left edges. A bin holds its left edge and not its right one, the last bin both. */
    bins: z.array(z.number()),
    bin_counts: z.array(count),
  }),
  ...absence,
  /** NaN and infinities. */
  non_finite: count.optional(),
  /** By how many ranks a quantile or a bin's count may be off; 0 where they are exact. */
  rank_error: z.number().optional(),
});
export type NumericStats = z.output<typeof numericStats>;

const wordCount = z.looseObject({
  count,
  /** Share of the values present, 0..1. */
  percent: z.number(),
});

export const stringStats = z.looseObject({
  distinct,
  /** In Unicode code points; the median is the upper one. */
  char_stats: z.looseObject({
    min_length: count,
    max_length: count,
    median_length: count,
    mean_length: figure,
  }),
  word_stats: z.looseObject({
    /** The most frequent values, whole, as they are. */
    words: z.record(z.string(), wordCount),
    /** All other values together; absent when `words` has all of them. */
    other: wordCount.optional(),
    /** By how much a count may be too low; absent where they are exact. */
    undercount: count.optional(),
  }),
  ...absence,
});
export type StringStats = z.output<typeof stringStats>;

export const featureDataProfile = z.looseObject({
  id: z.string(),
  numeric_stats: numericStats.nullish(),
  string_stats: stringStats.nullish(),
  timestamp: dateTime,
  /** Pearson's correlation with every other feature; null where it does not exist. */
  correlations: z.record(z.string(), figure).nullish(),
});
export type FeatureDataProfile = z.output<typeof featureDataProfile>;

/** What the columns of a table hold, by feature name. */
export const dataProfile = z.looseObject({
  features: z.record(z.string(), featureDataProfile),
});
export type DataProfile = z.output<typeof dataProfile>;
