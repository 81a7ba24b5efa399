import { z } from "zod";
import { evalRecord } from "./eval-record.ts";
import { dateTime, int32 } from "./scalar.ts";

/** One value of a feature that a control chart watches. `uid` is the profile's, here and below. */
export const spcRecord = z.object({
  created_at: dateTime,
  uid: z.string(),
  feature: z.string(),
  value: z.number(),
  entity_id: int32.default(0),
});
/** How many values fell into one bin of a feature. */
export const psiRecord = z.object({
  created_at: dateTime,
  uid: z.string(),
  feature: z.string(),
  bin_id: int32,
  bin_count: int32.min(0),
  entity_id: int32.default(0),
});
/** One value of a metric. */
export const customMetricRecord = z.object({
  created_at: dateTime,
  uid: z.string(),
  metric: z.string(),
  value: z.number(),
  entity_id: int32.default(0),
});

/** Externally tagged: exactly one key, the kind. */
export const serverRecord = z.union([
  z.object({ AgentEval: z.object({ record: evalRecord }) }),
  z.object({ Spc: spcRecord }),
  z.object({ Psi: psiRecord }),
  z.object({ Custom: customMetricRecord }),
]);
export type ServerRecord = z.output<typeof serverRecord>;
export type ServerRecordInput = z.input<typeof serverRecord>;

/** Names of the kinds this version knows, in the wire's spelling. */
export const serverRecordKinds = ["AgentEval", "Spc", "Psi", "Custom"] as const;
export type ServerRecordKind = (typeof serverRecordKinds)[number];

export const tagRecord = z.object({
  entity_type: z.string().min(1),
  entity_id: z.string().min(1),
  key: z.string().min(1),
  value: z.string(),
});
export type TagRecord = z.output<typeof tagRecord>;
