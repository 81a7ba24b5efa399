import { sql } from "kysely";
import type { Executor, Session } from "../session/session.ts";
import { storableJsonText, storableText } from "../storable/storable-text.ts";
import type { NewUser, User, UserChange, UserRepository, UserUpdate } from "./user-repository.ts";

interface UserRow {
  readonly username: string;
  readonly email: string;
  readonly password_hash: string;
  readonly recovery_code_hashes: readonly string[];
  readonly permissions: readonly string[];
  readonly group_permissions: readonly string[];
  readonly favorite_spaces: readonly string[];
  readonly role: string;
  readonly active: boolean;
  readonly refresh_token: string | null;
}

const COLUMNS = sql`username, email, password_hash, recovery_code_hashes, permissions,
  group_permissions, favorite_spaces, role, active, refresh_token`;

const MAX_TEXT_LENGTH = 1000;

export class SqlUserRepository implements UserRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async create(user: NewUser): Promise<"created" | "taken"> {
    return (await this.#session.run((db) => insert(user, db))) ? "created" : "taken";
  }

  createFirst(users: readonly NewUser[]): Promise<boolean> {
    return this.#session.transaction(async (db) => {
      await takeTurns(db);
      if ((await countOf(db)) > 0) return false;
      for (const user of users) await insert(user, db);
      return true;
    });
  }

  byName(username: string): Promise<User | undefined> {
    return this.#session.run((db) => byName(username, db));
  }

  async list(): Promise<readonly User[]> {
    const { rows } = await this.#session.run((db) =>
      sql<UserRow>`select ${COLUMNS} from scouter.account order by username`.execute(db),
    );
    return rows.map(userOf);
  }

  update(username: string, change: UserChange): Promise<UserUpdate> {
    return this.#session.transaction(async (db): Promise<UserUpdate> => {
      await takeTurns(db);
      const before = await byName(username, db);
      if (before === undefined) return { outcome: "unknown" };
      const after = changed(before, change);
      if (isAdmin(before) && !isAdmin(after) && !(await hasOtherAdmin(username, db))) {
        return { outcome: "last-admin" };
      }
      await sql`
        update scouter.account set
          password_hash = ${after.passwordHash}, active = ${after.active},
          permissions = ${distinctJson(after.permissions)}::json,
          group_permissions = ${distinctJson(after.groupPermissions)}::jsonb,
          favorite_spaces = ${distinctJson(after.favoriteSpaces)}::json,
          refresh_token = ${after.refreshToken}, updated_at = now()
        where username = ${username}`.execute(db);
      return { outcome: "updated", user: (await byName(username, db)) ?? after };
    });
  }

  delete(username: string): Promise<"deleted" | "unknown" | "last-admin"> {
    return this.#session.transaction(async (db) => {
      await takeTurns(db);
      const user = await byName(username, db);
      if (user === undefined) return "unknown";
      if (isAdmin(user) && !(await hasOtherAdmin(username, db))) return "last-admin";
      await sql`delete from scouter.account where username = ${username}`.execute(db);
      return "deleted";
    });
  }

  async storeRefreshToken(username: string, token: string): Promise<boolean> {
    const { numAffectedRows = 0n } = await this.#session.run((db) =>
      sql`update scouter.account set refresh_token = ${token} where username = ${username}`.execute(
        db,
      ),
    );
    return numAffectedRows > 0n;
  }

  count(): Promise<number> {
    return this.#session.run(countOf);
  }
}

/** Changes that look at other rows first happen one after another, until their transaction ends. */
async function takeTurns(db: Executor): Promise<void> {
  await sql`lock table scouter.account in share row exclusive mode`.execute(db);
}

async function insert(user: NewUser, db: Executor): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    insert into scouter.account (username, email, password_hash, recovery_code_hashes, permissions,
      group_permissions, favorite_spaces, role, active)
    values (${text(user.username)}, ${text(user.email)}, ${user.passwordHash},
      ${storableJsonText(user.recoveryCodeHashes)}::json, ${distinctJson(user.permissions)}::json,
      ${distinctJson(user.groupPermissions)}::jsonb, '[]'::json, ${text(user.role)}, ${user.active})
    on conflict do nothing`.execute(db);
  return numAffectedRows > 0n;
}

async function byName(username: string, db: Executor): Promise<User | undefined> {
  const { rows } = await sql<UserRow>`
    select ${COLUMNS} from scouter.account where username = ${text(username)}`.execute(db);
  return rows.map(userOf)[0];
}

async function countOf(db: Executor): Promise<number> {
  const { rows } = await sql<{ users: number }>`
    select count(*) as users from scouter.account`.execute(db);
  return rows[0]?.users ?? 0;
}

async function hasOtherAdmin(username: string, db: Executor): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select 1 from scouter.account
      where active and group_permissions @> '["admin"]'::jsonb and username <> ${username}) as found
    `.execute(db);
  return rows[0]?.found === true;
}

function isAdmin(user: User): boolean {
  return user.active && user.groupPermissions.includes("admin");
}

function changed(before: User, change: UserChange): User {
  const touchesLogin =
    change.passwordHash !== undefined ||
    change.permissions !== undefined ||
    change.groupPermissions !== undefined ||
    change.active !== undefined;
  return {
    ...before,
    passwordHash: change.passwordHash ?? before.passwordHash,
    favoriteSpaces: change.favoriteSpaces ?? before.favoriteSpaces,
    permissions: change.permissions ?? before.permissions,
    groupPermissions: change.groupPermissions ?? before.groupPermissions,
    active: change.active ?? before.active,
    refreshToken: touchesLogin ? null : before.refreshToken,
  };
}

function distinctJson(values: readonly string[]): string {
  return storableJsonText([...new Set(values)]);
}

function text(value: string): string {
  return storableText(value, MAX_TEXT_LENGTH);
}

function userOf(row: UserRow): User {
  return {
    username: row.username,
    email: row.email,
    passwordHash: row.password_hash,
    recoveryCodeHashes: row.recovery_code_hashes,
    permissions: row.permissions,
    groupPermissions: row.group_permissions,
    favoriteSpaces: row.favorite_spaces,
    role: row.role,
    active: row.active,
    refreshToken: row.refresh_token,
  };
}
