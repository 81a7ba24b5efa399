import { errors } from "../errors.ts";

const OWNER = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function isOwner(text: string): boolean {
  return OWNER.test(text);
}

/** Throws `INGEST_OWNER_INVALID` unless it is a UUID in lower case. */
export function requireOwner(owner: string): void {
  if (!isOwner(owner)) throw errors.INGEST_OWNER_INVALID({ owner });
}
