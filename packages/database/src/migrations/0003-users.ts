import { sql, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Who may log in. The table's name avoids `user`, which PostgreSQL reserves. */
export const users: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      create table scouter.account (
        id bigint generated always as identity primary key,
        username text collate "C" not null unique,
        email text not null unique,
        password_hash text not null,
        recovery_code_hashes json not null,
        permissions json not null,
        group_permissions jsonb not null,
        favorite_spaces json not null,
        role text not null,
        active boolean not null,
        refresh_token text,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      )`.execute(db);
  },
};
