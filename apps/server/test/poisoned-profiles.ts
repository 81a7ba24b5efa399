import type { DriftType, Json } from "@scouter/contracts";

/** What is wrong, with which kind of profile, where, with which value (undefined: left out), and what the refusal says. */
export type PoisonedProfile = readonly [
  what: string,
  kind: DriftType,
  path: string,
  value: Json | undefined,
  says: string,
];

const alert = "config.alert_config";
const bin = "features.delay.bins";
const condition = `${alert}.alert_conditions.mae`;
const LONG = "x".repeat(10_000);
const NO_PARTITION = "features.delay.bins: its bins do not reach from -inf to inf";
const THRESHOLDS = 'expected {"Normal": {alpha}}, {"ChiSquare": {alpha}} with 0 <= alpha < 1';

const spc: readonly PoisonedProfile[] = [
  ["no centre", "Spc", "features.delay.center", undefined, "'features.delay.center'"],
  ["no rule", "Spc", `${alert}.rule`, undefined, "'config.alert_config.rule'"],
  ["no size", "Spc", "config.sample_size", undefined, "'config.sample_size'"],
  ["no version of its maker", "Spc", "scouter_version", undefined, "'scouter_version'"],
  ["a limit as text", "Spc", "features.delay.center", "5", "expected number, received string"],
  ["a null limit", "Spc", "features.delay.three_ucl", null, "'features.delay.three_ucl'"],
  ["half a row", "Spc", "config.sample_size", 2.5, "expected int"],
  ["an absurd size", "Spc", "config.sample_size", 1e308, "'config.sample_size'"],
  ["a list of features", "Spc", "features", [], "expected record, received array"],
  ["limits out of order", "Spc", "features.delay.one_ucl", -1e9, "its limits do not ascend"],
  ["a rule in words", "Spc", `${alert}.rule.rule`, "often", "expected 8 integers of 0 to 1000"],
  ["an absurd rule", "Spc", `${alert}.rule.rule`, "8 16 4 8 2 4 1 99999", "has '99999'"],
  ["an unknown zone", "Spc", `${alert}.rule.zones_to_monitor`, ["Zone9"], "zones_to_monitor.0'"],
  ["a strange feature", "Spc", `${alert}.features_to_monitor`, ["gone"], "'gone' is not among"],
];

const psi: readonly PoisonedProfile[] = [
  ["no bins", "Psi", bin, undefined, "'features.delay.bins'"],
  ["empty bins", "Psi", bin, [], "features.delay.bins: the profile has no bins for it"],
  ["no proportion", "Psi", `${bin}.0.proportion`, undefined, "bins.0.proportion'"],
  ["a null proportion", "Psi", `${bin}.0.proportion`, null, "received null"],
  ["a proportion above 1", "Psi", `${bin}.0.proportion`, 2, "expected number to be <=1"],
  ["proportions of no whole", "Psi", `${bin}.0.proportion`, 0.9, "add up to 1.8"],
  ["a null limit", "Psi", `${bin}.1.lower_limit`, null, NO_PARTITION],
  ["a limit in words", "Psi", `${bin}.1.lower_limit`, "low", "expected a number, 'inf', '-inf'"],
  ["bins out of order", "Psi", `${bin}.1.lower_limit`, 1e6, NO_PARTITION],
  ["an id beyond 32 bits", "Psi", `${bin}.0.id`, 3e9, "bins.0.id'"],
  ["one id twice", "Psi", `${bin}.0.id`, 2, "two of its bins have one id"],
  ["an unknown type", "Psi", "features.delay.bin_type", "Fuzzy", '"Numeric"|"Category"'],
  ["an unknown threshold", "Psi", `${alert}.threshold`, { Gauss: { alpha: 0.05 } }, THRESHOLDS],
  [
    "alpha 1",
    "Psi",
    `${alert}.threshold`,
    { ChiSquare: { alpha: 1 } },
    "threshold.ChiSquare.alpha'",
  ],
  ["a negative threshold", "Psi", `${alert}.threshold`, { Fixed: { threshold: -1 } }, ">=0"],
  ["an unknown binning", "Psi", "config.binning_strategy", { Magic: {} }, "QuantileBinning"],
  ["an empty baseline", "Psi", "features.delay.baseline_count", 0, "baseline_count'"],
];

const custom: readonly PoisonedProfile[] = [
  ["no metrics", "Custom", "metrics", undefined, "'metrics'"],
  ["empty metrics", "Custom", "metrics", {}, "metrics: expected at least one metric"],
  ["a null baseline", "Custom", "metrics.mae", null, "'metrics.mae'"],
  ["a baseline as text", "Custom", `${condition}.baseline_value`, "2", "mae.baseline_value'"],
  ["an unknown direction", "Custom", `${condition}.alert_threshold`, "Sideways", '"Below"|"Above"'],
  ["a negative delta", "Custom", `${condition}.delta`, -1, "delta -1 is not a number of 0 or more"],
  ["a lost condition", "Custom", "metrics", { mse: 2 }, "not among the profile's metrics"],
  [
    "an unknown channel",
    "Custom",
    `${alert}.dispatch_config`,
    { Pager: {} },
    '{"Slack": {channel}}',
  ],
  ["a metric without name", "Custom", "metrics", { "": 1, mae: 2 }, "the name '' has 0 bytes"],
  [
    "an absurd metric",
    "Custom",
    "metrics",
    { [LONG]: 1, mae: 2 },
    "has 10000 bytes, expected 1 to",
  ],
];

const pass = { baseline_value: 0.9, alert_threshold: "Below" };
const agent: readonly PoisonedProfile[] = [
  ["no tasks", "Agent", "tasks", undefined, "'tasks'"],
  ["no list of judges", "Agent", "tasks.judge", undefined, "'tasks.judge'"],
  ["a share above 1", "Agent", "config.sample_ratio", 7, "'config.sample_ratio'"],
  [
    "a percentage",
    "Agent",
    alert,
    { alert_condition: { ...pass, baseline_value: 80 } },
    "expected 0 to 1",
  ],
  [
    "a null baseline",
    "Agent",
    alert,
    { alert_condition: { ...pass, baseline_value: null } },
    "baseline_value",
  ],
  [
    "an unknown operator",
    "Agent",
    "tasks.assertion.0.operator",
    "Alike",
    "unknown operator 'Alike'",
  ],
  ["a circle of tasks", "Agent", "tasks.assertion.0.depends_on", ["is_short"], "is_short"],
  ["a task as text", "Agent", "tasks.assertion.0", "has_answer", "'tasks.assertion.0'"],
];

const kinds: readonly DriftType[] = ["Spc", "Psi", "Custom", "Agent"];
const everyKind = kinds.flatMap((kind): readonly PoisonedProfile[] => [
  ["no config", kind, "config", undefined, "'config'"],
  ["text for a config", kind, "config", "x", "expected object, received string"],
  ["an empty name", kind, "config.name", "", "'config.name': expected the profile's name"],
  ["a number for a name", kind, "config.name", 5, "'config.name'"],
  [
    "an absurd name",
    kind,
    "config.name",
    LONG,
    "'config.name': it has 10000 bytes, expected at most 200",
  ],
  ["an absurd space", kind, "config.space", LONG, "'config.space': it has 10000 bytes"],
]);

export const poisonedProfiles: readonly PoisonedProfile[] = [
  ...spc,
  ...psi,
  ...custom,
  ...agent,
  ...everyKind,
];

/** What a profile says about its schedule and its alerts, of any kind; and what the refusal says. */
export const poisonedAlerts: readonly (readonly [string, Json, string])[] = [
  ["a schedule in words", { schedule: "hourly" }, "has 1 field: expected 5 (minute ...), 6"],
  ["an empty schedule", { schedule: "" }, "has 0 fields"],
  ["four fields", { schedule: "0 0 0 *" }, "has 4 fields"],
  ["eight fields", { schedule: "0 0 0 * * * * *" }, "has 8 fields"],
  [
    "a minute past the hour",
    { schedule: "0 61 * * * *" },
    "'61' in the minute field, expected 0-59",
  ],
  [
    "weekday 0",
    { schedule: "0 0 0 * * 0" },
    "'0' in the day-of-week field, expected 1-7 or SUN-SAT",
  ],
  ["month 13", { schedule: "0 0 0 1 13 *" }, "in the month field, expected 1-12 or JAN-DEC"],
  ["a range turned round", { schedule: "0 0 0 * * FRI-MON" }, "expected a range from the lower"],
  ["a step of 0", { schedule: "0 */0 * * * *" }, "expected a step of 1 to 59"],
  ["? for a second", { schedule: "? * * * * *" }, "'?' in the second field"],
  ["an empty list item", { schedule: "0 1,, * * * *" }, "in the minute field"],
  ["the last day, spelled L", { schedule: "0 0 0 L * *" }, "'L' in the day-of-month field"],
  ["a year of the past", { schedule: "0 0 0 1 1 * 1969" }, "in the year field, expected 1970-2100"],
  [
    "a day that never comes",
    { schedule: "0 0 0 31 2 *" },
    "never comes: none of its months has a day 31",
  ],
  ["a number for a schedule", { schedule: 5 }, "expected string, received number"],
  [
    "a zone on no map",
    { time_zone: "Europe/Atlantis" },
    "time zone 'Europe/Atlantis' is not known",
  ],
  ["an unknown catch-up", { catch_up: "some" }, '"all"|"latest"'],
  ["a negative cool-down", { cool_down_seconds: -1 }, "cool_down_seconds"],
  ["more hits than windows", { persistence: { hits: 3, of: 2 } }, "3 hits of 2 windows never come"],
  ["an absurd memory", { persistence: { hits: 1, of: 1e9 } }, "persistence.of"],
];
