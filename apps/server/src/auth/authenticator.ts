/**
 * Who may come in, as the edges need it.
 *
 * - Tokens are opaque to the callers.
 * - Rejections are `ScouterError`s: `not-found` for an unknown user, `unauthorized` for a wrong password or a token
 *   that cannot be renewed, `unavailable` when the database does not answer.
 */
export interface Authenticator {
  /** @returns an access token */
  login(username: string, password: string): Promise<string>;
  /** @param token an access token that has expired @returns a new access token */
  refresh(token: string): Promise<string>;
  /** Whether the access token is good now. */
  validate(token: string): Promise<boolean>;
}
