import type { Clock } from "@scouter/contracts";
import { createSigner, createVerifier } from "fast-jwt";
import { z } from "zod";
import type { Principal } from "./principal.ts";
import type { RandomText } from "./random-text.ts";
import type { TokenSecrets } from "./token-secrets.ts";

export const ACCESS_LIFETIME_SECONDS = 3600;
export const REFRESH_LIFETIME_SECONDS = 86_400;
/** Clocks of servers differ a little; the reference's library allows the same. */
export const LEEWAY_SECONDS = 60;
const SALT_LENGTH = 16;

const claims = z.object({
  sub: z.string().min(1),
  exp: z.number(),
  permissions: z.array(z.string()),
  group_permissions: z.array(z.string()),
});
export type Claims = z.output<typeof claims>;

/** `expired`: ours, but its time is over. `invalid`: not ours, or damaged. */
export type TokenReading =
  | { readonly state: "valid" | "expired"; readonly claims: Claims }
  | { readonly state: "invalid" };

export type TokenKind = keyof TokenSecrets;

interface TokenParts {
  readonly secrets: TokenSecrets;
  readonly clock: Clock;
  readonly random: RandomText;
}

/** JSON Web Tokens (HS256) with the claims that clients of the reference know. */
export class Tokens {
  readonly #parts: TokenParts;
  readonly #sign: Readonly<Record<TokenKind, (payload: object) => string>>;
  readonly #verify: Readonly<Record<TokenKind, (token: string) => unknown>>;

  constructor(parts: TokenParts) {
    this.#parts = parts;
    const { access, refresh } = parts.secrets;
    this.#sign = { access: signer(access), refresh: signer(refresh) };
    this.#verify = { access: verifier(access), refresh: verifier(refresh) };
  }

  issue(kind: TokenKind, holder: Principal): string {
    const { clock, random } = this.#parts;
    const lifetime = kind === "access" ? ACCESS_LIFETIME_SECONDS : REFRESH_LIFETIME_SECONDS;
    return this.#sign[kind]({
      sub: holder.username,
      exp: Math.floor(clock.now() / 1000) + lifetime,
      permissions: holder.permissions,
      group_permissions: holder.groupPermissions,
      salt: random(SALT_LENGTH),
    });
  }

  read(kind: TokenKind, token: string): TokenReading {
    const payload = this.#payload(kind, token);
    const parsed = claims.safeParse(payload);
    if (!parsed.success) return { state: "invalid" };
    const nowSeconds = this.#parts.clock.now() / 1000;
    const expired = nowSeconds >= parsed.data.exp + LEEWAY_SECONDS;
    return { state: expired ? "expired" : "valid", claims: parsed.data };
  }

  #payload(kind: TokenKind, token: string): unknown {
    try {
      return this.#verify[kind](token);
    } catch {
      // Whatever is wrong with it (form, algorithm, signature), the holder learns only that it is not valid.
      return undefined;
    }
  }
}

function signer(secret: string): (payload: object) => string {
  return createSigner<object>({
    algorithm: "HS256",
    key: Buffer.from(secret),
    noTimestamp: true,
    header: { alg: "HS256", typ: "JWT" },
  });
}

/** The algorithm is fixed: a token must not choose how it is checked. Expiry is judged by our own clock. */
function verifier(secret: string): (token: string) => unknown {
  return createVerifier({
    algorithms: ["HS256"],
    key: Buffer.from(secret),
    ignoreExpiration: true,
  }) as (token: string) => unknown;
}
