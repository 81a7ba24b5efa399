import { alertMap, dispatchConfig, driftType } from "@scouter/contracts";
import { z } from "zod";

/**
 * - `trigger`: something drifted.
 * - `resolve`: one alert is over; only for channels that keep incidents.
 * - `test`: somebody tries the channel out.
 * - `report`: an offline run has an outcome that somebody asked to be told of; `report` says it.
 */
export const alertEvent = z.enum(["trigger", "resolve", "test", "report"]);
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
  /** The same for the opening and the end of one alert; absent when the message tells of several at once. */
  incident_key: z.string().optional(),
  /** `alert` is `None` when no data came, and in `resolve`. */
  alerts: z.array(z.object({ entity_name: z.string(), alert: alertMap })),
  dispatch_config: dispatchConfig,
  /** With the event `report`. */
  report: z.object({ title: z.string(), text: z.string() }).optional(),
});
export type AlertMessage = z.output<typeof alertMessage>;
