import type { IncomingHttpHeaders } from "node:http";
import type { Credentials } from "../../auth/authenticator.ts";

/** The access token: of the cookie `access_token`, else of the header `Authorization: Bearer`. */
export function accessTokenOf(headers: IncomingHttpHeaders): string | undefined {
  return cookieOf(headers) ?? bearerOf(headers);
}

export function bearerOf(headers: IncomingHttpHeaders): string | undefined {
  const token = /^Bearer +(\S+)\s*$/i.exec(headers.authorization ?? "")?.[1];
  return token;
}

function cookieOf(headers: IncomingHttpHeaders): string | undefined {
  return /(?:^|;)\s*access_token=([^;\s]+)/.exec(headers.cookie ?? "")?.[1];
}

/** Undefined unless both headers are there. */
export function credentialsOf(headers: IncomingHttpHeaders): Credentials | undefined {
  const { username, password } = headers;
  if (typeof username !== "string" || typeof password !== "string") return undefined;
  return { username, password };
}
