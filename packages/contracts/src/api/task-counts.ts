import { z } from "zod";

const count = z.number().int().min(0);

/** How tasks ended. Sums over records leave gates out of passed, failed and errored; skipped holds them too. */
export const taskCounts = z.object({
  passed: count,
  failed: count,
  errored: count,
  skipped: count,
});
export type TaskCounts = z.output<typeof taskCounts>;

/**
 * passed / (passed + failed + errored), with the 95 % Wilson interval of that proportion; all three null when nothing
 * was counted: a gap, never 0.
 */
export const passRate = z.object({
  pass_rate: z.number().min(0).max(1).nullable(),
  lower: z.number().min(0).max(1).nullable(),
  upper: z.number().min(0).max(1).nullable(),
});
export type PassRate = z.output<typeof passRate>;
