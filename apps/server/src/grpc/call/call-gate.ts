import type { Metadata } from "@grpc/grpc-js";
import type { Authenticator } from "../../auth/authenticator.ts";
import { errors } from "../../errors.ts";

export interface Admission {
  /** Goes back to the client, which uses it from now on. */
  readonly refreshedToken?: string;
}

/** Decides about a call before its message is looked at. Rejects with kind `unauthorized`. */
export type CallGate = (metadata: Metadata) => Promise<Admission>;

/** For rpcs that need no login: health, reflection, the login itself, and everything while there is no login. */
export const openGate: CallGate = async () => ({});

/** Metadata `authorization: Bearer <token>`; an expired token is renewed on the way. */
export function bearerGate(authenticator: Authenticator): CallGate {
  return async (metadata) => {
    const token = bearerOf(metadata);
    if (token === undefined) throw errors.SERVER_TOKEN_MISSING({});
    if (await authenticator.validate(token)) return {};
    return { refreshedToken: await authenticator.refresh(token) };
  };
}

function bearerOf(metadata: Metadata): string | undefined {
  const [given] = metadata.get("authorization");
  return typeof given === "string" ? /^Bearer (\S+)$/.exec(given)?.[1] : undefined;
}
