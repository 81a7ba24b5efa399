import { z } from "zod";
import { alertValue } from "./alert-list.ts";
import { distributionBin, driftDistribution } from "./drift-distribution.ts";

const count = z.number().int().min(0);

/** A bin of a PSI alert, by what it adds to the index. */
export const carrierBin = distributionBin
  .pick({ id: true, label: true, reference: true, current_count: true })
  .extend({
    /** Share of the window, 0..1. */
    current: z.number(),
    psi_term: z.number(),
    /** Of the index, 0..1. */
    share_of_psi: z.number(),
    /** Whether the window has more rows here than the baseline leads to expect. */
    direction: z.enum(["more", "fewer"]),
  });
export type CarrierBin = z.output<typeof carrierBin>;

/** The alert's feature in a window near the explained one. */
export const neighbourValue = alertValue.extend({
  /** Rows, points, values or evaluated records. */
  sample_size: count.nullable(),
});

/** `GET /scouter/v2/alerts/{id}/explanation`. */
export const alertExplanation = z.object({
  alert_id: z.number().int(),
  /** Baseline against window, as `GET /scouter/v2/drift/windows/{id}/distribution` gives it. */
  distribution: driftDistribution,
  /** What the verdict stands on, in sentences. */
  sentences: z.array(z.string()),
  /** Largest first; empty unless the alert is of PSI. */
  carriers: z.array(carrierBin),
  /** Values behind the baseline; null where the profile does not say. */
  reference_size: count.nullable(),
  window_size: count.nullable(),
  /** The windows before and after, the explained one among them, oldest first. */
  neighbours: z.array(neighbourValue),
});
export type AlertExplanation = z.output<typeof alertExplanation>;
