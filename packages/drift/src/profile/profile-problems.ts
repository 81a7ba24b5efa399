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
    ...scheduleProblems(alert_config),
    ...unknownFeatures(profile.features, alert_config.features_to_monitor),
    ...bins,
  ];
}

export function spcProfileProblems(profile: SpcProfile): readonly ProfileProblem[] {
  const { alert_config } = profile.config;
  return [
    ...scheduleProblems(alert_config),
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
    ...scheduleProblems(alert_config),
    ...(empty ? [{ path: "metrics", message: "expected at least one metric" }] : []),
    ...conditions.flatMap(([name, condition]) => {
      const message = conditionProblem(condition);
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
    ...scheduleProblems(settings),
    ...(message === undefined ? [] : [{ path: `${path}.alert_condition`, message }]),
  ];
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

function scheduleProblems(config: {
  readonly schedule?: string | undefined;
  readonly time_zone?: string | undefined;
}): readonly ProfileProblem[] {
  const { schedule, time_zone: timeZone } = config;
  if (schedule === undefined) return [];
  return thrown("config.alert_config.schedule", () => parseSchedule(schedule, { timeZone }));
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
