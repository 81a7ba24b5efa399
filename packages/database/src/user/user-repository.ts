/**
 * People and programs that may log in.
 *
 * Words: an *admin* is an active user whose group permissions hold `admin`; the *last admin* is the only one.
 *
 * Contract (suite: `@scouter/testkit` `repositoriesContract`):
 * - User names and email addresses are unique, letter case matters; a taken one is an outcome, not an error.
 * - An unknown user is `undefined` or the outcome `unknown`.
 * - No call leaves a store that has an admin without one: deleting, demoting or deactivating the last admin is refused
 *   with the outcome `last-admin`, also when two processes do it at once.
 * - A change of password, permissions or `active` forgets the refresh token, so that the next expiry asks for a login.
 * - Permission lists and spaces come back without repeats, in the order given.
 */
export interface UserRepository {
  create(user: NewUser): Promise<"created" | "taken">;
  /** Stores these users if there is none yet; false, and nothing stored, otherwise. Only one of racing processes wins. */
  createFirst(users: readonly NewUser[]): Promise<boolean>;
  byName(username: string): Promise<User | undefined>;
  /** In the order of their names. */
  list(): Promise<readonly User[]>;
  update(username: string, change: UserChange): Promise<UserUpdate>;
  delete(username: string): Promise<"deleted" | "unknown" | "last-admin">;
  /** Remembers the token that lets expired access tokens be renewed. False when the user is unknown. */
  storeRefreshToken(username: string, token: string): Promise<boolean>;
  count(): Promise<number>;
}

export interface NewUser {
  readonly username: string;
  readonly email: string;
  /** PHC string: passwords themselves are never stored. */
  readonly passwordHash: string;
  readonly recoveryCodeHashes: readonly string[];
  readonly permissions: readonly string[];
  readonly groupPermissions: readonly string[];
  /** For people; rights come from the permissions alone. */
  readonly role: string;
  readonly active: boolean;
}

export interface User extends NewUser {
  readonly favoriteSpaces: readonly string[];
  readonly refreshToken: string | null;
}

/** Absent fields stay as they are. */
export interface UserChange {
  readonly passwordHash?: string | undefined;
  readonly favoriteSpaces?: readonly string[] | undefined;
  readonly permissions?: readonly string[] | undefined;
  readonly groupPermissions?: readonly string[] | undefined;
  readonly active?: boolean | undefined;
}

export type UserUpdate =
  | { readonly outcome: "updated"; readonly user: User }
  | { readonly outcome: "unknown" | "last-admin" };
