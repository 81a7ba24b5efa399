import type { SettingRepository } from "@scouter/database";
import type { RandomText } from "./random-text.ts";

/** Keys that tokens are signed with; two, so that a token of one kind never passes for the other. */
export interface TokenSecrets {
  readonly access: string;
  readonly refresh: string;
}

/** 43 letters and digits hold 256 bits, the strength of HS256. */
const SECRET_LENGTH = 43;

/** What the configuration does not give is made once and kept in the database, for every process on it. */
export async function tokenSecrets(
  given: Partial<TokenSecrets>,
  settings: SettingRepository,
  random: RandomText,
): Promise<TokenSecrets> {
  const kept = (name: string) =>
    settings.putIfAbsent(`token-secret/${name}`, random(SECRET_LENGTH));
  return {
    access: given.access ?? (await kept("access")),
    refresh: given.refresh ?? (await kept("refresh")),
  };
}
