import { z } from "zod";
import { spcAlertKind } from "../profile/alert-map.ts";
import { alertZone } from "../profile/spc-profile.ts";
import { dateTime } from "../record/scalar.ts";
import { driftWindow, driftWindowStatus } from "./drift-window.ts";
import { profileReference, profileStatus } from "./profile-reference.ts";

const count = z.number().int().min(0);

/**
 * How a feature stands in a window. `failed`: the feature, or its whole window, could not be computed. `pending`: the
 * window is due or under way. `skipped`: the window was passed over when the server caught up.
 */
export const cellStatus = z.enum([
  "ok",
  "alert",
  "no_data",
  "too_few_samples",
  "failed",
  "pending",
  "skipped",
]);
export type CellStatus = z.output<typeof cellStatus>;

/** A drift profile and how it stands. */
export const driftProfile = profileReference.extend({
  status: profileStatus,
  created_at: dateTime,
  /** Cron text; null when the profile names none. */
  schedule: z.string().nullable(),
  time_zone: z.string(),
  /** Why the schedule cannot be read. */
  schedule_error: z.string().nullable(),
  /** End of the next window; null when none is to come. */
  next_window_end: dateTime.nullable(),
  /**
   * Windows a month that alarm at most, on average, when nothing drifts. Null where the profile promises no rate: other
   * kinds than distributions, the form `reference`, features without `baseline_count`.
   */
  expected_false_alarms_month: z.number().nullable(),
  /** Features or metrics that are watched. */
  features: count,
  /** Of the newest window that ended, done or failed; `pending` when there was none. */
  worst_status: cellStatus,
  /** The window that `worst_status` is of. */
  last_window: z.object({ id: z.number().int(), window_end: dateTime }).nullable(),
  /** Newest window of the range that counted a value; null when there is none. */
  last_measured: z.object({ id: z.number().int(), window_end: dateTime }).nullable(),
  /** Features of that newest window by status. */
  feature_counts: z.object({
    ok: count,
    alert: count,
    no_data: count,
    too_few_samples: count,
    failed: count,
  }),
  open_alerts: count,
  /** Windows that end in the range; `alerting` are among `done`. */
  windows: z.object({ done: count, alerting: count, failed: count }),
});
export type DriftProfile = z.output<typeof driftProfile>;

/** `GET /scouter/v2/drift/profiles`: newest profile first. */
export const driftProfilePage = z.object({
  start: dateTime,
  end: dateTime,
  items: z.array(driftProfile),
  next_cursor: z.string().nullable(),
});
export type DriftProfilePage = z.output<typeof driftProfilePage>;

/** A rule of a control chart that fired. */
export const firedRule = z.object({ kind: spcAlertKind, zone: alertZone });
export type FiredRule = z.output<typeof firedRule>;

/** The figures are null where there are none: no data, or a kind of profile that has no such figure. */
const measure = {
  status: cellStatus,
  /** PSI: the index. Custom: the mean of the metric. Agent: the mean pass rate. SPC: the mean of the points. */
  value: z.number().nullable(),
  /** The limit that held in this very window, so for PSI it varies with the sample size. */
  threshold: z.number().nullable(),
  /** Rows, points, values or evaluated records. */
  sample_size: count.nullable(),
  /** How many samples the method needs; of `too_few_samples` only. */
  needed: count.nullable(),
  /** SPC only. */
  rules: z.array(firedRule),
};

export const gridCell = z.object(measure);
export type GridCell = z.output<typeof gridCell>;

export const gridWindow = z.object({
  id: z.number().int(),
  window_start: dateTime,
  window_end: dateTime,
  status: driftWindowStatus,
  alerting: z.boolean(),
  /** How often it was computed again. */
  revised: count,
  /** Of a skipped row: how many windows it stands for. */
  skipped_windows: count,
  last_error: z.string().nullable(),
});
export type GridWindow = z.output<typeof gridWindow>;

export const gridRow = z.object({
  name: z.string(),
  /** Shown windows in which it alerted. */
  alerts: count,
  /** One per window, in the order of `windows`; null where the window did not look at the feature. */
  cells: z.array(gridCell.nullable()),
});
export type GridRow = z.output<typeof gridRow>;

/** `GET /scouter/v2/drift/grid`. */
export const driftGrid = z.object({
  start: dateTime,
  end: dateTime,
  profile: profileReference,
  /** As of the list of profiles. */
  expected_false_alarms_month: z.number().nullable(),
  /** The newest ones that end in the range, oldest first. */
  windows: z.array(gridWindow),
  /** True when the range has older windows too. */
  windows_truncated: z.boolean(),
  /** Most alerts first, then by name. */
  features: z.array(gridRow),
  /** How many there are; `features` may show fewer. */
  features_total: count,
});
export type DriftGrid = z.output<typeof driftGrid>;

/** A feature in a window. */
export const windowFeature = z.object({
  name: z.string(),
  ...measure,
  /** Null unless the method has one. */
  p_value: z.number().nullable(),
  adjusted_p_value: z.number().nullable(),
  /** Of `failed`: why. */
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type WindowFeature = z.output<typeof windowFeature>;

/** `GET /scouter/v2/drift/windows/{id}`. */
export const driftWindowDetail = driftWindow.omit({ result: true, profile_uid: true }).extend({
  profile: profileReference,
  alerting: z.boolean(),
  /** Sorted by name; of a window that is not done those of the profile. */
  features: z.array(windowFeature),
  /** Alerts that were open in this window. */
  alerts: z.array(
    z.object({ id: z.number().int(), feature: z.string(), opened_here: z.boolean() }),
  ),
  previous_id: z.number().int().nullable(),
  next_id: z.number().int().nullable(),
});
export type DriftWindowDetail = z.output<typeof driftWindowDetail>;
