import type { TableMetadata } from "./action/action.ts";
import { errors } from "./errors.ts";

/** The properties of a table that this package acts on, in milliseconds and versions. */
export interface TableProperties {
  /** A removed file, and one that no commit names, stays at least this long; Delta's default is 7 days. */
  readonly deletedFileRetentionMs: number;
  /** Commit files stay at least this long; Delta's default is 30 days. */
  readonly logRetentionMs: number;
  /** Transaction marks stay at least this long after they last changed; for ever by default. */
  readonly transactionRetentionMs: number | undefined;
  /** A checkpoint is due at every so many versions; Delta's default is 10. */
  readonly checkpointInterval: number;
}

const DAY_MS = 86_400_000;

/** @throws DELTA_PROPERTY_INVALID */
export function tableProperties({ configuration }: TableMetadata): TableProperties {
  const duration = (name: string) =>
    configuration[name] === undefined ? undefined : durationOf(name, configuration[name]);
  return {
    deletedFileRetentionMs: duration("delta.deletedFileRetentionDuration") ?? 7 * DAY_MS,
    logRetentionMs: duration("delta.logRetentionDuration") ?? 30 * DAY_MS,
    transactionRetentionMs: duration("delta.setTransactionRetentionDuration"),
    checkpointInterval: intervalOf(configuration["delta.checkpointInterval"]),
  };
}

const UNITS_MS: Readonly<Record<string, number>> = {
  millisecond: 1,
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: DAY_MS,
  week: 7 * DAY_MS,
};

/** `interval 1 week`, `interval 2 days 12 hours`; months are refused, as they have no fixed length. */
function durationOf(name: string, text: string): number {
  const parts = text
    .trim()
    .toLowerCase()
    .replace(/^interval\s+/, "")
    .split(/\s+/);
  let sum = 0;
  for (let index = 0; index < parts.length; index += 2) {
    const count = Number(parts[index]);
    const unit = UNITS_MS[(parts[index + 1] ?? "").replace(/s$/, "")];
    if (!Number.isSafeInteger(count) || count < 0 || unit === undefined) {
      const allowed = "an interval such as 'interval 7 days' or 'interval 36 hours'";
      throw errors.DELTA_PROPERTY_INVALID({ name, value: text, allowed });
    }
    sum += count * unit;
  }
  return sum;
}

function intervalOf(text: string | undefined): number {
  const value = Number(text ?? 10);
  if (Number.isSafeInteger(value) && value > 0) return value;
  const name = "delta.checkpointInterval";
  throw errors.DELTA_PROPERTY_INVALID({ name, value: text ?? "", allowed: "a number above 0" });
}
