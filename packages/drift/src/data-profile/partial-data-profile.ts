import type { DataProfile, FeatureDataProfile } from "@scouter/contracts";
import { errors } from "../errors.ts";
import type { ColumnBatch, TableBatch } from "../table/column-batch.ts";
import { ColumnCorrelations, type ColumnCorrelationsState } from "./column-correlations.ts";
import { NumericColumn, type NumericColumnState } from "./numeric-column.ts";
import { TextColumn, type TextColumnState } from "./text-column.ts";

type ProfiledColumn = NumericColumn | TextColumn;

/** Plain values, which may travel between threads and processes. */
export interface PartialDataProfileState {
  readonly columns: readonly (readonly [string, NumericColumnState | TextColumnState])[];
  readonly correlations: ColumnCorrelationsState | null;
}

export interface FinishDataProfile {
  /** RFC 3339, kept in every feature. */
  readonly timestamp: string;
  /** Bins of a histogram, 1 to 1000; default 20. */
  readonly binSize?: number;
}

export interface SecondPass {
  /** As `finish` will get it. */
  readonly binSize?: number;
  /** Default: false. */
  readonly correlations?: boolean;
}

export const DEFAULT_BIN_SIZE = 20;
const MOST_BINS = 1000;

/**
 * A data profile in the making: takes in rows batch by batch in bounded memory, and merges with that of other rows, in
 * any order and grouping.
 *
 * Counts, extremes and numbers of different values are those of one pass; means and deviations are so up to rounding.
 * Quantiles and histograms are exact up to 8,191 values of a column, then within `rank_error` ranks. A second pass over the
 * same rows (`addAgain`) makes histograms exact and brings correlations.
 */
export class PartialDataProfile {
  readonly #columns = new Map<string, ProfiledColumn>();
  #correlations: ColumnCorrelations | undefined;

  /**
   * Takes in rows. A column that a batch does not have, has no rows in it.
   *
   * @throws DRIFT_TABLE_INVALID when a column was texts before and is numbers now, or the reverse
   */
  add(batch: TableBatch): void {
    for (const [name, column] of batch) {
      const known = this.#columns.get(name) ?? newColumn(column);
      this.#columns.set(name, known);
      addTo(name, known, column);
    }
  }

  /**
   * Takes in what another profile has seen. Correlations are kept when both have them for the same columns, all of
   * numbers: texts are numbered when all of them are known.
   *
   * @throws DRIFT_TABLE_INVALID as `add`
   */
  merge(other: PartialDataProfile): void {
    for (const [name, column] of other.#columns) {
      const known = this.#columns.get(name);
      if (known === undefined) this.#columns.set(name, columnFrom(column.state()));
      else if (known.kind === "number" && column.kind === "number") known.merge(column);
      else if (known.kind === "text" && column.kind === "text") known.merge(column);
      else throw otherKind(name, known.kind);
    }
    const [own, more] = [this.#correlations, other.#correlations];
    const isSame = own?.names.join("\0") === more?.names.join("\0");
    const hasText = [...this.columns.values()].includes("text");
    if (own !== undefined && more !== undefined && isSame && !hasText) own.merge(more);
    else this.#correlations = undefined;
  }

  /** Columns and whether they hold numbers or texts, sorted by name. */
  get columns(): ReadonlyMap<string, "number" | "text"> {
    return new Map(this.#sorted().map(([name, { kind }]) => [name, kind]));
  }

  /** Whether a second pass would change the histogram of a column. */
  get isHistogramEstimated(): boolean {
    const columns = [...this.#columns.values()];
    return columns.some((column) => column.kind === "number" && column.isHistogramEstimated);
  }

  /** Takes in the same rows once more, all of them after the last `add`. */
  addAgain(
    batch: TableBatch,
    { binSize = DEFAULT_BIN_SIZE, correlations = false }: SecondPass = {},
  ): void {
    for (const [name, column] of batch) {
      const known = this.#columns.get(name);
      if (column.kind !== "number" || known?.kind !== "number") continue;
      known.countHistogram(column.values, binSize);
    }
    if (!correlations) return;
    this.#correlations ??= new ColumnCorrelations(new Map(this.#sorted()));
    this.#correlations.add(batch);
  }

  /** @throws DRIFT_TABLE_INVALID for a number of bins that cannot be */
  finish({ timestamp, binSize = DEFAULT_BIN_SIZE }: FinishDataProfile): DataProfile {
    checkBinSize(binSize);
    const isConstant = (name: string) => this.#columns.get(name)?.isConstant === true;
    const features = this.#sorted().map(([id, column]): [string, FeatureDataProfile] => [
      id,
      {
        id,
        numeric_stats: column.kind === "number" ? column.stats(binSize) : null,
        string_stats: column.kind === "text" ? column.stats() : null,
        timestamp,
        correlations: this.#correlations?.of(id, isConstant) ?? null,
      },
    ]);
    return { features: Object.fromEntries(features) };
  }

  state(): PartialDataProfileState {
    return {
      columns: [...this.#columns].map(([name, column]) => [name, column.state()] as const),
      correlations: this.#correlations?.state() ?? null,
    };
  }

  static from({ columns, correlations }: PartialDataProfileState): PartialDataProfile {
    const profile = new PartialDataProfile();
    for (const [name, state] of columns) profile.#columns.set(name, columnFrom(state));
    if (correlations !== null) profile.#correlations = new ColumnCorrelations(correlations);
    return profile;
  }

  #sorted(): (readonly [string, ProfiledColumn])[] {
    return [...this.#columns].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

/** Throws DRIFT_TABLE_INVALID. */
export function checkBinSize(binSize: number): void {
  if (Number.isInteger(binSize) && binSize >= 1 && binSize <= MOST_BINS) return;
  const reason = `a histogram of ${binSize} bins: expected a whole number of 1 to ${MOST_BINS}`;
  throw errors.DRIFT_TABLE_INVALID({ reason });
}

function newColumn(column: ColumnBatch): ProfiledColumn {
  return column.kind === "number" ? new NumericColumn() : new TextColumn();
}

function columnFrom(state: NumericColumnState | TextColumnState): ProfiledColumn {
  return state.kind === "number" ? NumericColumn.from(state) : TextColumn.from(state);
}

function addTo(name: string, known: ProfiledColumn, column: ColumnBatch): void {
  if (known.kind === "number" && column.kind === "number") known.add(column);
  else if (known.kind === "text" && column.kind === "text") known.add(column);
  else throw otherKind(name, known.kind);
}

function otherKind(name: string, kind: "number" | "text"): Error {
  const reason = `'${name}' held ${kind}s before and does not any more`;
  return errors.DRIFT_TABLE_INVALID({ reason });
}
