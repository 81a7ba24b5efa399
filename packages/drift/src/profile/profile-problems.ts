import {
  type AgentEvalProfile,
  type CustomProfile,
  isScouterError,
  type PsiProfile,
  type SpcProfile,
} from "@scouter/contracts";
import { agentAlertSettings } from "../agent/check-agent.ts";
import { conditionProblem } from "../custom/alert-condition.ts";
import { errors } from "../errors.ts";
import { binsProblem } from "../psi/feature-bins.ts";
import { parseSchedule } from "../schedule/schedule.ts";
import { parseControlRule } from "../spc/control-rule.ts";

/** One thing that makes a profile unusable, and where it stands. */
export interface ProfileProblem {
  readonly path: string;
  readonly message: string;
}

/** Everything that a check of this profile would stumble over, found at registration instead. Empty: it is sound. */
export function psiProfileProblems(profile: PsiProfile): readonly ProfileProblem[] {
  const { alert_config } = profile.config;
  const bins = Object.entries(profile.features).flatMap(([name, feature]) => {
    const message = binsProblem(feature);
    return message === undefined ? [] : [{ path: `features.${name}.bins`, message }];
  });
  return [
    ...alertProblems(alert_config),
    ...nameProblems("features", profile.features),
    ...unknownFeatures(profile.features, alert_config.features_to_monitor),
    ...bins,
  ];
}

export function spcProfileProblems(profile: SpcProfile): readonly ProfileProblem[] {
  const { alert_config } = profile.config;
  return [
    ...alertProblems(alert_config),
    ...nameProblems("features", profile.features),
    ...unknownFeatures(profile.features, alert_config.features_to_monitor),
    ...thrown("config.alert_config.rule.rule", () => parseControlRule(alert_config.rule.rule)),
    ...Object.entries(profile.features).flatMap(([name, limits]) => {
      const { three_lcl, two_lcl, one_lcl, center, one_ucl, two_ucl, three_ucl } = limits;
      const ascending = [three_lcl, two_lcl, one_lcl, center, one_ucl, two_ucl, three_ucl];
      const sound = ascending.every((limit, i) => i === 0 || limit >= (ascending[i - 1] as number));
      const message = "its limits do not ascend from three_lcl over center to three_ucl";
      return sound ? [] : [{ path: `features.${name}`, message }];
    }),
  ];
}

export function customProfileProblems(profile: CustomProfile): readonly ProfileProblem[] {
  const { alert_config } = profile.config;
  const empty = Object.keys(profile.metrics).length === 0;
  const conditions = Object.entries(alert_config.alert_conditions ?? {});
  return [
    ...alertProblems(alert_config),
    ...nameProblems("metrics", profile.metrics),
    ...(empty ? [{ path: "metrics", message: "expected at least one metric" }] : []),
    ...conditions.flatMap(([name, condition]) => {
      const isMetric = Object.hasOwn(profile.metrics, name);
      const message = isMetric ? conditionProblem(condition) : NO_METRIC;
      const path = `config.alert_config.alert_conditions.${name}`;
      return message === undefined ? [] : [{ path, message }];
    }),
  ];
}

/** Of an agent profile's alert configuration; its tasks are checked elsewhere. */
export function agentProfileProblems(profile: AgentEvalProfile): readonly ProfileProblem[] {
  const path = "config.alert_config";
  const shape = thrown(path, () => agentAlertSettings(profile));
  if (shape.length > 0) return shape;
  const settings = agentAlertSettings(profile);
  const condition = settings.alert_condition ?? undefined;
  const message = condition === undefined ? undefined : passRateProblem(condition);
  return [
    ...alertProblems(settings),
    ...(message === undefined ? [] : [{ path: `${path}.alert_condition`, message }]),
    ...Object.entries(settings.task_conditions ?? {}).flatMap(([task, ofTask]) => {
      const problem = taskIds(profile).has(task) ? passRateProblem(ofTask) : NO_TASK;
      return problem === undefined
        ? []
        : [{ path: `${path}.task_conditions.${task}`, message: problem }];
    }),
  ];
}

function taskIds({ tasks }: AgentEvalProfile): ReadonlySet<string> {
  return new Set(Object.values(tasks).flatMap((bucket = []) => bucket.map(({ id }) => id)));
}

function passRateProblem(condition: Parameters<typeof conditionProblem>[0]): string | undefined {
  const { baseline_value: baseline } = condition;
  if (baseline >= 0 && baseline <= 1) return conditionProblem(condition);
  return `baseline ${baseline} is no pass rate: expected 0 to 1`;
}

/** Throws DRIFT_PROFILE_INVALID with every problem, or does nothing when there is none. */
export function refuseProblems(name: string, problems: readonly ProfileProblem[]): void {
  if (problems.length > 0) throw errors.DRIFT_PROFILE_INVALID({ name, problems });
}

/** What every kind of profile says about its schedule and its alerts. */
function alertProblems(config: {
  readonly schedule?: string | undefined;
  readonly time_zone?: string | undefined;
  readonly persistence?: { readonly hits: number; readonly of: number } | undefined;
}): readonly ProfileProblem[] {
  const { schedule, time_zone: timeZone, persistence } = config;
  const path = "config.alert_config";
  const message = `${persistence?.hits} hits of ${persistence?.of} windows never come: expected hits of at most the windows`;
  const isReachable = persistence === undefined || persistence.hits <= persistence.of;
  return [
    ...(schedule === undefined
      ? []
      : thrown(`${path}.schedule`, () => parseSchedule(schedule, { timeZone }))),
    ...(isReachable ? [] : [{ path: `${path}.persistence`, message }]),
  ];
}

const NO_TASK = "it is not among the profile's tasks";
const NO_METRIC = "it is not among the profile's metrics";
/** What an index of the database holds in one entry, with room to spare. */
const MOST_NAME_BYTES = 1000;

function nameProblems(
  path: "features" | "metrics",
  named: Readonly<Record<string, unknown>>,
): readonly ProfileProblem[] {
  return Object.keys(named).flatMap((name) => {
    const bytes = Buffer.byteLength(name);
    if (bytes > 0 && bytes <= MOST_NAME_BYTES) return [];
    const message = `the name '${name.slice(0, 40)}' has ${bytes} bytes, expected 1 to ${MOST_NAME_BYTES}`;
    return [{ path, message }];
  });
}

function unknownFeatures(
  features: Readonly<Record<string, unknown>>,
  monitored: readonly string[],
): readonly ProfileProblem[] {
  return monitored
    .filter((feature) => !Object.hasOwn(features, feature))
    .map((feature) => ({
      path: "config.alert_config.features_to_monitor",
      message: `'${feature}' is not among the profile's features`,
    }));
}

function thrown(path: string, call: () => unknown): readonly ProfileProblem[] {
  try {
    call();
    return [];
  } catch (error) {
    if (!isScouterError(error)) throw error;
    return [{ path, message: error.message }];
  }
}
