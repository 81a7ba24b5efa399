import type { TableProperties } from "@scouter/delta";
import { errors } from "../errors.ts";

/** What a process does that depends on how long files and commits stay which the newest version does not need. */
export interface HorizonUse {
  /** A read may take a snapshot that was confirmed so long ago; and a refresh may be late by as much again. */
  readonly refreshIntervalMs: number;
  /** And then it may run for so long. */
  readonly queryLimitMs: number;
}

/**
 * Refuses a table whose owner lets files or commits go that a read here may still need.
 *
 * @throws LAKE_HORIZON_TOO_SHORT
 */
export function checkHorizon(
  table: string,
  properties: Pick<TableProperties, "deletedFileRetentionMs" | "logRetentionMs">,
  { refreshIntervalMs, queryLimitMs }: HorizonUse,
): void {
  const leastMs = 2 * refreshIntervalMs + queryLimitMs;
  const refuse = (property: string, givenMs: number) => {
    if (givenMs >= leastMs) return;
    throw errors.LAKE_HORIZON_TOO_SHORT({ table, property, givenMs, leastMs, refreshIntervalMs });
  };
  refuse("delta.deletedFileRetentionDuration", properties.deletedFileRetentionMs);
  refuse("delta.logRetentionDuration", properties.logRetentionMs);
}
