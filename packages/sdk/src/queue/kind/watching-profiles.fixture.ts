import type { CustomProfile, PsiProfile, SpcProfile } from "@scouter/contracts";

const owner = { space: "s", name: "n", version: "0.1.0", uid: "u", drift_type: undefined };
const alert = { schedule: "0 0 * * * *", dispatch_config: { Console: { enabled: true } } };
const timestamp = "2026-01-01T00:00:00Z";

const bin = (id: number, lower_limit: number | null, upper_limit: number | string | null) => ({
  id,
  lower_limit,
  upper_limit,
  proportion: 0.25,
});

/** `speed`: bins at 10, 20 and 30. `city`: two known categories, and a code for others. */
export function psiProfileFixture(): PsiProfile {
  return {
    features: {
      speed: {
        id: "speed",
        bins: [bin(1, null, 10), bin(2, 10, 20), bin(3, 20, 30), bin(4, 30, "inf")],
        timestamp,
        bin_type: "Numeric",
      },
      city: {
        id: "city",
        bins: [bin(0, null, null), bin(1, null, null), bin(2, null, null)],
        timestamp,
        bin_type: "Category",
      },
    },
    config: {
      ...owner,
      alert_config: { ...alert, features_to_monitor: [], threshold: { Fixed: { threshold: 0.1 } } },
      feature_map: { features: { city: { Oslo: 0, Rome: 1, missing: 2 } } },
      binning_strategy: { QuantileBinning: { num_bins: 4 } },
    },
    scouter_version: "0.1.0",
  };
}

export function spcProfileFixture(sampleSize = 3): SpcProfile {
  const chart = { center: 0, one_ucl: 1, one_lcl: -1, two_ucl: 2, two_lcl: -2 };
  const limits = { three_ucl: 3, three_lcl: -3, timestamp };
  return {
    features: {
      speed: { id: "speed", ...chart, ...limits },
      weight: { id: "weight", ...chart, ...limits },
    },
    config: {
      ...owner,
      sample_size: sampleSize,
      sample: true,
      alert_config: {
        ...alert,
        rule: { rule: "8 16 4 8 2 4 1 1", zones_to_monitor: ["Zone1"] },
        features_to_monitor: [],
      },
    },
    scouter_version: "0.1.0",
  };
}

export function customProfileFixture(sampleSize = 3): CustomProfile {
  return {
    config: {
      ...owner,
      sample_size: sampleSize,
      alert_config: { ...alert, alert_conditions: null },
    },
    metrics: { mae: 1, r2: 0.5 },
    scouter_version: "0.1.0",
  };
}
