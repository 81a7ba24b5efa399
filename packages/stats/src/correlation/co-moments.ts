/** Sums of products around the means, for every pair of columns; rows in which either is not finite do not count. */
export interface CoMomentsState {
  readonly columns: number;
  /** By pair (i, j), i < j, in the order (0,1), (0,2), (1,2), (0,3) ... */
  readonly counts: Float64Array;
  readonly meansOfFirst: Float64Array;
  readonly meansOfSecond: Float64Array;
  readonly squaresOfFirst: Float64Array;
  readonly squaresOfSecond: Float64Array;
  readonly products: Float64Array;
}

/** Columns of this many rows stay in the processor's cache while each is paired with the others. */
const BLOCK_ROWS = 4096;

/**
 * Correlations of rows that come in parts, in memory that depends on the number of columns alone. Parts merge in any
 * order and grouping, up to rounding (Chan, Golub and LeVeque 1979, for products).
 */
export class CoMoments {
  readonly #state: CoMomentsState;

  constructor(columns: number | CoMomentsState) {
    this.#state = typeof columns === "number" ? emptyState(columns) : structuredClone(columns);
  }

  /** Takes in rows: one array for each column, all of one length. */
  add(columns: readonly Float64Array[]): void {
    const rows = columns[0]?.length ?? 0;
    for (let start = 0; start < rows; start += BLOCK_ROWS) {
      this.#addBlock(columns.map((column) => column.subarray(start, start + BLOCK_ROWS)));
    }
  }

  #addBlock(columns: readonly Float64Array[]): void {
    const centred = columns.map(centre);
    for (let second = 1; second < centred.length; second += 1) {
      const b = centred[second] as CentredColumn;
      for (let first = 0; first < second; first += 1) {
        const a = centred[first] as CentredColumn;
        this.#merge(pairIndex(first, second), a.isWhole && b.isWhole ? whole(a, b) : partial(a, b));
      }
    }
  }

  merge(other: CoMoments): void {
    const { counts } = this.#state;
    for (let pair = 0; pair < counts.length; pair += 1) {
      const from = other.#state;
      this.#merge(pair, {
        count: from.counts[pair] as number,
        meanOfFirst: from.meansOfFirst[pair] as number,
        meanOfSecond: from.meansOfSecond[pair] as number,
        squaresOfFirst: from.squaresOfFirst[pair] as number,
        squaresOfSecond: from.squaresOfSecond[pair] as number,
        products: from.products[pair] as number,
      });
    }
  }

  /**
   * Pearson's correlation of two different columns, -1 to 1: over the rows in which both are finite. NaN when there are
   * fewer than two, or one of the columns is constant in them.
   */
  correlation(a: number, b: number): number {
    const pair = pairIndex(Math.min(a, b), Math.max(a, b));
    const { squaresOfFirst, squaresOfSecond, products } = this.#state;
    const spread =
      Math.sqrt(squaresOfFirst[pair] as number) * Math.sqrt(squaresOfSecond[pair] as number);
    if (!(spread > 0)) return NaN;
    return Math.min(1, Math.max(-1, (products[pair] as number) / spread));
  }

  state(): CoMomentsState {
    return structuredClone(this.#state);
  }

  #merge(pair: number, part: PairMoments): void {
    if (part.count === 0) return;
    const own = this.#state;
    const before = own.counts[pair] as number;
    const count = before + part.count;
    const share = part.count / count;
    const first = part.meanOfFirst - (own.meansOfFirst[pair] as number);
    const second = part.meanOfSecond - (own.meansOfSecond[pair] as number);
    const weight = before * share;
    own.counts[pair] = count;
    plus(own.meansOfFirst, pair, first * share);
    plus(own.meansOfSecond, pair, second * share);
    plus(own.squaresOfFirst, pair, part.squaresOfFirst + first * first * weight);
    plus(own.squaresOfSecond, pair, part.squaresOfSecond + second * second * weight);
    plus(own.products, pair, part.products + first * second * weight);
  }
}

interface PairMoments {
  readonly count: number;
  readonly meanOfFirst: number;
  readonly meanOfSecond: number;
  readonly squaresOfFirst: number;
  readonly squaresOfSecond: number;
  readonly products: number;
}

interface CentredColumn {
  readonly mean: number;
  readonly squares: number;
  /** Differences from the mean. */
  readonly values: Float64Array;
  /** Whether every value is finite. */
  readonly isWhole: boolean;
}

function emptyState(columns: number): CoMomentsState {
  const pairs = () => new Float64Array((columns * (columns - 1)) / 2);
  return {
    columns,
    counts: pairs(),
    meansOfFirst: pairs(),
    meansOfSecond: pairs(),
    squaresOfFirst: pairs(),
    squaresOfSecond: pairs(),
    products: pairs(),
  };
}

function pairIndex(first: number, second: number): number {
  return (second * (second - 1)) / 2 + first;
}

function centre(values: Float64Array): CentredColumn {
  let [sum, count] = [0, 0];
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number;
    if (value - value !== 0) continue;
    sum += value;
    count += 1;
  }
  const mean = count === 0 ? 0 : sum / count;
  const centred = new Float64Array(values.length);
  let squares = 0;
  for (let i = 0; i < values.length; i += 1) {
    const difference = (values[i] as number) - mean;
    centred[i] = difference;
    if (difference - difference === 0) squares += difference * difference;
  }
  return { mean, squares, values: centred, isWhole: count === values.length };
}

function whole(a: CentredColumn, b: CentredColumn): PairMoments {
  const { values: x } = a;
  const { values: y } = b;
  let products = 0;
  for (let i = 0; i < x.length; i += 1) products += (x[i] as number) * (y[i] as number);
  return {
    count: x.length,
    meanOfFirst: a.mean,
    meanOfSecond: b.mean,
    squaresOfFirst: a.squares,
    squaresOfSecond: b.squares,
    products,
  };
}

/** Means over the rows that count differ from those of the columns; sums around the latter are corrected for that. */
function partial(a: CentredColumn, b: CentredColumn): PairMoments {
  let [count, sumX, sumY, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < a.values.length; i += 1) {
    const x = a.values[i] as number;
    const y = b.values[i] as number;
    const product = x * y;
    if (x - x !== 0 || y - y !== 0) continue;
    count += 1;
    sumX += x;
    sumY += y;
    xx += x * x;
    yy += y * y;
    xy += product;
  }
  const meanX = count === 0 ? 0 : sumX / count;
  const meanY = count === 0 ? 0 : sumY / count;
  return {
    count,
    meanOfFirst: a.mean + meanX,
    meanOfSecond: b.mean + meanY,
    squaresOfFirst: Math.max(0, xx - meanX * sumX),
    squaresOfSecond: Math.max(0, yy - meanY * sumY),
    products: xy - meanX * sumY,
  };
}

function plus(into: Float64Array, index: number, value: number): void {
  into[index] = (into[index] as number) + value;
}
