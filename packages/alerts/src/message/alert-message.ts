import { alertMap, dispatchConfig, driftType } from "@scouter/contracts";
import { z } from "zod";

/**
 * - `trigger`: something drifted.
 * - `resolve`: one alert is over; only for channels that keep incidents.
 * - `test`: somebody tries the channel out.
 * - `regression`: an offline run got worse than its baseline, or nothing is known of it; `text` says what.
 */
export const alertEvent = z.enum(["trigger", "resolve", "test", "regression"]);
export type AlertEvent = z.output<typeof alertEvent>;

/** What is told of one window: which profile, when, and its alerts. Kept in the outbox, so fields are only added. */
export const alertMessage = z.object({
  /** `trigger` in messages that were stored before there were others. */
  event: alertEvent.default("trigger"),
  space: z.string(),
  name: z.string(),
  version: z.string(),
  profile_uid: z.string(),
  drift_type: driftType,
  window_end: z.string(),
  /** Absent in tests, and in messages that were stored before it was kept. */
  window_id: z.number().int().optional(),
  /** Of a regression or a built-in alert: what is told. `run`: the server's number of the run. */
  text: z.string().optional(),
  run: z.number().int().optional(),
  /** The rule, when the server watches itself: then `text` says what is amiss, and nothing drifted. */
  built_in: z.string().optional(),
  /** The same for the opening and the end of one alert; absent when the message tells of several at once. */
  incident_key: z.string().optional(),
  /** `alert` is `None` when no data came, and in `resolve`. */
  alerts: z.array(z.object({ entity_name: z.string(), alert: alertMap })),
  dispatch_config: dispatchConfig,
});
export type AlertMessage = z.output<typeof alertMessage>;
