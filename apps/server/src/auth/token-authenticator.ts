import { isScouterError } from "@scouter/contracts";
import type { User, UserRepository } from "@scouter/database";
import { errors } from "../errors.ts";
import type {
  Authentication,
  AuthenticationRequest,
  Authenticator,
  Credentials,
} from "./authenticator.ts";
import type { KnownUsers } from "./known-users.ts";
import type { LoginLimit } from "./login-limit.ts";
import type { PasswordLane } from "./password-lane.ts";
import type { Principal } from "./principal.ts";
import type { RandomText } from "./random-text.ts";
import type { Claims, TokenReading, Tokens } from "./tokens.ts";

export interface TokenAuthenticatorParts {
  readonly users: UserRepository;
  readonly known: KnownUsers;
  readonly tokens: Tokens;
  readonly passwords: PasswordLane;
  readonly limit: LoginLimit;
  readonly random: RandomText;
}

export class TokenAuthenticator implements Authenticator {
  readonly #parts: TokenAuthenticatorParts;
  #decoy: Promise<string> | undefined;

  constructor(parts: TokenAuthenticatorParts) {
    this.#parts = parts;
  }

  async login(credentials: Credentials, address: string): Promise<string> {
    const user = await this.#checked(credentials, address);
    if (!this.#mayRenew(user)) await this.#storeRefreshToken(user);
    return this.#accessToken(user);
  }

  async refresh(accessToken: string): Promise<string> {
    const reading = this.#parts.tokens.read("access", accessToken);
    if (reading.state === "invalid") throw errors.SERVER_TOKEN_INVALID({});
    const renewed = await this.#renewed(reading.claims.sub);
    if (renewed === undefined) throw errors.SERVER_TOKEN_EXPIRED({});
    return renewed.token;
  }

  async validate(accessToken: string): Promise<boolean> {
    const reading = this.#parts.tokens.read("access", accessToken);
    if (reading.state !== "valid") return false;
    return (await this.#parts.known.find(reading.claims.sub))?.active === true;
  }

  async authenticate(request: AuthenticationRequest): Promise<Authentication> {
    const { accessToken, credentials, address } = request;
    if (accessToken === undefined) throw errors.SERVER_TOKEN_MISSING({});
    const reading = this.#parts.tokens.read("access", accessToken);
    const authentication = await this.#byToken(reading);
    if (authentication !== undefined) return authentication;
    if (credentials !== undefined) {
      const user = await this.#checked(credentials, address);
      if (!this.#mayRenew(user)) await this.#storeRefreshToken(user);
      return { principal: principalOf(user), refreshedToken: this.#accessToken(user) };
    }
    throw reading.state === "invalid"
      ? errors.SERVER_TOKEN_INVALID({})
      : errors.SERVER_TOKEN_EXPIRED({});
  }

  /** Undefined when the token alone is not enough. */
  async #byToken(reading: TokenReading): Promise<Authentication | undefined> {
    if (reading.state === "invalid") return undefined;
    const { sub } = reading.claims;
    if (reading.state === "expired") {
      const renewed = await this.#renewed(sub);
      if (renewed === undefined) return undefined;
      return { principal: principalOf(renewed.user), refreshedToken: renewed.token };
    }
    const user = await this.#knownUser(sub);
    if (user === "not to be asked") return { principal: principalOfClaims(reading.claims) };
    if (user === undefined) throw errors.SERVER_TOKEN_USER_UNKNOWN({});
    if (!user.active) throw errors.SERVER_USER_INACTIVE({});
    return { principal: principalOf(user) };
  }

  /** A database that is away must not stop what needs none, such as spans: the token's own claims are good for an hour. */
  async #knownUser(username: string): Promise<User | undefined | "not to be asked"> {
    try {
      return await this.#parts.known.find(username);
    } catch (error) {
      if (isScouterError(error) && error.retryable) return "not to be asked";
      throw error;
    }
  }

  /** A new access token by the stored refresh token, which is exchanged too; undefined when that has expired. */
  async #renewed(username: string): Promise<{ user: User; token: string } | undefined> {
    const user = await this.#parts.users.byName(username);
    if (user === undefined) throw errors.SERVER_TOKEN_USER_UNKNOWN({});
    if (!user.active) throw errors.SERVER_USER_INACTIVE({});
    if (!this.#mayRenew(user)) return undefined;
    await this.#storeRefreshToken(user);
    return { user, token: this.#accessToken(user) };
  }

  #mayRenew(user: User): boolean {
    if (user.refreshToken === null) return false;
    const reading = this.#parts.tokens.read("refresh", user.refreshToken);
    return reading.state === "valid" && reading.claims.sub === user.username;
  }

  async #storeRefreshToken(user: User): Promise<void> {
    const { users, tokens } = this.#parts;
    await users.storeRefreshToken(user.username, tokens.issue("refresh", principalOf(user)));
  }

  #accessToken(user: User): string {
    return this.#parts.tokens.issue("access", principalOf(user));
  }

  /** The user whose password this is. The limit is looked at when the turn comes: waiting ones must not slip past it. */
  #checked({ username, password }: Credentials, address: string): Promise<User> {
    const { users, passwords, limit } = this.#parts;
    return passwords.run(async () => {
      limit.check(username, address);
      const user = await users.byName(username);
      const passwordHash = user?.passwordHash ?? (await this.#decoyHash());
      const matches = await passwords.matches(passwordHash, password);
      if (user === undefined || !matches) {
        limit.failed(username, address);
        throw errors.SERVER_CREDENTIALS_WRONG({});
      }
      limit.succeeded(username, address);
      if (!user.active) throw errors.SERVER_USER_INACTIVE({});
      return user;
    });
  }

  /** What the password of an unknown user is compared with, so that the answer takes as long as for a known one. */
  #decoyHash(): Promise<string> {
    return (this.#decoy ??= this.#parts.passwords.hashNow(this.#parts.random(32)));
  }
}

function principalOfClaims(claims: Claims): Principal {
  const { sub: username, permissions, group_permissions: groupPermissions } = claims;
  return { username, permissions, groupPermissions };
}

export function principalOf(user: User): Principal {
  const { username, permissions, groupPermissions } = user;
  return { username, permissions, groupPermissions };
}
