import type { ProfileSummary } from "@scouter/contracts";
import type { ScouterClient } from "@scouter/sdk";
import { errors } from "../errors.ts";

const PAGE_SIZE = 200;

/** All registered versions, newest first. */
export async function allProfiles(client: ScouterClient): Promise<readonly ProfileSummary[]> {
  const profiles: ProfileSummary[] = [];
  let cursor: string | null = null;
  do {
    const page = await client.listProfiles({
      limit: PAGE_SIZE,
      ...(cursor === null ? {} : { cursor }),
    });
    profiles.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return profiles.sort((left, right) => right.created_at.localeCompare(left.created_at));
}

/**
 * The profile that a person names: by uid, by space/name (its newest version) or by space/name/version. Without a
 * name, the newest agent profile.
 *
 * @throws CLI_PROFILE_UNKNOWN, CLI_NO_PROFILE
 */
export async function findProfile(
  client: ScouterClient,
  given: string | undefined,
): Promise<ProfileSummary> {
  const profiles = await allProfiles(client);
  if (given === undefined) {
    const newest = profiles.find((profile) => profile.drift_type === "Agent");
    if (newest === undefined) throw errors.CLI_NO_PROFILE({});
    return newest;
  }
  const found = profiles.find((profile) => namesOf(profile).includes(given));
  if (found === undefined) throw errors.CLI_PROFILE_UNKNOWN({ profile: given });
  return found;
}

/**
 * As `findProfile`, for commands that change something: a version that profiles of several kinds have is refused.
 *
 * @throws CLI_PROFILE_UNKNOWN, CLI_PROFILE_AMBIGUOUS
 */
export async function findOneProfile(
  client: ScouterClient,
  given: string,
): Promise<ProfileSummary> {
  const found = (await allProfiles(client)).filter((profile) => namesOf(profile).includes(given));
  const [newest] = found;
  if (newest === undefined) throw errors.CLI_PROFILE_UNKNOWN({ profile: given });
  const alike = found.filter(({ version }) => version === newest.version);
  if (alike.length === 1) return newest;
  const described = alike.map(({ drift_type: kind, uid }) => `${kind} ${uid}`);
  throw errors.CLI_PROFILE_AMBIGUOUS({ profile: given, found: described });
}

function namesOf({ uid, space, name, version }: ProfileSummary): readonly string[] {
  return [uid, `${space}/${name}`, `${space}/${name}/${version}`];
}
