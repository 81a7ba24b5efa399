import { z } from "zod";
import { alertMap } from "../profile/alert-map.ts";
import { dateTime } from "../record/scalar.ts";
import { cellStatus } from "./drift-grid.ts";
import { attentionSeverity } from "./overview.ts";
import { profileReference } from "./profile-reference.ts";

const count = z.number().int().min(0);

/** `acknowledged`: somebody marked it as seen (`PUT /scouter/alerts`) while its cause goes on. */
export const alertStatus = z.enum(["active", "acknowledged", "resolved"]);
export type AlertStatus = z.output<typeof alertStatus>;

/** One alert from its opening to its end. */
export const alertItem = z.object({
  id: z.number().int(),
  severity: attentionSeverity,
  status: alertStatus,
  /** When it opened. */
  since: dateTime,
  resolved_at: dateTime.nullable(),
  profile: profileReference,
  /** Feature, metric, or the name of the agent's pass rate. */
  feature: z.string(),
  text: z.string(),
  /** What it said when it opened. */
  alert: alertMap,
  /** Of the newest window in which it was open; null where the kind has no such figure. */
  last_value: z.number().nullable(),
  threshold: z.number().nullable(),
  /** Windows in which it alerted. */
  windows: count,
  first_window_end: dateTime,
  last_window_end: dateTime,
  /** Null when the window is not stored any more. */
  first_window_id: z.number().int().nullable(),
  last_window_id: z.number().int().nullable(),
});
export type AlertItem = z.output<typeof alertItem>;

/** `GET /scouter/v2/alerts`: newest first by `since`, which is also what the range is of. */
export const alertItemPage = z.object({
  start: dateTime,
  end: dateTime,
  items: z.array(alertItem),
  next_cursor: z.string().nullable(),
});
export type AlertItemPage = z.output<typeof alertItemPage>;

export const alertEvent = z.object({
  at: dateTime,
  state: z.enum(["opened", "ongoing", "acknowledged", "resolved"]),
  window_id: z.number().int().nullable(),
});
export type AlertEvent = z.output<typeof alertEvent>;

/** A message that told of the alert, perhaps together with others of the same window. */
export const alertDelivery = z.object({
  status: z.enum(["pending", "sending", "delivered", "failed"]),
  created_at: dateTime,
  ended_at: dateTime.nullable(),
  last_error: z.string().nullable(),
  /** When it is tried again; null when it is not. */
  next_attempt_at: dateTime.nullable(),
  /** Oldest first. */
  attempts: z.array(
    z.object({
      at: dateTime,
      channel: z.string(),
      outcome: z.enum(["delivered", "failed"]),
      error: z.string().nullable(),
    }),
  ),
});
export type AlertDelivery = z.output<typeof alertDelivery>;

/** The alert's feature in one window. */
export const alertValue = z.object({
  window_id: z.number().int(),
  window_end: dateTime,
  status: cellStatus,
  value: z.number().nullable(),
  threshold: z.number().nullable(),
});
export type AlertValue = z.output<typeof alertValue>;

/** `GET /scouter/v2/alerts/{id}`. */
export const alertDetail = alertItem.extend({
  /** Oldest first. */
  timeline: z.array(alertEvent),
  /** Oldest first. Empty when nobody was told: the cool-down held. */
  deliveries: z.array(alertDelivery),
  /** Newest windows of the profile, oldest first. */
  recent_values: z.array(alertValue),
});
export type AlertDetail = z.output<typeof alertDetail>;
