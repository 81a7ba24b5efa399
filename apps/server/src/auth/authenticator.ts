import type { Principal } from "./principal.ts";

/**
 * Who may come in, for every protocol. Rejections are `ScouterError`s of the server's catalogue:
 * `SERVER_CREDENTIALS_WRONG`, `SERVER_TOKEN_MISSING`, `SERVER_TOKEN_INVALID`, `SERVER_TOKEN_EXPIRED`,
 * `SERVER_USER_INACTIVE` (kind `unauthorized`) and `SERVER_LOGIN_LIMITED` (kind `busy`), or what the database met.
 */
export interface Authenticator {
  /** Resolves with an access token. An unknown user and a wrong password are told apart neither by reply nor by time. */
  login(credentials: Credentials, address: string): Promise<string>;
  /** A new access token for a current or expired one, as long as its user's refresh token lives. */
  refresh(accessToken: string): Promise<string>;
  /** Whether the token is valid now, without renewing it. Never rejects for a bad token. */
  validate(accessToken: string): Promise<boolean>;
  /**
   * Who holds a token. An expired one is renewed when its user's refresh token lives, or when right credentials came
   * with it; the new one is to be handed back with the reply.
   */
  authenticate(request: AuthenticationRequest): Promise<Authentication>;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface AuthenticationRequest {
  /** Without the word `Bearer`. */
  readonly accessToken: string | undefined;
  /** Sent beside the token by clients that cannot log in again by themselves. */
  readonly credentials?: Credentials | undefined;
  /** Of the caller, for the limit on failed logins. */
  readonly address: string;
}

export interface Authentication {
  readonly principal: Principal;
  /** Set when the token was renewed. */
  readonly refreshedToken?: string;
}
