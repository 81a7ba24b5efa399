import type { Page } from "@scouter/contracts";
import { sql, type RawBuilder } from "kysely";
import { checkedLimit } from "./limit.ts";
import { storableTime } from "./time.ts";

const DEFAULT_LIMIT = 50;
/** Stand for an absent `cursor_id`: everything strictly below, or above, the cursor's time. */
const LOWEST_ID = -1;
const HIGHEST_ID = Number.MAX_SAFE_INTEGER;

/** What the wire's page requests have in common; times are RFC 3339. */
export interface CursorRequest {
  readonly limit?: number | null | undefined;
  readonly cursor_created_at?: string | null | undefined;
  readonly cursor_id?: number | null | undefined;
  readonly direction?: string | null | undefined;
  readonly start_datetime?: string | null | undefined;
  readonly end_datetime?: string | null | undefined;
}

interface Item {
  readonly created_at: string;
  readonly id: number;
}

/** One page of the wire's record lists, planned before the query and cut after it. */
export interface CursorPage {
  /** Conditions on `table.created_at` and `table.id`, each beginning with `and`. */
  readonly conditions: RawBuilder<unknown>;
  readonly order: RawBuilder<unknown>;
  /** One row more than the page holds shows whether there is a further one. */
  readonly fetchLimit: number;
  cut<Row extends Item>(rows: readonly Row[]): Page<Row>;
}

/**
 * `next`: newest first, strictly below the cursor. `previous` (only that word is special): oldest first, strictly
 * above the cursor, then turned round, so every page reads newest first.
 */
export function cursorPage(request: CursorRequest, table: "r" | "w" | "a"): CursorPage {
  const limit = checkedLimit(request.limit ?? DEFAULT_LIMIT);
  const isPrevious = request.direction === "previous";
  const key = sql`(${sql.ref(`${table}.created_at`)}, ${sql.ref(`${table}.id`)})`;
  const hasCursor = request.cursor_created_at != null;
  const cursor = hasCursor ? cursorCondition(key, request, isPrevious) : sql``;
  const direction = isPrevious ? sql`asc` : sql`desc`;
  return {
    conditions: sql`${cursor} ${timeConditions(request, table)}`,
    order: sql`order by ${sql.ref(`${table}.created_at`)} ${direction},
      ${sql.ref(`${table}.id`)} ${direction}`,
    fetchLimit: limit + 1,
    cut: (rows) => cutPage(rows, { limit, isPrevious, hasCursor }),
  };
}

function cursorCondition(
  key: RawBuilder<unknown>,
  request: CursorRequest,
  isPrevious: boolean,
): RawBuilder<unknown> {
  const time = storableTime(request.cursor_created_at ?? "");
  const id = request.cursor_id ?? (isPrevious ? HIGHEST_ID : LOWEST_ID);
  const operator = isPrevious ? sql`>` : sql`<`;
  return sql`and ${key} ${operator} (${time}::timestamptz, ${id}::bigint)`;
}

function timeConditions(
  { start_datetime: start, end_datetime: end }: CursorRequest,
  table: string,
): RawBuilder<unknown> {
  const column = sql.ref(`${table}.created_at`);
  const from = start == null ? sql`` : sql`and ${column} >= ${storableTime(start)}::timestamptz`;
  const to = end == null ? sql`` : sql`and ${column} < ${storableTime(end)}::timestamptz`;
  return sql`${from} ${to}`;
}

interface Cut {
  readonly limit: number;
  readonly isPrevious: boolean;
  readonly hasCursor: boolean;
}

function cutPage<Row extends Item>(rows: readonly Row[], cut: Cut): Page<Row> {
  const hasMore = rows.length > cut.limit;
  const fetched = rows.slice(0, cut.limit);
  const items = cut.isPrevious ? fetched.toReversed() : fetched;
  const hasNext = cut.isPrevious ? cut.hasCursor : hasMore;
  const hasPrevious = cut.isPrevious ? hasMore : cut.hasCursor;
  return {
    items,
    has_next: hasNext,
    next_cursor: hasNext ? cursorOf(items.at(-1)) : null,
    has_previous: hasPrevious,
    previous_cursor: hasPrevious ? cursorOf(items[0]) : null,
  };
}

function cursorOf(item: Item | undefined): Item | null {
  return item === undefined ? null : { created_at: item.created_at, id: item.id };
}
