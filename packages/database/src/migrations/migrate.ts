import type { Kysely } from "kysely";
import { Migrator } from "kysely/migration";
import { driverErrorFields } from "../driver/driver-error.ts";
import { translateError } from "../driver/translate-error.ts";
import { errors } from "../errors.ts";
import { migrations as allMigrations } from "./migrations.ts";

const SCHEMA = "scouter";
const TABLE = "migration";

/**
 * Brings schema `scouter` up to date, all missing migrations in one transaction under an advisory lock: processes that
 * start together take turns.
 *
 * @throws DATABASE_SCHEMA_NEWER, DATABASE_MIGRATION_FAILED, or what the connection met
 */
export async function migrate<Tables>(
  db: Kysely<Tables>,
  migrations = allMigrations,
): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
    migrationTableSchema: SCHEMA,
    migrationTableName: TABLE,
    migrationLockTableName: "migration_lock",
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find((result) => result.status === "Error");
  if (failed !== undefined) {
    const translated = translateError(error);
    if (translated.retryable) throw translated;
    throw errors.DATABASE_MIGRATION_FAILED(
      { migration: failed.migrationName, reason: driverErrorFields(error).message },
      { cause: error },
    );
  }
  throw await explain(db, migrations, error);
}

/** The migrator stops before the first migration when the database knows one that this release does not. */
async function explain<Tables>(
  db: Kysely<Tables>,
  migrations: Readonly<Record<string, unknown>>,
  error: unknown,
): Promise<Error> {
  const done = await executedNames(db);
  const unknown = done.find((name) => !(name in migrations));
  if (unknown === undefined) return translateError(error);
  return errors.DATABASE_SCHEMA_NEWER({ unknown }, { cause: error });
}

async function executedNames<Tables>(db: Kysely<Tables>): Promise<readonly string[]> {
  try {
    const rows = await (db as unknown as Kysely<{ migration: { name: string } }>)
      .withSchema(SCHEMA)
      .selectFrom(TABLE)
      .select("name")
      .orderBy("name")
      .execute();
    return rows.map((row) => row.name);
  } catch {
    return []; // the table cannot be read either: the first error says why
  }
}
