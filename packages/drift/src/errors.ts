import { defineErrors } from "@scouter/contracts";

/** The package's error catalogue; see docs/reference/errors. */
export const errors = defineErrors({
  DRIFT_SCHEDULE_FIELDS: {
    kind: "invalid",
    message: (p: { text: string; fields: number }) =>
      `schedule '${p.text}' has ${p.fields} ${p.fields === 1 ? "field" : "fields"}: expected 5 (minute ...), 6 (second ...) or 7 (second ... year)`,
    remedy: "write 'second minute hour day-of-month month day-of-week', as '0 0 0 * * *' for daily",
  },
  DRIFT_SCHEDULE_FIELD: {
    kind: "invalid",
    message: (p: { text: string; field: string; given: string; allowed: string }) =>
      `schedule '${p.text}': '${p.given}' in the ${p.field} field, expected ${p.allowed}`,
    remedy: "correct the field; with 6 or 7 fields days of the week count from Sunday = 1",
  },
  DRIFT_SCHEDULE_NEVER: {
    kind: "invalid",
    message: (p: { text: string; reason: string }) =>
      `schedule '${p.text}' never comes: ${p.reason}`,
    remedy: "choose a day that its months have",
  },
  DRIFT_SCHEDULE_TIME_ZONE: {
    kind: "invalid",
    message: (p: { timeZone: string }) =>
      `time zone '${p.timeZone}' is not known: expected a name of the IANA list`,
    remedy: "write a name such as Europe/Berlin, or leave it out for UTC",
  },
  DRIFT_RULE_INVALID: {
    kind: "invalid",
    message: (p: { rule: string; reason: string }) =>
      `control chart rule '${p.rule}' ${p.reason}: expected 8 integers of 0 to 1000`,
    remedy: "write consecutive and alternating points of zones 1 to 4, as '8 16 4 8 2 4 1 1'",
  },
  DRIFT_CONDITION_INVALID: {
    kind: "invalid",
    message: (p: { metric: string; reason: string }) =>
      `alert condition of '${p.metric}': ${p.reason}`,
    remedy: "give a finite baseline and a delta of 0 or more, or none",
  },
  DRIFT_PROFILE_INVALID: {
    kind: "invalid",
    message: (p: { name: string; problems: readonly { path: string; message: string }[] }) =>
      `profile '${p.name}' cannot be used: ${p.problems.map(({ path, message }) => `${path}: ${message}`).join("; ")}`,
    remedy: "correct every problem listed and register the profile again",
  },
  DRIFT_PROFILE_NO_VALUES: {
    kind: "invalid",
    message: (p: { feature: string; need: number; got: number }) =>
      `no drift profile of feature '${p.feature}': ${p.got} usable values, expected at least ${p.need}`,
    remedy: "drop the feature or give rows in which it is a finite number or a text",
  },
  DRIFT_FEATURE_UNKNOWN: {
    kind: "invalid",
    message: (p: { feature: string; where: string; available: readonly string[] }) =>
      `feature '${p.feature}' of ${p.where} not found; available: ${p.available.join(", ")}`,
    remedy: "correct the name, or make the profile again with this feature",
  },
  DRIFT_BINS_INVALID: {
    kind: "invalid",
    message: (p: { feature: string; reason: string }) => `bins of '${p.feature}': ${p.reason}`,
    remedy:
      "make the profile again; bins have distinct ids and cover all numbers, or are categories",
  },
  DRIFT_TABLE_INVALID: {
    kind: "invalid",
    message: (p: { reason: string }) => `table of training data: ${p.reason}`,
    remedy: "give every feature one value per row; write null for a missing one",
  },
  DRIFT_CATEGORY_INVALID: {
    kind: "invalid",
    message: (p: { feature: string; given: string }) =>
      `category '${p.given}' of feature '${p.feature}': expected a text, or a number that fits 32 bits`,
    remedy: "give such categories as text",
  },
  DRIFT_CATEGORIES_TOO_MANY: {
    kind: "invalid",
    message: (p: { feature: string; most: number }) =>
      `feature '${p.feature}' has more than ${p.most} categories`,
    remedy: "leave the feature out, or give a coarser one: identifiers have no distribution",
  },
  DRIFT_METRICS_MISSING: {
    kind: "invalid",
    message: "a custom profile has no metric: expected at least one",
    remedy: "name a metric with its baseline and its condition",
  },
  DRIFT_CHECK_CRASHED: {
    kind: "internal",
    message: "the check ended with an unexpected error",
    remedy: "report it with the profile and the counts of the window",
  },
  DRIFT_OBSERVATION_INVALID: {
    kind: "invalid",
    message: (p: { name: string; reason: string }) => `observations of '${p.name}': ${p.reason}`,
    remedy: "check which client sends them, and whether it has this version of the profile",
  },
});
