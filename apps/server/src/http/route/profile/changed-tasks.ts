import { agentEvalProfile } from "@scouter/contracts";
import type { RegisteredProfile } from "@scouter/database";
import { changedMeanings } from "@scouter/evaluate";

/**
 * What a registered profile's tasks mean here and did not mean where their form comes from; empty for profiles of other
 * kinds.
 */
export function changedTasks({ driftType, profile }: RegisteredProfile): readonly string[] {
  if (driftType !== "Agent") return [];
  const parsed = agentEvalProfile.safeParse(profile);
  return parsed.success ? changedMeanings(parsed.data.tasks).map(({ message }) => message) : [];
}
