import type { Metadata } from "@grpc/grpc-js";
import type { Authenticator } from "../../auth/authenticator.ts";
import { maySomewhere, type Principal } from "../../auth/principal.ts";
import { errors } from "../../errors.ts";

/** Who calls. */
export interface Caller {
  /** Without its port. */
  readonly address: string;
  /** Undefined where no token is asked for. */
  readonly principal?: Principal;
  /** The first value that came under a name. */
  readonly metadata?: (name: string) => string | undefined;
}

export interface Admission {
  readonly caller: Caller;
  /** Goes back to the client, which uses it from now on. */
  readonly refreshedToken?: string;
}

/** Decides about a call before its message is looked at. Rejects with kind `unauthorized` or `forbidden`. */
export type CallGate = (metadata: Metadata, address: string) => Promise<Admission>;

/** For rpcs that need no login: health, reflection, the login itself. */
export const openGate: CallGate = async (_metadata, address) => ({ caller: { address } });

/**
 * Metadata `authorization: Bearer <token>` of a user who may write somewhere: every rpc behind it stores something. An
 * expired token is renewed on the way.
 */
export function writerGate(authenticator: Authenticator): CallGate {
  return async (metadata, address) => {
    const accessToken = bearerOf(metadata);
    const { principal, refreshedToken } = await authenticator.authenticate({
      accessToken,
      address,
    });
    if (!maySomewhere(principal, "write")) {
      const { username } = principal;
      throw errors.SERVER_PERMISSION_DENIED({ username, permission: "write:<space>" });
    }
    const caller = { address, principal };
    return refreshedToken === undefined ? { caller } : { caller, refreshedToken };
  };
}

function bearerOf(metadata: Metadata): string | undefined {
  const [given] = metadata.get("authorization");
  return typeof given === "string" ? /^Bearer +(\S+)$/i.exec(given)?.[1] : undefined;
}
