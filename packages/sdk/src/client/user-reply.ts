/** A user of the server, in the wire's names. */
export interface ServerUser {
  readonly username: string;
  readonly email: string;
  readonly active: boolean;
  readonly role: string;
  /** `read:<space>`, `write:<space>`, `delete:<space>`, with `all` for every space. */
  readonly permissions: readonly string[];
  /** `admin` stands for every permission. */
  readonly group_permissions: readonly string[];
  readonly favorite_spaces: readonly string[];
}

export interface NewUser {
  readonly username: string;
  readonly password: string;
  readonly email: string;
  /** Default `["read:all"]`. */
  readonly permissions?: readonly string[];
  /** Default `["user"]`. */
  readonly group_permissions?: readonly string[];
  readonly role?: string;
  readonly active?: boolean;
}

/** Absent fields stay as they are. */
export interface UserChange {
  readonly password?: string;
  readonly favorite_spaces?: readonly string[];
  readonly permissions?: readonly string[];
  readonly group_permissions?: readonly string[];
  readonly active?: boolean;
}

export interface CreatedUser {
  readonly user: ServerUser;
  /** Shown this once. */
  readonly recovery_codes: readonly string[];
  readonly message: string;
}
