import { CoMoments, type CoMomentsState } from "@scouter/stats";
import { errors } from "../errors.ts";
import { codesOf } from "../table/category-codes.ts";
import type { ColumnBatch, TableBatch } from "../table/column-batch.ts";

/** What takes part: numbers as they are, texts by the number of their category in sorted order. */
export type CorrelatedColumn =
  | { readonly kind: "number"; readonly isConstant: boolean }
  | {
      readonly kind: "text";
      readonly isConstant: boolean;
      /** Undefined when there are too many: the column has no correlations then. */
      readonly categories: readonly string[] | undefined;
    };

export interface ColumnCorrelationsState {
  readonly names: readonly string[];
  readonly moments: CoMomentsState;
}

/** Pearson's correlation of every pair of columns, over the rows in which both have a value. */
export class ColumnCorrelations {
  readonly names: readonly string[];
  readonly #moments: CoMoments;
  readonly #codes: ReadonlyMap<string, ReadonlyMap<string, number>>;

  constructor(columns: ReadonlyMap<string, CorrelatedColumn> | ColumnCorrelationsState) {
    if ("moments" in columns) {
      this.names = columns.names;
      this.#moments = new CoMoments(columns.moments);
      this.#codes = new Map();
      return;
    }
    const codes = new Map<string, ReadonlyMap<string, number>>();
    this.names = [...columns].flatMap(([name, column]) => {
      if (column.kind === "number") return [name];
      if (column.categories === undefined) return [];
      codes.set(name, new Map(Object.entries(codesOf(column.categories))));
      return [name];
    });
    this.#codes = codes;
    this.#moments = new CoMoments(this.names.length);
  }

  /** Rows, each once, all of them of the columns that were named at the beginning. */
  add(batch: TableBatch): void {
    this.#moments.add(this.names.map((name) => this.#numbersOf(name, batch.get(name))));
  }

  /** What other rows have shown. Their texts must have the same numbers. */
  merge(other: ColumnCorrelations): void {
    this.#moments.merge(other.#moments);
  }

  /** By the other column's name; null where there is none. Null altogether for a column that takes no part. */
  of(name: string, isConstant: (name: string) => boolean): Record<string, number | null> | null {
    const own = this.names.indexOf(name);
    if (own < 0) return null;
    const entries = this.names.flatMap((other, i) => {
      if (i === own) return [];
      // Rounding gives a constant column a spread of its own.
      const exists = !isConstant(name) && !isConstant(other);
      const value = exists ? this.#moments.correlation(own, i) : NaN;
      return [[other, Number.isFinite(value) ? value : null] as const];
    });
    return Object.fromEntries(entries);
  }

  state(): ColumnCorrelationsState {
    return { names: this.names, moments: this.#moments.state() };
  }

  #numbersOf(name: string, column: ColumnBatch | undefined): Float64Array {
    if (column === undefined) {
      throw errors.DRIFT_TABLE_INVALID({ reason: `'${name}' is missing from a batch` });
    }
    if (column.kind === "number") return column.values;
    const codes = this.#codes.get(name);
    const numbers = new Float64Array(column.values.length);
    for (const [i, text] of column.values.entries()) {
      numbers[i] = text === null ? NaN : (codes?.get(text) ?? NaN);
    }
    return numbers;
  }
}
