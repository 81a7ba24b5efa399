import type { SpaceScope } from "@scouter/database";
import type { FastifyRequest } from "fastify";
import { spacesOf } from "../../auth/principal.ts";
import { principalOf, requireIn } from "./request-principal.ts";

/**
 * The spaces that a list may show: the one that is asked for, or all that the sender may read.
 *
 * @throws `SERVER_PERMISSION_DENIED` when the sender may not read the space asked for
 */
export function readableSpaces(request: FastifyRequest, space?: string): SpaceScope {
  if (space === undefined) return spacesOf(principalOf(request), "read");
  requireIn(request, "read", space);
  return [space];
}
