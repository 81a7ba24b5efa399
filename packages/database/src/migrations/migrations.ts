import type { Migration } from "kysely/migration";
import { firstTables } from "./0001-first-tables.ts";
import { evalScenarios } from "./0002-eval-scenarios.ts";
import { users } from "./0002-users.ts";
import { ingestLog } from "./0003-ingest-log.ts";

/** In the order of their names. Never change one that was released: add the next. */
export const migrations: Readonly<Record<string, Migration>> = {
  "0001-first-tables": firstTables,
  "0002-eval-scenarios": evalScenarios,
  "0002-users": users,
  "0003-ingest-log": ingestLog,
};
