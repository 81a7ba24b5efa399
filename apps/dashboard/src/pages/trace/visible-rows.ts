import { STATUS_ERROR, type TraceRows } from "./trace-rows.ts";

export interface RowChoice {
  /** Ids of spans whose subtree is folded. */
  readonly collapsed: ReadonlySet<string>;
  /** Only failed spans and those that lead to them. */
  readonly errorsOnly: boolean;
}

/** Rows that are on the list, top to bottom. */
export function visibleRows(rows: TraceRows, { collapsed, errorsOnly }: RowChoice): Int32Array {
  const visible: number[] = [];
  let row = 0;
  while (row < rows.count) {
    const failed = rows.status(row) === STATUS_ERROR || rows.errorsBelow(row) > 0;
    const isLeftOut = errorsOnly && !failed;
    if (!isLeftOut) visible.push(row);
    row = isLeftOut || collapsed.has(rows.spanId(row)) ? rows.endOfSubtree(row) : row + 1;
  }
  return Int32Array.from(visible);
}

/** Rows whose name or service has the text, in any case, or whose span id begins with it. */
export function matchingRows(rows: TraceRows, text: string): readonly number[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return [];
  const matches: number[] = [];
  // Names repeat a thousandfold in large traces.
  const known = new Map<string, boolean>();
  const has = (given: string) => {
    const before = known.get(given);
    if (before !== undefined) return before;
    const found = given.toLowerCase().includes(wanted);
    known.set(given, found);
    return found;
  };
  for (let row = 0; row < rows.count; row += 1) {
    if (has(rows.name(row)) || has(rows.service(row)) || rows.spanId(row).startsWith(wanted)) {
      matches.push(row);
    }
  }
  return matches;
}

/** Place of a row in a list of ascending rows; of the last one before it when it is not there, -1 when there is none. */
export function placeOf(visible: ArrayLike<number>, row: number): number {
  let low = 0;
  let high = visible.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((visible[middle] ?? 0) <= row) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The rows above a row in the tree, nearest first. */
export function ancestorsOf(rows: TraceRows, row: number): readonly number[] {
  const ancestors: number[] = [];
  for (let at = rows.parentRow(row); at !== -1; at = rows.parentRow(at)) ancestors.push(at);
  return ancestors;
}
