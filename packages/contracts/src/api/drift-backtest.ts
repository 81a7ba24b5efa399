import { z } from "zod";
import { alertMap } from "../profile/alert-map.ts";
import { dateTime, jsonValue } from "../record/scalar.ts";

export const MOST_BACKTEST_DAYS = 366;

export const driftBacktestRequest = z.object({
  /** The profile's. */
  uid: z.string().min(1),
  /** Stored data of this many days, up to now. */
  days: z.number().int().min(1).max(MOST_BACKTEST_DAYS).default(30),
  /** Fields of `config.alert_config` in place of the profile's own; null takes one away. */
  alert_config: z.record(z.string(), jsonValue).default({}),
});
export type DriftBacktestRequest = z.output<typeof driftBacktestRequest>;
export type DriftBacktestRequestInput = z.input<typeof driftBacktestRequest>;

const count = z.number().int();

/** One alert that would have opened. */
export const driftBacktestAlert = z.object({
  /** End of the window in which it opens. */
  window_end: dateTime,
  /** Feature or metric. */
  name: z.string(),
  /** Whether somebody would have been told: not within the cool-down of the last time. */
  told: z.boolean(),
  alert: alertMap,
});
export type DriftBacktestAlert = z.output<typeof driftBacktestAlert>;

/** What one configuration makes of the stored data. */
export const driftBacktestRun = z.object({
  schedule: z.string(),
  windows: count,
  /** Windows in which anything was observed. */
  windows_with_data: count,
  /** Windows in which a feature alarms by itself, before persistence and cool-down. */
  windows_alarming: count,
  /** At most, on average, when nothing drifts; null where the profile promises no rate. */
  expected_false_alarms_month: z.number().nullable(),
  /** In the order of time. */
  opened: z.array(driftBacktestAlert),
});
export type DriftBacktestRun = z.output<typeof driftBacktestRun>;

export const driftBacktest = z.object({
  uid: z.string(),
  /** Data received in from < t <= to. */
  from: dateTime,
  to: dateTime,
  current: driftBacktestRun,
  proposed: driftBacktestRun,
});
export type DriftBacktest = z.output<typeof driftBacktest>;
