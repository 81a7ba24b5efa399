/** One row of a model's features, for a profile that watches distributions or control charts. */
export interface FeaturesItem {
  readonly kind: "features";
  /** Milliseconds since the epoch. */
  readonly createdAtMs: number;
  /** By feature name. Numbers for numeric features; for categories their text or number. Held by reference until sent. */
  readonly values: Readonly<Record<string, number | string | boolean | null | undefined>>;
}

/** One set of values of named metrics. */
export interface MetricsItem {
  readonly kind: "metrics";
  /** Milliseconds since the epoch. */
  readonly createdAtMs: number;
  /** By metric name, whatever the case. Held by reference until sent. */
  readonly values: Readonly<Record<string, number | null | undefined>>;
}

/** Makes a row for `ScouterQueue.insert`. Values that the profile does not watch, and those that are no number, are left out. */
export function features(values: FeaturesItem["values"]): FeaturesItem {
  return { kind: "features", createdAtMs: Date.now(), values };
}

/** As `features`, for metrics. */
export function metrics(values: MetricsItem["values"]): MetricsItem {
  return { kind: "metrics", createdAtMs: Date.now(), values };
}
