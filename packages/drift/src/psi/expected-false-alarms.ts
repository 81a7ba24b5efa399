import type { PsiProfile } from "@scouter/contracts";
import { ownValue } from "../table/own-value.ts";

/**
 * How many windows of a month alarm at most, on average, when nothing drifts: null when the profile makes no such
 * promise, because its form is the reference's, its threshold fixed, or a monitored feature has no `baseline_count`.
 *
 * Each window alarms with a probability of alpha at most (corrected over its features), or of 1 - (1 - alpha)^F without
 * a correction over F features. With a persistence of k of n windows, this window and k - 1 of the n - 1 before it must
 * alarm. A floor on the effect (`min_effect`) lowers the number further, by how much nobody can say beforehand.
 */
export function expectedFalseAlarms(profile: PsiProfile, windowsAMonth: number): number | null {
  const { alert_config: config } = profile.config;
  const { threshold, form, false_discovery: correction, persistence } = config;
  const monitored = [...new Set(config.features_to_monitor)];
  if (form !== "calibrated" || "Fixed" in threshold || monitored.length === 0) return null;
  const isCounted = monitored.every(
    (name) => ownValue(profile.features, name)?.baseline_count !== undefined,
  );
  if (!isCounted) return null;
  const alpha = "Normal" in threshold ? threshold.Normal.alpha : threshold.ChiSquare.alpha;
  const single = correction === "none" ? 1 - (1 - alpha) ** monitored.length : alpha;
  const { hits, of } = persistence ?? { hits: 1, of: 1 };
  return windowsAMonth * single * atLeast(hits - 1, of - 1, single);
}

/** P(X >= least) for X binomial over `trials`. */
function atLeast(least: number, trials: number, probability: number): number {
  let term = (1 - probability) ** trials;
  let below = 0;
  for (let hits = 0; hits < least; hits += 1) {
    below += term;
    term *= ((trials - hits) / (hits + 1)) * (probability / (1 - probability));
  }
  return Math.max(0, 1 - below);
}
