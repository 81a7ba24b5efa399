import { z } from "zod";
import { driftType } from "../profile/agent-profile.ts";
import { dateTime } from "../record/scalar.ts";

/** How one feature or metric fared in one window. */
export const driftFeatureStatus = z.enum(["ok", "alert", "insufficient-data", "no-data", "error"]);
export type DriftFeatureStatus = z.output<typeof driftFeatureStatus>;

/** The figures differ by kind of profile: `psi` and `threshold`, `codes`, `observed` and `count` ... */
export const driftFeatureResult = z.looseObject({
  /** Feature or metric. */
  name: z.string(),
  status: driftFeatureStatus,
});
export type DriftFeatureResult = z.output<typeof driftFeatureResult>;

/** What a window's computation found. */
export const driftResult = z.looseObject({
  kind: driftType,
  features: z.array(driftFeatureResult),
});
export type DriftResult = z.output<typeof driftResult>;

export const driftWindowStatus = z.enum(["due", "running", "done", "failed", "skipped"]);
export type DriftWindowStatus = z.output<typeof driftWindowStatus>;

/** One row of the ledger: what was received in window_start < t <= window_end. */
export const driftWindow = z.object({
  id: z.number().int(),
  profile_uid: z.string(),
  window_start: dateTime,
  window_end: dateTime,
  status: driftWindowStatus,
  /** Attempts that failed, or whose worker ended. */
  attempts: z.number().int(),
  /** Why the last attempt failed, or why it was skipped. */
  last_error: z.string().nullable(),
  /** How often it was computed again after it was done. */
  revised: z.number().int(),
  /** Of a skipped row: how many windows it stands for. */
  skipped_windows: z.number().int(),
  result: driftResult.nullable(),
  /** Values (for agents: evaluations) that the result counts; null before there is one. */
  observed: z.number().int().nullable(),
  /** Of the same window, but readable only after its result was computed: the result lacks them. */
  late: z.number().int(),
  started_at: dateTime.nullable(),
  ended_at: dateTime.nullable(),
});
export type DriftWindow = z.output<typeof driftWindow>;

export const driftWindowPage = z.object({
  items: z.array(driftWindow),
  next_cursor: z.string().nullable(),
});
export type DriftWindowPage = z.output<typeof driftWindowPage>;
