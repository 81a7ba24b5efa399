import { errors } from "../errors.ts";

/** Below this a pivot is rounding: the columns depend on each other. */
const LEAST_PIVOT = 1e-9;

/**
 * Ordinary least squares: the weights w that minimise the squares of `rows` w - `targets`, by the normal equations
 * (X'X) w = X'y and Gaussian elimination with partial pivoting. Cost: rows x columns^2. Good for a dozen columns of
 * similar size; a library would use a QR decomposition.
 *
 * @throws MODEL_DEMO_FIT_IMPOSSIBLE when a column is a combination of others, or there are no rows
 */
export function leastSquares(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
): readonly number[] {
  const columns = rows[0]?.length ?? 0;
  const equations = Array.from({ length: columns }, (_, i) => [
    ...Array.from({ length: columns }, (_unused, j) =>
      sumOver(rows, (row) => at(row, i) * at(row, j)),
    ),
    sumOver(rows, (row, index) => at(row, i) * at(targets, index)),
  ]);
  for (let column = 0; column < columns; column += 1) eliminate(equations, column, rows.length);
  return equations.map((equation, i) => at(equation, columns) / at(equation, i));
}

/** Makes `column` zero in every equation but its own. */
function eliminate(equations: number[][], column: number, rows: number): void {
  let pivot = column;
  for (let i = column + 1; i < equations.length; i += 1) {
    if (Math.abs(at(equations[i], column)) > Math.abs(at(equations[pivot], column))) pivot = i;
  }
  const own = equations[pivot] ?? [];
  if (Math.abs(at(own, column)) < LEAST_PIVOT) {
    throw errors.MODEL_DEMO_FIT_IMPOSSIBLE({ rows, columns: equations.length });
  }
  equations[pivot] = equations[column] ?? [];
  equations[column] = own;
  for (const [i, equation] of equations.entries()) {
    if (i === column) continue;
    const share = at(equation, column) / at(own, column);
    for (let j = column; j < own.length; j += 1) equation[j] = at(equation, j) - share * at(own, j);
  }
}

function sumOver<Item>(
  items: readonly Item[],
  term: (item: Item, index: number) => number,
): number {
  return items.reduce((sum, item, index) => sum + term(item, index), 0);
}

function at(values: readonly number[] | undefined, index: number): number {
  return values?.[index] ?? 0;
}
