import type { FastifyRequest } from "fastify";
import { may, mayEverywhere, type Action, type Principal } from "../../auth/principal.ts";
import { permissionDenied } from "../../auth/permission-denied.ts";
import { errors } from "../../errors.ts";

const principals = new WeakMap<FastifyRequest, Principal>();

export function setPrincipal(request: FastifyRequest, principal: Principal): void {
  principals.set(request, principal);
}

/** Who sent the request. @throws `SERVER_TOKEN_MISSING` on a route that lets everybody in */
export function principalOf(request: FastifyRequest): Principal {
  const principal = principals.get(request);
  if (principal === undefined) throw errors.SERVER_TOKEN_MISSING({});
  return principal;
}

/** @throws `SERVER_PERMISSION_DENIED` unless the sender may do this in each of the spaces */
export function requireIn(
  request: FastifyRequest,
  action: Action,
  ...spaces: readonly string[]
): void {
  const principal = principalOf(request);
  const denied = spaces.find((space) => !may(principal, action, space));
  if (denied !== undefined) throw permissionDenied(principal, action, denied);
}

/**
 * For a thing that is named by its uid: what counts is the space that it belongs to, not one that the sender names.
 * What does not exist belongs to no space, and the route answers as it does to everybody.
 *
 * @param findSpaces only called when the sender may not do this everywhere
 * @throws `SERVER_PERMISSION_DENIED`
 */
export async function requireOnEntity(
  request: FastifyRequest,
  action: Action,
  findSpaces: () => Promise<readonly string[]>,
): Promise<void> {
  if (mayEverywhere(principalOf(request), action)) return;
  requireIn(request, action, ...(await findSpaces()));
}
