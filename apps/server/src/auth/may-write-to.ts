import type { ScouterError } from "@scouter/contracts";
import { permissionDenied } from "./permission-denied.ts";
import { may, mayEverywhere, type Principal } from "./principal.ts";
import type { ProfileSpaces } from "./profile-spaces.ts";

/** Why the sender of a record may not send to a profile; undefined when it may, or when there is no such profile. */
export type WriteCheck = (profileUid: string) => Promise<ScouterError | undefined>;

/** Records are sent to a profile: what counts is the permission to write in its space. */
export function mayWriteTo(principal: Principal, profileSpaces: ProfileSpaces): WriteCheck {
  if (mayEverywhere(principal, "write")) return async () => undefined;
  return async (profileUid) => {
    const space = await profileSpaces.of(profileUid);
    if (space === undefined || may(principal, "write", space)) return undefined;
    return permissionDenied(principal, "write", space);
  };
}
