import type { Metadata } from "@grpc/grpc-js";
import type { Authenticator } from "../../auth/authenticator.ts";

export interface Admission {
  /** Goes back to the client, which uses it from now on. */
  readonly refreshedToken?: string;
}

/**
 * Decides about a call before its message is looked at.
 *
 * @param address of the caller, without its port. Rejects with kind `unauthorized`.
 */
export type CallGate = (metadata: Metadata, address: string) => Promise<Admission>;

/** For rpcs that need no login: health, reflection, the login itself, and everything while there is no login. */
export const openGate: CallGate = async () => ({});

/** Metadata `authorization: Bearer <token>`; an expired token is renewed on the way. */
export function bearerGate(authenticator: Authenticator): CallGate {
  return async (metadata, address) => {
    const accessToken = bearerOf(metadata);
    const { refreshedToken } = await authenticator.authenticate({ accessToken, address });
    return refreshedToken === undefined ? {} : { refreshedToken };
  };
}

function bearerOf(metadata: Metadata): string | undefined {
  const [given] = metadata.get("authorization");
  return typeof given === "string" ? /^Bearer (\S+)$/.exec(given)?.[1] : undefined;
}
