import { errors } from "../errors.ts";

export const MAX_PAGE_LIMIT = 1000;

/** @throws DATABASE_LIMIT_OUT_OF_RANGE unless 1..1000 */
export function checkedLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_PAGE_LIMIT) return limit;
  throw errors.DATABASE_LIMIT_OUT_OF_RANGE({ given: limit, max: MAX_PAGE_LIMIT });
}
