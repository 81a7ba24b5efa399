import { z } from "zod";
import { profileSummary } from "../profile/profile-api.ts";
import { passRate, taskCounts } from "./task-counts.ts";

const count = z.number().int().min(0);
const { pass_rate } = passRate.shape;

const profileFeature = z.object({ profile_uid: z.string(), name: z.string() });
/** A feature or metric, by its profile. */
export type ProfileFeature = z.output<typeof profileFeature>;

const evaluatedProfile = profileSummary.extend({
  records_evaluated: count,
  tasks: taskCounts,
  /** As the summary's, of this profile alone. */
  pass_rate,
});
/** A profile with what its evaluation found so far. */
export type EvaluatedProfile = z.output<typeof evaluatedProfile>;

/** Reply of `GET /scouter/v2/summary`: everything that is stored, of all time, counted. */
export const summary = z.object({
  spans: count,
  traces: count,
  error_spans: count,
  records: z.object({ pending: count, processing: count, processed: count, failed: count }),
  tasks: taskCounts,
  /** Passed over counted tasks, 0..1; null while nothing was evaluated. */
  pass_rate,
  /** Alerts that are to be looked at, and all that were stored. */
  alerts: z.object({ active: count, total: count }),
  /** Drift windows by status. */
  windows: z.object({ due: count, running: count, done: count, failed: count, skipped: count }),
  /** Features and metrics in the newest window of their profile that measured something. */
  features: z.object({
    drifted: z.array(profileFeature).readonly(),
    stable: z.array(profileFeature).readonly(),
  }),
  profiles: z.array(evaluatedProfile).readonly(),
});
export type Summary = z.output<typeof summary>;
