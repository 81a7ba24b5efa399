import { z } from "zod";
import { dateTime } from "../record/scalar.ts";
import { profileReference } from "./profile-reference.ts";
import { taskCounts } from "./task-counts.ts";

const count = z.number().int().min(0);

/** What happened in a stretch of time. */
const activity = {
  /** Records whose results were stored. */
  records_evaluated: count,
  tasks: taskCounts,
  /** By the end of the window; `alerting` are those of `done` in which some feature alerted. */
  windows: z.object({ done: count, alerting: count, failed: count }),
  /** Alerts that opened. */
  alerts_fired: count,
};

/** start <= t < end. */
export const overviewBucket = z.object({ start: dateTime, end: dateTime, ...activity });
export type OverviewBucket = z.output<typeof overviewBucket>;

/** `critical`: something is not watched, or nobody was told. Alerts: by the priority that the profile's channel names, else `warning`. */
export const attentionSeverity = z.enum(["critical", "warning", "info"]);
export type AttentionSeverity = z.output<typeof attentionSeverity>;

export const attentionKind = z.enum([
  "alert",
  "dead-records",
  "failed-windows",
  "schedule-error",
  "undelivered-alerts",
  "no-data",
]);
export type AttentionKind = z.output<typeof attentionKind>;

/** Something that somebody should look at. */
export const attentionItem = z.object({
  kind: attentionKind,
  severity: attentionSeverity,
  /** When it began, as far as that is known; of a profile that never had data null. */
  since: dateTime.nullable(),
  profile: profileReference,
  text: z.string(),
  /** How many records, windows or messages it stands for; 1 for an alert. */
  count,
  /** What to open; null where it does not apply. The newest one where it stands for several. */
  target: z.object({
    alert_id: z.number().int().nullable(),
    window_id: z.number().int().nullable(),
    record_uid: z.string().nullable(),
  }),
});
export type AttentionItem = z.output<typeof attentionItem>;

/** `GET /scouter/v2/overview`. */
export const overview = z.object({
  start: dateTime,
  end: dateTime,
  bucket_seconds: z.number().positive(),
  /** As many as were asked for, without gaps, oldest first. */
  buckets: z.array(overviewBucket),
  totals: z.object({
    ...activity,
    /** Null when no task was counted. */
    pass_rate: z.number().nullable(),
  }),
  /** Alerts that are open and schedules that cannot be read now; the other kinds as far as they are of the range. */
  attention: z.array(attentionItem),
  /** True when there is more than `attention` shows. */
  attention_truncated: z.boolean(),
  delivery: z.object({
    /** Messages about alerts; `pending` now, those being sent included, the others ended in the range. */
    outbox: z.object({
      pending: count,
      delivered: count,
      failed: count,
      oldest_pending_at: dateTime.nullable(),
      oldest_pending_age_seconds: z.number().min(0).nullable(),
    }),
    /** Records that wait for evaluation or are under way. Counted up to `counted_up_to`. */
    records: z.object({
      pending: count,
      counted_up_to: count,
      oldest_pending_at: dateTime.nullable(),
      oldest_pending_age_seconds: z.number().min(0).nullable(),
    }),
  }),
  /** Null when there was none yet. */
  freshness: z.object({
    latest_record_received: dateTime.nullable(),
    latest_evaluation_finished: dateTime.nullable(),
    latest_window_computed: dateTime.nullable(),
  }),
});
export type Overview = z.output<typeof overview>;
