import { spreadOut } from "./spread-out.ts";

/** One task to be placed. */
export interface LayoutTask {
  readonly id: string;
  /** 0 for tasks that wait for none; larger than that of every task it depends on. */
  readonly stage: number;
  readonly dependsOn: readonly string[];
  readonly heightPx: number;
}

export interface TaskPlace {
  readonly id: string;
  /** Left edge and centre line. */
  readonly x: number;
  readonly centreY: number;
  readonly heightPx: number;
}

export interface EdgeRoute {
  readonly from: string;
  readonly to: string;
  /** From the right side of `from` to the left side of `to`; x never falls. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface TaskLayout {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly places: readonly TaskPlace[];
  readonly routes: readonly EdgeRoute[];
}

export const TASK_WIDTH_PX = 212;
const COLUMN_GAP_PX = 100;
const GAP_PX = 16;
const BEND_HEIGHT_PX = 10;
const ORDER_SWEEPS = 6;
const PLACE_SWEEPS = 4;

/** A task, or the place where an edge passes a stage in which it does not end. */
interface Item {
  readonly stage: number;
  readonly heightPx: number;
  readonly before: Item[];
  readonly after: Item[];
  rank: number;
  y: number;
}

/**
 * Tasks from left to right by stage. Edges over several stages go around the tasks in between; within a stage the order
 * and the heights follow the neighbours, so that few edges cross (barycentre method of Sugiyama, Tagawa and Toda, 1981).
 * The same tasks give the same layout. Names in `dependsOn` that are no task of an earlier stage are left out.
 */
export function layOutTasks(tasks: readonly LayoutTask[]): TaskLayout {
  const items = new Map(
    tasks.map(({ id, stage, heightPx }) => [id, newItem(stage, heightPx)] as const),
  );
  const chains = tasks.flatMap(({ id, dependsOn }) =>
    [...new Set(dependsOn)].flatMap((from) => {
      const [start, end] = [items.get(from), items.get(id)];
      if (start === undefined || end === undefined || start.stage >= end.stage) return [];
      return [{ from, to: id, chain: chainBetween(start, end) }];
    }),
  );
  const columns = columnsOf([
    ...items.values(),
    ...chains.flatMap(({ chain }) => chain.slice(1, -1)),
  ]);
  order(columns);
  place(columns);
  const all = columns.flat();
  const top = Math.min(0, ...all.map((item) => item.y - item.heightPx / 2));
  for (const item of all) item.y -= top;
  return {
    widthPx: columns.length === 0 ? 0 : leftOf(columns.length - 1) + TASK_WIDTH_PX,
    heightPx: all.reduce((most, item) => Math.max(most, item.y + item.heightPx / 2), 0),
    places: tasks.flatMap(({ id, heightPx }) => {
      const item = items.get(id);
      return item === undefined ? [] : [{ id, x: leftOf(item.stage), centreY: item.y, heightPx }];
    }),
    routes: chains.map(({ from, to, chain }) => ({ from, to, points: pointsOf(chain) })),
  };
}

function newItem(stage: number, heightPx: number): Item {
  return { stage, heightPx, before: [], after: [], rank: 0, y: 0 };
}

function chainBetween(start: Item, end: Item): readonly Item[] {
  const bends = Array.from({ length: end.stage - start.stage - 1 }, (_, at) =>
    newItem(start.stage + at + 1, BEND_HEIGHT_PX),
  );
  const chain = [start, ...bends, end];
  for (const [at, item] of chain.entries()) {
    const next = chain[at + 1];
    if (next === undefined) continue;
    item.after.push(next);
    next.before.push(item);
  }
  return chain;
}

function columnsOf(items: readonly Item[]): Item[][] {
  const count = items.reduce((most, { stage }) => Math.max(most, stage + 1), 0);
  const columns: Item[][] = Array.from({ length: count }, () => []);
  for (const item of items) columns[item.stage]?.push(item);
  return columns;
}

/** Tasks without any neighbour go last, where they are in nobody's way. */
function order(columns: Item[][]): void {
  const isAlone = ({ before, after }: Item) => before.length + after.length === 0;
  for (const column of columns) rerank(column, (item) => (isAlone(item) ? Infinity : item.rank));
  for (let sweep = 0; sweep < ORDER_SWEEPS; sweep++) {
    const forward = sweep % 2 === 0;
    for (const column of forward ? columns : columns.toReversed()) {
      rerank(column, (item) => {
        if (isAlone(item)) return Infinity;
        const neighbours = forward ? item.before : item.after;
        return mean(neighbours.map(({ rank }) => rank)) ?? item.rank;
      });
    }
  }
}

/** Ranks are shares of the column, so that short and long columns compare. */
function rerank(column: Item[], key: (item: Item) => number): void {
  const keys = new Map(column.map((item) => [item, key(item)]));
  // Equal keys keep their order; Infinity less Infinity would be no number.
  const compare = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1);
  column.sort((a, b) => compare(keys.get(a) ?? 0, keys.get(b) ?? 0));
  for (const [at, item] of column.entries()) item.rank = (at + 0.5) / column.length;
}

function place(columns: readonly Item[][]): void {
  for (const column of columns) spread(column, () => 0);
  for (let sweep = 0; sweep < PLACE_SWEEPS; sweep++) {
    const forward = sweep % 2 === 1;
    for (const column of forward ? columns : columns.toReversed()) {
      spread(column, (item) => {
        const neighbours = forward ? item.before : item.after;
        return mean(neighbours.map(({ y }) => y)) ?? item.y;
      });
    }
  }
}

function spread(column: readonly Item[], wishOf: (item: Item) => number): void {
  const centres = spreadOut(
    column.map((item) => ({ wish: wishOf(item), size: item.heightPx })),
    GAP_PX,
  );
  for (const [at, item] of column.entries()) item.y = centres[at] ?? 0;
}

function mean(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function leftOf(stage: number): number {
  return stage * (TASK_WIDTH_PX + COLUMN_GAP_PX);
}

function pointsOf(chain: readonly Item[]): EdgeRoute["points"] {
  return chain.flatMap((item, at) => {
    const left = { x: leftOf(item.stage), y: item.y };
    const right = { x: leftOf(item.stage) + TASK_WIDTH_PX, y: item.y };
    if (at === 0) return [right];
    return at === chain.length - 1 ? [left] : [left, right];
  });
}
