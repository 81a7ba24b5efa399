import {
  agentAlertConfig,
  agentEvalProfile,
  customProfile,
  isScouterError,
  MAX_PARAMETER_BYTES,
  MISSING_TEXT,
  psiProfile,
  spcProfile,
  type AgentEvalProfile,
  type DriftType,
  type DriftTypeWord,
  type JsonObject,
  type ProfileRequest,
} from "@scouter/contracts";
import { makeStorable, type RegisteredProfile } from "@scouter/database";
import {
  agentProfileProblems,
  customProfileProblems,
  parseSchedule,
  psiProfileProblems,
  refuseProblems,
  spcProfileProblems,
  type ProfileProblem,
} from "@scouter/drift";
import { validateTasksInTurns, type Vocabulary } from "@scouter/evaluate";
import type { z } from "zod";
import { errors } from "../../../errors.ts";
import { parseJson } from "../../../json/parse-json.ts";
import { isObject } from "../../../message/message-kind.ts";
import { turnsOfThread } from "../../../workers/turns-of-thread.ts";

export interface ReadProfile {
  readonly space: string;
  readonly name: string;
  /** The uid that the profile carries. */
  readonly uid: string;
  /** As sent, but for characters that no database can hold. */
  readonly profile: JsonObject;
}

interface CheckedProfile {
  readonly config: { readonly space: string; readonly name: string; readonly uid: string };
}

/**
 * The profile inside a request, with everything checked that a later run would stumble over.
 *
 * @throws (rejects with) `SERVER_PROFILE_INVALID`, `DRIFT_PROFILE_INVALID`, `EVALUATE_TASKS_INVALID`
 */
export async function readProfile(
  request: ProfileRequest,
  vocabulary: Vocabulary,
): Promise<ReadProfile> {
  const profile = makeStorable(parsedText(request.profile)).value;
  const { config } = await checkerOf[request.drift_type](profile, vocabulary);
  const space = config.space === MISSING_TEXT ? request.space : config.space;
  if (config.name === MISSING_TEXT || config.name === "") {
    throw errors.SERVER_PROFILE_INVALID({ problems: "'config.name': expected the profile's name" });
  }
  checkLength("config.name", config.name);
  checkLength("config.space", space);
  const owned = withOwner(profile, space);
  return {
    space,
    name: config.name,
    uid: config.uid,
    profile: withDriftType(owned, request.drift_type),
  };
}

/** A longer one could be stored, but never be asked for: parameters of a query hold no more. */
function checkLength(path: string, text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_PARAMETER_BYTES) return;
  const problems = `'${path}': it has ${bytes} bytes, expected at most ${MAX_PARAMETER_BYTES}`;
  throw errors.SERVER_PROFILE_INVALID({ problems });
}

/** Rejects with what registering it would reject with. */
export async function checkProfile(
  kind: DriftType,
  profile: JsonObject,
  vocabulary: Vocabulary,
): Promise<void> {
  await checkerOf[kind](profile, vocabulary);
}

const checkerOf: Readonly<
  Record<
    DriftType,
    (profile: JsonObject, vocabulary: Vocabulary) => CheckedProfile | Promise<CheckedProfile>
  >
> = {
  Spc: checker(spcProfile, spcProfileProblems),
  Psi: checker(psiProfile, psiProfileProblems),
  Custom: checker(customProfile, customProfileProblems),
  async Agent(given, vocabulary) {
    const profile: AgentEvalProfile = checker(agentEvalProfile, agentProfileProblems)(given);
    await validateTasksInTurns(profile.tasks, vocabulary, turnsOfThread());
    return profile;
  },
};

function checker<Profile extends CheckedProfile>(
  schema: z.ZodType<Profile>,
  problemsOf: (profile: Profile) => readonly ProfileProblem[],
) {
  return (given: JsonObject): Profile => {
    const parsed = schema.safeParse(given);
    if (!parsed.success) {
      const problems = parsed.error.issues.map(
        (issue) => `'${issue.path.map(String).join(".")}': ${issue.message}`,
      );
      throw errors.SERVER_PROFILE_INVALID({ problems: problems.join("; ") });
    }
    refuseProblems(parsed.data.config.name, problemsOf(parsed.data));
    return parsed.data;
  };
}

const RUNS_TOLD = 3;

/**
 * When the next windows of a stored profile end, RFC 3339; none when it names no schedule, as agents' may, or when its
 * schedule has ended.
 */
export function nextRuns({ profile }: RegisteredProfile, nowMs: number): string[] {
  const config = profile["config"];
  const alert = agentAlertConfig.safeParse(isObject(config) ? config["alert_config"] : undefined);
  const schedule = alert.success ? alert.data.schedule : undefined;
  if (schedule === undefined) return [];
  const timeZone = alert.success ? alert.data.time_zone : undefined;
  const slots = parseSchedule(schedule, { timeZone }).nextSlots(RUNS_TOLD, nowMs);
  return slots.map((slotMs) => new Date(slotMs).toISOString());
}

function parsedText(text: string): JsonObject {
  let profile: unknown;
  try {
    profile = parseJson(Buffer.from(text));
  } catch (cause) {
    const reason = isScouterError(cause) ? cause.message.replace("the body", "it") : String(cause);
    throw errors.SERVER_PROFILE_INVALID({ problems: reason }, { cause });
  }
  if (isObject(profile as JsonObject)) return profile as JsonObject;
  throw errors.SERVER_PROFILE_INVALID({ problems: "expected a JSON object" });
}

/** The profile in the space that was resolved, its keys in the order given. */
function withOwner(profile: JsonObject, space: string): JsonObject {
  const config = profile["config"];
  return isObject(config) ? { ...profile, config: { ...config, space } } : profile;
}

/** The profile with the kind that it names, if it names one, in another word. */
export function withDriftType(profile: JsonObject, word: DriftTypeWord): JsonObject {
  const config = profile["config"];
  if (!isObject(config) || !("drift_type" in config)) return profile;
  return { ...profile, config: { ...config, drift_type: word } };
}
