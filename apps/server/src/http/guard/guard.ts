import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Authenticator } from "../../auth/authenticator.ts";
import { isAdmin, maySomewhere, type Principal } from "../../auth/principal.ts";
import { sameText } from "../../auth/same-text.ts";
import { errors } from "../../errors.ts";
import { accessTokenOf, credentialsOf } from "./presented.ts";
import { setPrincipal } from "./request-principal.ts";
import { accessOf, type RouteAccess } from "./route-access.ts";

export interface GuardParts {
  readonly authenticator: Authenticator;
  readonly auth: {
    /** Lets the first user be created by a program that has this key and no user yet. */
    readonly bootstrapKey: string | undefined;
    /** Whether spans may be exported without a token. */
    readonly otlpAnonymous: boolean;
  };
}

/** Runs before the body is read, on every route that is registered after it. */
export function guardRoutes(app: FastifyInstance, parts: GuardParts): void {
  app.addHook("onRequest", async (request, reply) => {
    const access = accessOf(request.method, request.routeOptions.url ?? "");
    if (access === "public") return;
    if (access === "span-export" && parts.auth.otlpAnonymous) return;
    const principal = bootstrapped(request, parts) ?? (await signedIn(request, reply, parts));
    requireAccess(principal, access);
    setPrincipal(request, principal);
  });
}

const BOOTSTRAP: Principal = {
  username: "bootstrap",
  permissions: ["admin"],
  groupPermissions: ["admin"],
};

/** The key opens one door: creating a user. */
function bootstrapped(
  request: FastifyRequest,
  { auth: { bootstrapKey } }: GuardParts,
): Principal | undefined {
  const given = request.headers["x-bootstrap-token"];
  if (bootstrapKey === undefined || typeof given !== "string") return undefined;
  if (request.method !== "POST" || request.routeOptions.url !== "/scouter/user") return undefined;
  return sameText(given, bootstrapKey) ? BOOTSTRAP : undefined;
}

/** A renewed token goes back in the reply's header: clients of the reference take it from there. */
async function signedIn(
  request: FastifyRequest,
  reply: FastifyReply,
  { authenticator }: GuardParts,
): Promise<Principal> {
  const { principal, refreshedToken } = await authenticator.authenticate({
    accessToken: accessTokenOf(request.headers),
    credentials: credentialsOf(request.headers),
    address: request.ip,
  });
  if (refreshedToken !== undefined) void reply.header("authorization", `Bearer ${refreshedToken}`);
  return principal;
}

function requireAccess(principal: Principal, access: RouteAccess): void {
  const { username } = principal;
  if (access === "signed-in") return;
  if (access === "admin") {
    if (!isAdmin(principal)) throw errors.SERVER_ADMIN_REQUIRED({ username });
    return;
  }
  const action = access === "read" ? "read" : "write";
  if (maySomewhere(principal, action)) return;
  throw errors.SERVER_PERMISSION_DENIED({ username, permission: `${action}:<space>` });
}
