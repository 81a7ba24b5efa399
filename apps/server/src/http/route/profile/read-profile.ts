import {
  agentEvalProfile,
  isScouterError,
  MISSING_TEXT,
  type JsonObject,
  type ProfileRequest,
} from "@scouter/contracts";
import { makeStorable } from "@scouter/database";
import { validateTasks } from "@scouter/evaluate";
import { errors } from "../../../errors.ts";
import { parseJson } from "../../../json/parse-json.ts";
import { isObject } from "../../../message/message-kind.ts";

export interface ReadProfile {
  readonly space: string;
  readonly name: string;
  /** The uid that the profile carries. */
  readonly uid: string;
  /** As sent, but for characters that no database can hold. */
  readonly profile: JsonObject;
}

/**
 * The profile inside a request, with its tasks checked.
 *
 * @throws `SERVER_PROFILE_INVALID`, `SERVER_PROFILE_KIND_NOT_STORED`, `EVALUATE_TASKS_INVALID`
 */
export function readProfile(request: ProfileRequest): ReadProfile {
  if (request.drift_type !== "Agent") {
    throw errors.SERVER_PROFILE_KIND_NOT_STORED({ given: request.drift_type });
  }
  const profile = makeStorable(parsedText(request.profile)).value;
  const parsed = agentEvalProfile.safeParse(profile);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `'${issue.path.map(String).join(".")}': ${issue.message}`,
    );
    throw errors.SERVER_PROFILE_INVALID({ problems: problems.join("; ") });
  }
  const { config, tasks } = parsed.data;
  const space = config.space === MISSING_TEXT ? request.space : config.space;
  if (config.name === MISSING_TEXT || config.name === "") {
    throw errors.SERVER_PROFILE_INVALID({ problems: "'config.name': expected the profile's name" });
  }
  validateTasks(tasks);
  return { space, name: config.name, uid: config.uid, profile: withOwner(profile, space) };
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
