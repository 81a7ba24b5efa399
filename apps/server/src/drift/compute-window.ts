import {
  agentEvalProfile,
  customProfile,
  type DriftFeatureResult,
  type DriftResult,
  psiProfile,
  spcProfile,
} from "@scouter/contracts";
import type { ClaimedWindow } from "@scouter/database";
import {
  agentAlertRows,
  type AlertRow,
  checkAgent,
  checkAgentTasks,
  checkCustom,
  checkPsi,
  checkSpc,
  customAlertRows,
  lookBackPoints,
  parseControlRule,
  psiAlertRows,
  spcAlertRows,
  type SpcPoints,
} from "@scouter/drift";
import type { z } from "zod";
import { errors } from "../errors.ts";
import type { WindowData } from "./window-data.ts";

export interface ComputedWindow {
  readonly result: DriftResult;
  /** Values (for agents: evaluations) that the result counts. */
  readonly observed: number;
  /** What the window alerts about, by itself: what happened before decides what becomes of it. */
  readonly rows: readonly AlertRow[];
}

interface WindowToCompute extends Pick<ClaimedWindow, "startMs" | "endMs"> {
  readonly profile: Pick<ClaimedWindow["profile"], "uid" | "driftType" | "profile">;
}

/**
 * Reads a window's data and checks it by the profile's kind.
 *
 * @throws `SERVER_DRIFT_PROFILE_UNREADABLE`, `DRIFT_*` when nothing of the profile can be checked, or what the data's
 *   source rejects with; one feature that cannot be checked is a result of its own
 */
export function computeWindow(window: WindowToCompute, data: WindowData): Promise<ComputedWindow> {
  switch (window.profile.driftType) {
    case "Psi":
      return computePsi(window, data);
    case "Spc":
      return computeSpc(window, data);
    case "Custom":
      return computeCustom(window, data);
    case "Agent":
      return computeAgent(window, data);
  }
}

async function computePsi(window: WindowToCompute, data: WindowData): Promise<ComputedWindow> {
  const profile = parsed(psiProfile, window);
  const counts = await data.psiBinCounts(window.profile.uid, window);
  const { form, features } = checkPsi(profile, counts);
  return {
    result: { kind: "Psi", form, features: features.map(named) },
    observed: total(counts.values(), (bins) => total(bins.values(), Number)),
    rows: psiAlertRows({ form, features }),
  };
}

async function computeSpc(window: WindowToCompute, data: WindowData): Promise<ComputedWindow> {
  const profile = parsed(spcProfile, window);
  const { uid } = window.profile;
  const before = lookBackPoints(parseControlRule(profile.config.alert_config.rule.rule));
  const [inside, earlier] = await Promise.all([
    data.spcValues(uid, window),
    data.lastSpcValues(uid, window.startMs, before),
  ]);
  const points = new Map(
    [...inside].map(([feature, values]): [string, SpcPoints] => [
      feature,
      { window: values, before: earlier.get(feature) ?? [] },
    ]),
  );
  const check = checkSpc(profile, points);
  return {
    result: { kind: "Spc", features: check.features.map(named) },
    observed: total(inside.values(), ({ length }) => length),
    rows: spcAlertRows(check),
  };
}

async function computeCustom(window: WindowToCompute, data: WindowData): Promise<ComputedWindow> {
  const profile = parsed(customProfile, window);
  const tallies = await data.customTallies(window.profile.uid, window);
  const check = checkCustom(profile, tallies);
  return {
    result: { kind: "Custom", features: check.metrics.map(named) },
    observed: total(tallies.values(), ({ count }) => count),
    rows: customAlertRows(check),
  };
}

async function computeAgent(window: WindowToCompute, data: WindowData): Promise<ComputedWindow> {
  const profile = parsed(agentEvalProfile, window);
  const { passRates, byTask } = await data.agentTallies(window.profile.uid, window);
  const check = checkAgent(profile, passRates);
  const tasks = checkAgentTasks(profile, byTask);
  return {
    result: { kind: "Agent", features: [check, ...tasks].map(named) },
    observed: passRates.count,
    rows: agentAlertRows(check, tasks),
  };
}

function total<Item>(items: Iterable<Item>, countOf: (item: Item) => number): number {
  let sum = 0;
  for (const item of items) sum += countOf(item);
  return sum;
}

type Named = { readonly status: DriftFeatureResult["status"] } & (
  | { readonly feature: string }
  | { readonly metric: string }
);

/** One shape for features and metrics. */
function named(checked: Named): DriftFeatureResult {
  if ("feature" in checked) {
    const { feature: name, ...rest } = checked;
    return { name, ...rest };
  }
  const { metric: name, ...rest } = checked;
  return { name, ...rest };
}

function parsed<Schema extends z.ZodType>(
  schema: Schema,
  { profile }: WindowToCompute,
): z.output<Schema> {
  const result = schema.safeParse(profile.profile);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    (issue) => `'${issue.path.map(String).join(".")}': ${issue.message}`,
  );
  throw errors.SERVER_DRIFT_PROFILE_UNREADABLE({
    kind: profile.driftType,
    uid: profile.uid,
    problems: problems.join("; "),
  });
}
