import { dateTime } from "@scouter/contracts";
import type { AttributeMatch, TraceQuery } from "@scouter/lake";
import { z } from "zod";
import { errors } from "../../../errors.ts";
import { nanosOfRfc3339 } from "./wire-time.ts";

export const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1000;

export const traceFilters = z.object({
  service_name: z.string().nullish(),
  has_errors: z.boolean().nullish(),
  status_code: z.number().int().nullish(),
  start_time: dateTime.nullish(),
  end_time: dateTime.nullish(),
  limit: z.number().int().min(1).max(MAX_LIMIT).nullish(),
  cursor_start_time: dateTime.nullish(),
  cursor_trace_id: z.string().nullish(),
  direction: z.string().nullish(),
  attribute_filters: z.array(z.string()).nullish(),
  trace_ids: z.array(z.string()).nullish(),
  entity_uid: z.string().nullish(),
  queue_uid: z.string().nullish(),
});
export type TraceFilters = z.output<typeof traceFilters>;

/**
 * The filters as the lake takes them. Ids that are not ids match nothing.
 *
 * @throws `SERVER_TRACE_ID_INVALID` for a cursor that is none
 */
export function traceQueryOf(filters: TraceFilters): TraceQuery {
  return defined({
    serviceName: filters.service_name,
    hasErrors: filters.has_errors,
    statusCode: filters.status_code,
    startTimeFrom: msOf(filters.start_time),
    startTimeTo: msOf(filters.end_time),
    traceIds: filters.trace_ids?.map((id) => id.toLowerCase()).filter(isHexTraceId),
    entityId: filters.entity_uid?.toLowerCase(),
    queueId: filters.queue_uid?.toLowerCase(),
    attributes: attributeMatchesOf(filters.attribute_filters),
    limit: filters.limit ?? DEFAULT_LIMIT,
    direction: filters.direction === "previous" ? "previous" : "next",
    cursor: cursorOf(filters),
  });
}

/**
 * `key:value` or `key=value`, whichever comes first; a colon before `//` is part of a key or text. What has neither is a
 * text that occurs in a span's name, service, scope or status message. Undefined when nothing is asked.
 */
export function attributeMatchesOf(
  filters: readonly string[] | null | undefined,
): readonly AttributeMatch[] | undefined {
  const matches = (filters ?? []).filter((filter) => filter !== "").map(attributeMatchOf);
  return matches.length === 0 ? undefined : matches;
}

function attributeMatchOf(filter: string): AttributeMatch {
  const match = /^(.+?)(?:=|:(?!\/\/))(.*)$/s.exec(filter);
  if (match === null) return { text: filter };
  const [, key = "", value = ""] = match;
  return { key, value };
}

/** @throws `SERVER_TRACE_ID_INVALID` */
export function checkedTraceId(given: string): string {
  const traceId = given.toLowerCase();
  if (!isHexTraceId(traceId)) throw errors.SERVER_TRACE_ID_INVALID({ given: given.slice(0, 64) });
  return traceId;
}

function isHexTraceId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

function cursorOf(filters: TraceFilters): TraceQuery["cursor"] {
  if (filters.cursor_start_time == null || filters.cursor_trace_id == null) return undefined;
  const startTimeUnixNano = nanosOfRfc3339(filters.cursor_start_time);
  if (startTimeUnixNano === undefined) return undefined;
  return { startTimeUnixNano, traceId: checkedTraceId(filters.cursor_trace_id) };
}

function msOf(time: string | null | undefined): number | undefined {
  const ms = Date.parse(time ?? "");
  return Number.isNaN(ms) ? undefined : ms;
}

/** Absent rather than undefined or null. */
function defined(fields: object): TraceQuery {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  ) as unknown as TraceQuery;
}
