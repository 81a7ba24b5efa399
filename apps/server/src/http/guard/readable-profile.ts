import type { ProfileReference } from "@scouter/contracts";
import type { Database, RegisteredProfile } from "@scouter/database";
import type { FastifyRequest } from "fastify";
import { errors } from "../../errors.ts";
import { requireOnEntity } from "./request-principal.ts";

/**
 * A profile that the sender may read.
 *
 * @throws `SERVER_PERMISSION_DENIED`, `SERVER_PROFILE_NOT_FOUND`
 */
export async function readableProfile(
  request: FastifyRequest,
  uid: string,
  { profiles }: Pick<Database, "profiles">,
): Promise<RegisteredProfile> {
  const profile = await profiles.byUid(uid);
  const spaces = profile === undefined ? [] : [profile.space];
  await requireOnEntity(request, "read", async () => spaces);
  if (profile === undefined) throw errors.SERVER_PROFILE_NOT_FOUND({ which: `uid ${uid}` });
  return profile;
}

export function referenceTo(profile: RegisteredProfile): ProfileReference {
  const { uid, space, name, version, driftType: kind } = profile;
  return { uid, space, name, version, kind };
}
