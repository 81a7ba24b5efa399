import { z } from "zod";
import { alertThreshold } from "../profile/alert-config.ts";
import { dateTime } from "../record/scalar.ts";
import { windowFeature } from "./drift-grid.ts";
import { profileReference } from "./profile-reference.ts";

const count = z.number().int().min(0);

const what = {
  profile: profileReference,
  window_id: z.number().int(),
  window_start: dateTime,
  window_end: dateTime,
  feature: windowFeature,
  /** True when the profile's body was replaced after the window was computed: the reference may be another one now. */
  profile_changed: z.boolean(),
};

/** It holds lower < value <= upper; a limit is null where the bin is open, and both are of a category. */
export const distributionBin = z.object({
  id: z.number().int(),
  label: z.string(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  /** Share of the baseline, 0..1. */
  reference: z.number(),
  /** Share of the window, 0..1, and its rows; null when the window has no figures of this bin. */
  current: z.number().nullable(),
  current_count: count.nullable(),
  /** What the bin adds to the index; null as `current`. */
  psi_term: z.number().nullable(),
});
export type DistributionBin = z.output<typeof distributionBin>;

export const psiDistribution = z.object({
  ...what,
  kind: z.literal("Psi"),
  bin_type: z.enum(["Numeric", "Category"]),
  /** Values that the reference was made of; null when the profile does not say. */
  reference_count: count.nullable(),
  bins: z.array(distributionBin),
  /** Rows of categories that the reference does not have. */
  unseen: z.object({ rows: count, share: z.number() }),
});
export type PsiDistribution = z.output<typeof psiDistribution>;

/** `zone`: -4..4, the zone of the control chart and the side it is on; 0 on the centre line. */
export const controlPoint = z.object({ at: dateTime, value: z.number(), zone: z.number().int() });
export type ControlPoint = z.output<typeof controlPoint>;

const band = z.object({ lower: z.number(), upper: z.number() });

export const spcDistribution = z.object({
  ...what,
  kind: z.literal("Spc"),
  centre: z.number(),
  /** Limits at 1, 2 and 3 sigma, in the feature's unit. */
  one_sigma: band,
  two_sigma: band,
  three_sigma: band,
  /** The window's points in the order of time, the newest of them when there are more than are shown. */
  points: z.array(controlPoint),
  points_total: count,
});
export type SpcDistribution = z.output<typeof spcDistribution>;

/** What a figure is held against; null when the profile sets no condition. */
const comparison = z
  .object({
    baseline: z.number(),
    alert_threshold: alertThreshold,
    delta: z.number().nullable(),
    /** Beyond these it alerts; null on the side that never does. */
    lower_limit: z.number().nullable(),
    upper_limit: z.number().nullable(),
  })
  .nullable();

export const customDistribution = z.object({
  ...what,
  kind: z.literal("Custom"),
  value: z.number().nullable(),
  /** Of the profile's metrics; null when it has none of this name. */
  baseline: z.number().nullable(),
  condition: comparison,
});
export type CustomDistribution = z.output<typeof customDistribution>;

export const agentDistribution = z.object({
  ...what,
  kind: z.literal("Agent"),
  value: z.number().nullable(),
  condition: comparison,
  /** By task id, skipped runs left out; gates are listed too. */
  tasks: z.array(z.object({ task_id: z.string(), passed: count, total: count })),
});
export type AgentDistribution = z.output<typeof agentDistribution>;

/** `GET /scouter/v2/drift/windows/{id}/distribution`. */
export const driftDistribution = z.discriminatedUnion("kind", [
  psiDistribution,
  spcDistribution,
  customDistribution,
  agentDistribution,
]);
export type DriftDistribution = z.output<typeof driftDistribution>;
