import type { BinningStrategy, FeatureMap } from "@scouter/contracts";
import {
  binLookup,
  type BinLookup,
  mergeMoments,
  momentsOf,
  NO_MOMENTS,
  QuantileSketch,
  TextCounts,
  type ValueSummary,
} from "@scouter/stats";
import { errors } from "../errors.ts";
import { codesOf } from "../table/category-codes.ts";
import type { ColumnBatch } from "../table/column-batch.ts";
import { checkFeature } from "../table/column.ts";
import {
  type BaselineBins,
  categoryBins,
  checkSome,
  type ChosenEdges,
  chooseEdges,
  countCategories,
  MOST_CATEGORIES,
  numericBins,
  tooMany,
} from "./baseline-bins.ts";

export interface PsiBaselineOptions {
  readonly binning: BinningStrategy;
  /** Number columns to be binned by category. Text columns always are. */
  readonly categoricalFeatures: readonly string[];
}

/** A column of numbers: the sketch of the first pass decides the edges, the second one counts. */
interface NumberColumn {
  readonly kind: "number";
  readonly sketch: QuantileSketch;
  moments: typeof NO_MOMENTS;
  rows: number;
  second?: {
    readonly chosen: ChosenEdges;
    readonly lookup: BinLookup;
    readonly counts: Float64Array;
  };
}

interface CodeColumn {
  readonly kind: "code";
  readonly counts: Map<number, number>;
  leftOut: number;
}

interface TextColumn {
  readonly kind: "text";
  readonly texts: TextCounts;
  leftOut: number;
}

/**
 * Bins of a baseline that does not fit in memory, in two passes over its rows: the first finds edges and categories, the
 * second counts. Edges of quantile bins are those of a sketch, a small part of a percent of the rows away from the exact
 * ones; shares are exact for the edges chosen.
 */
export class PsiBaseline {
  readonly #options: PsiBaselineOptions;
  readonly #columns = new Map<string, NumberColumn | CodeColumn | TextColumn>();

  constructor(options: PsiBaselineOptions) {
    this.#options = options;
  }

  /** First pass. Throws DRIFT_CATEGORY_INVALID, DRIFT_CATEGORIES_TOO_MANY, DRIFT_TABLE_INVALID. */
  add(batch: ReadonlyMap<string, ColumnBatch>): void {
    for (const [name, column] of batch) {
      const known = this.#columns.get(name) ?? this.#newColumn(name, column);
      this.#columns.set(name, known);
      addRows(name, known, column);
    }
  }

  /** Second pass, over the same rows. Throws what choosing bins does. */
  addAgain(batch: ReadonlyMap<string, ColumnBatch>): void {
    for (const [name, column] of batch) {
      const known = this.#columns.get(name);
      if (known?.kind !== "number" || column.kind !== "number") continue;
      const { lookup, counts } = this.#secondOf(name, known);
      // Bins hold -inf and inf too, but a baseline does not.
      for (let i = 0; i < column.values.length; i += 1) {
        const value = column.values[i] as number;
        if (value - value !== 0) continue;
        const index = lookup.indexOf(value);
        counts[index] = (counts[index] as number) + 1;
      }
    }
  }

  /** Throws DRIFT_FEATURE_UNKNOWN for a categorical feature that no row had, and DRIFT_PROFILE_NO_VALUES. */
  finish(): {
    readonly baselines: ReadonlyMap<string, BaselineBins>;
    readonly featureMap: FeatureMap;
  } {
    const names = [...this.#columns.keys()].sort();
    for (const feature of this.#options.categoricalFeatures) {
      checkFeature(feature, "categoricalFeatures", names);
    }
    const features: Record<string, Readonly<Record<string, number>>> = {};
    const baselines = names.map((name): [string, BaselineBins] => {
      const column = this.#columns.get(name) as NumberColumn | CodeColumn | TextColumn;
      if (column.kind === "number") return [name, this.#numeric(name, column)];
      if (column.kind === "code") return [name, categoryBins(name, column.counts, column.leftOut)];
      const codes = codesOf(column.texts.counts.keys());
      features[name] = codes;
      return [name, categoryBins(name, byCode(column.texts, codes), column.leftOut)];
    });
    return { baselines: new Map(baselines), featureMap: { features } };
  }

  #newColumn(name: string, column: ColumnBatch): NumberColumn | CodeColumn | TextColumn {
    if (column.kind === "text") {
      return { kind: "text", texts: new TextCounts(MOST_CATEGORIES), leftOut: 0 };
    }
    return this.#options.categoricalFeatures.includes(name)
      ? { kind: "code", counts: new Map(), leftOut: 0 }
      : { kind: "number", sketch: new QuantileSketch(), moments: NO_MOMENTS, rows: 0 };
  }

  #secondOf(name: string, column: NumberColumn) {
    if (column.second !== undefined) return column.second;
    checkSome(name, column.sketch.count);
    const chosen = chooseEdges(name, summaryOfSketch(column), this.#options.binning);
    const counts = new Float64Array(chosen.edges.length + 1);
    column.second = { chosen, lookup: binLookup(chosen.edges), counts };
    return column.second;
  }

  #numeric(feature: string, column: NumberColumn): BaselineBins {
    const { chosen, counts } = this.#secondOf(feature, column);
    const leftOut = column.rows - column.sketch.count;
    return numericBins({ feature, chosen, counts: [...counts], leftOut });
  }
}

function addRows(
  name: string,
  known: NumberColumn | CodeColumn | TextColumn,
  column: ColumnBatch,
): void {
  if (known.kind === "text" && column.kind === "text") {
    for (const text of column.values) {
      if (text === null) known.leftOut += 1;
      else known.texts.add(text);
    }
    if (!known.texts.isExact) throw tooMany(name);
  } else if (known.kind === "code" && column.kind === "number") {
    known.leftOut += countCategories(name, column.values, known.counts);
  } else if (known.kind === "number" && column.kind === "number") {
    known.rows += column.values.length;
    known.moments = mergeMoments(known.moments, momentsOf(column.values));
    known.sketch.add(column.values);
  } else {
    const reason = `'${name}' is a column of ${column.kind}s in some rows and not in others`;
    throw errors.DRIFT_TABLE_INVALID({ reason });
  }
}

function summaryOfSketch({ sketch, moments }: NumberColumn): ValueSummary {
  const { count, smallest, largest } = sketch;
  return {
    count,
    smallest,
    largest,
    deviation: () => Math.sqrt(moments.squares / count),
    skewness: () => moments.cubes / count / (moments.squares / count) ** 1.5,
    atRanks: (ranks) => sketch.atRanks(ranks),
  };
}

/** A category that is named "missing" shares its number with those that are. */
function byCode(
  texts: TextCounts,
  codes: Readonly<Record<string, number>>,
): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const [text, count] of texts.counts) {
    const code = codes[text] as number;
    counts.set(code, (counts.get(code) ?? 0) + count);
  }
  return counts;
}
