import { z } from "zod";
import { dateTime } from "../record/scalar.ts";

/** Cursor of the wire's record pages (1.7): strictly below (created_at, id) for `next`. */
export const recordCursor = z.object({ created_at: dateTime, id: z.number().int() });
export type RecordCursor = z.output<typeof recordCursor>;

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly has_next: boolean;
  readonly next_cursor: RecordCursor | null;
  readonly has_previous: boolean;
  readonly previous_cursor: RecordCursor | null;
}

export const evalRecordPaginationRequest = z.object({
  service_info: z.object({ space: z.string(), uid: z.string() }),
  status: z.enum(["All", "Pending", "Processing", "Processed", "Failed"]).nullish(),
  limit: z.number().int().min(1).max(1000).nullish(),
  cursor_created_at: dateTime.nullish(),
  cursor_id: z.number().int().nullish(),
  direction: z.string().nullish(),
  start_datetime: dateTime.nullish(),
  end_datetime: dateTime.nullish(),
});
export type EvalRecordPaginationRequest = z.output<typeof evalRecordPaginationRequest>;
