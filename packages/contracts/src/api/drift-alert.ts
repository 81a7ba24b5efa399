import { z } from "zod";
import { alertMap } from "../profile/alert-map.ts";
import { dateTime } from "../record/scalar.ts";
import { recordCursor } from "./page.ts";

/** A stored alert. */
export const driftAlert = z.object({
  created_at: dateTime,
  /** Feature or metric. */
  entity_name: z.string(),
  alert: alertMap,
  id: z.number().int(),
  active: z.boolean(),
});
export type DriftAlert = z.output<typeof driftAlert>;

export const driftAlertPaginationRequest = z.object({
  /** The profile's. */
  uid: z.string(),
  /** Both when absent. */
  active: z.boolean().nullish(),
  limit: z.number().int().min(1).max(1000).nullish(),
  cursor_created_at: dateTime.nullish(),
  cursor_id: z.number().int().nullish(),
  direction: z.string().nullish(),
  start_datetime: dateTime.nullish(),
  end_datetime: dateTime.nullish(),
});
export type DriftAlertPaginationRequest = z.output<typeof driftAlertPaginationRequest>;

export const driftAlertPage = z.object({
  items: z.array(driftAlert),
  has_next: z.boolean(),
  next_cursor: recordCursor.nullable(),
  has_previous: z.boolean(),
  previous_cursor: recordCursor.nullable(),
});

export const updateAlertRequest = z.object({
  id: z.number().int(),
  active: z.boolean(),
  space: z.string(),
});
export type UpdateAlertRequest = z.output<typeof updateAlertRequest>;
