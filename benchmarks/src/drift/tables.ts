import type { TableSource } from "@scouter/tabular";
import { seededRandom } from "@scouter/stats";

/** Columns of normal values, the same for the same seed. */
export function normalColumns(
  rows: number,
  columns: number,
  seed: number,
): Record<string, Float64Array> {
  const table: Record<string, Float64Array> = {};
  for (let column = 0; column < columns; column += 1) {
    const values = new Float64Array(rows);
    fillNormal(values, seed * 1000 + column);
    table[`feature_${column}`] = values;
  }
  return table;
}

const BATCH_ROWS = 8192;
const POOL_BATCHES = 8;

/** Rows that come batch by batch and are nowhere as a whole: a few batches, again and again, so that reading costs nothing. */
export function streamedNormals(rows: number, columns: number, seed: number): TableSource {
  const names = Array.from({ length: columns }, (_, i) => `feature_${i}`);
  const pool = Array.from({ length: POOL_BATCHES }, (_, i) =>
    normalColumns(BATCH_ROWS, columns, seed + i),
  );
  return {
    columns: names.map((name) => ({ name, kind: "number" })),
    leftOut: [],
    rows: undefined,
    isColumnwise: false,
    async *batches(asked) {
      await Promise.resolve();
      for (let start = 0, turn = 0; start < rows; start += BATCH_ROWS, turn += 1) {
        const from = pool[turn % POOL_BATCHES] as Record<string, Float64Array>;
        const size = Math.min(BATCH_ROWS, rows - start);
        yield new Map(
          asked.map((name) => {
            const values = (from[name] as Float64Array).subarray(0, size);
            return [name, { kind: "number" as const, values, missing: 0 }] as const;
          }),
        );
      }
    },
    close: () => Promise.resolve(),
  };
}

/** Box and Muller: two normal values from two uniform ones. */
function fillNormal(values: Float64Array, seed: number): void {
  const random = seededRandom(seed);
  for (let i = 0; i < values.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    values[i] = radius * Math.cos(angle);
    if (i + 1 < values.length) values[i + 1] = radius * Math.sin(angle);
  }
}
