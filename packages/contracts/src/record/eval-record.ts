import { z } from "zod";
import { dateTime, int32, jsonValue } from "./scalar.ts";

export const evalRecordStatus = z.enum(["Pending", "Processing", "Processed", "Failed"]);
export type EvalRecordStatus = z.infer<typeof evalRecordStatus>;

export const recordSource = z.enum(["User", "Queue", "TraceDispatch"]);
export type RecordSource = z.infer<typeof recordSource>;

/**
 * One observation of an agent, as the wire carries it. The client numbers are accepted and ignored where the server
 * owns the truth (`id`, `entity_id`, `status`, `record_source`).
 */
export const evalRecord = z.object({
  record_id: z.string().default(""),
  session_id: z.string().default(""),
  created_at: dateTime,
  uid: z.string().min(1),
  context: jsonValue,
  id: z.number().int().default(0),
  updated_at: dateTime.nullish(),
  processing_started_at: dateTime.nullish(),
  processing_ended_at: dateTime.nullish(),
  processing_duration: int32.nullish(),
  entity_id: int32.default(0),
  entity_uid: z.string().min(1),
  status: evalRecordStatus.default("Pending"),
  /** `GenAI` is the earlier word for `Agent`. */
  entity_type: z
    .enum(["Feature", "Metric", "Agent", "GenAI"])
    .transform((word) => (word === "GenAI" ? "Agent" : word))
    .default("Agent"),
  retry_count: int32.default(0),
  trace_id: z
    .string()
    .regex(/^[0-9a-fA-F]{32}$/, "expected 32 hexadecimal digits")
    .nullish(),
  record_source: recordSource.default("User"),
  tags: z.array(z.string()).default([]),
});
export type EvalRecord = z.output<typeof evalRecord>;
export type EvalRecordInput = z.input<typeof evalRecord>;
