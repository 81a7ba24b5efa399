import { defineErrors } from "@scouter/contracts";

export const errors = defineErrors({
  DATABASE_UNAVAILABLE: {
    kind: "unavailable",
    message: (p: { reason: string }) => `the database did not answer: ${p.reason}`,
    remedy: "check that it runs and that DATABASE_URI names it; the call may be repeated",
  },
  DATABASE_CLOSED: {
    kind: "unavailable",
    message: "the database was closed in this process",
    remedy: "the server is shutting down; repeat the call against another or after the restart",
  },
  DATABASE_PART_OUT_OF_TURN: {
    kind: "conflict",
    message: (p: { day: string; part: number }) =>
      `part ${p.part} of the records of ${p.day} is not the day's next to be archived`,
    remedy: "nothing needs to be done: the next round begins with the one that is",
  },
  DATABASE_AUTHENTICATION_FAILED: {
    kind: "unavailable",
    message: (p: { reason: string }) => `the database refused the login: ${p.reason}`,
    remedy: "check user, password and database name in DATABASE_URI",
  },
  DATABASE_TOO_MANY_CONNECTIONS: {
    kind: "unavailable",
    message: (p: { reason: string }) => `the database takes no further connection: ${p.reason}`,
    remedy: "lower MAX_POOL_SIZE (per process, plus one) or raise max_connections of PostgreSQL",
  },
  DATABASE_NO_SPACE: {
    kind: "unavailable",
    message: (p: { reason: string }) => `the database has no space left: ${p.reason}`,
    remedy: "free disk space on the database's machine; the call may be repeated then",
  },
  DATABASE_PERMISSION_DENIED: {
    kind: "forbidden",
    message: (p: { reason: string }) => `the database denied a statement: ${p.reason}`,
    remedy: "grant the user of DATABASE_URI CREATE on the database, or ownership of schema scouter",
  },
  DATABASE_BUSY: {
    kind: "busy",
    message: (p: { waiting: number }) =>
      `${p.waiting} calls already wait for the embedded database; no more are taken`,
    remedy: "repeat the call after a pause; for more load use PostgreSQL (set DATABASE_URI)",
  },
  DATABASE_CONTENDED: {
    kind: "busy",
    message: (p: { attempts: number }) =>
      `concurrent transactions got in each other's way ${p.attempts} times in a row`,
    remedy: "repeat the call after a pause",
  },
  DATABASE_VALUE_INVALID: {
    kind: "invalid",
    message: (p: { reason: string }) => `the database cannot hold a value: ${p.reason}`,
    remedy: "send text without NUL characters and keys, names and uids of at most 2,000 bytes",
  },
  DATABASE_JSON_TOO_DEEP: {
    kind: "invalid",
    message: (p: { limit: number }) => `json is nested deeper than ${p.limit} levels`,
    remedy: "flatten the value before sending it",
  },
  DATABASE_TIME_OUT_OF_RANGE: {
    kind: "invalid",
    message: (p: { given: string }) =>
      `cannot store the time '${p.given}': expected RFC 3339 between the years 0001 and 9999`,
    remedy: "send a UTC time such as 2026-03-01T10:00:00.123456Z",
  },
  DATABASE_LIMIT_OUT_OF_RANGE: {
    kind: "invalid",
    message: (p: { given: number; max: number }) =>
      `limit ${p.given} is out of range: expected an integer in 1..${p.max}`,
    remedy: "ask for a smaller page and follow its cursor",
  },
  DATABASE_CURSOR_INVALID: {
    kind: "invalid",
    message: (p: { given: string }) => `cursor '${p.given}' was not issued by this server`,
    remedy: "use the cursor of the page before, or none for the first page",
  },
  DATABASE_PROFILE_CONFIG_MISSING: {
    kind: "invalid",
    message: "a profile needs an object 'config'",
    remedy: "add config to the profile's JSON",
  },
  DATABASE_PROFILE_VERSION_INVALID: {
    kind: "invalid",
    message: (p: { given: string; reason: string }) =>
      `cannot use the version request '${p.given.slice(0, 200)}': ${p.reason}`,
    remedy:
      "use 1 to 3 numbers (1, 1.2, 1.2.3), an exact semantic version (1.2.3-rc.1+build), or a range (*, 1.*, ~1.2, ^1.2.3)",
  },
  DATABASE_VERSION_UNSUPPORTED: {
    kind: "invalid",
    message: (p: { found: string }) => `PostgreSQL ${p.found} is too old: 15 or newer is needed`,
    remedy: "upgrade PostgreSQL, or unset DATABASE_URI to use the embedded database",
  },
  DATABASE_ENCODING_UNSUPPORTED: {
    kind: "invalid",
    message: (p: { found: string }) =>
      `the database's encoding is ${p.found}: only UTF8 can hold every text`,
    remedy: "create the database with ENCODING 'UTF8' TEMPLATE template0",
  },
  DATABASE_FOLDER_VERSION: {
    kind: "invalid",
    message: (p: { folder: string; found: string; expected: string }) =>
      `the folder '${p.folder}' was made by PostgreSQL ${p.found} (another PGlite release); this one reads ${p.expected}`,
    remedy:
      "start the release that made it and take a backup there, then restore here; or move the folder away to start empty",
  },
  DATABASE_FOLDER_UNREADABLE: {
    kind: "unavailable",
    message: (p: { folder: string; reason: string }) =>
      `the embedded database in '${p.folder}' did not start: ${p.reason}`,
    remedy: "check free space, memory and the folder's permissions; else restore a backup",
  },
  DATABASE_WORKER_ENDED: {
    kind: "unavailable",
    message: (p: { reason: string }) => `the embedded database's worker ended: ${p.reason}`,
    remedy: "restart the server; what was acknowledged is kept",
  },
  DATABASE_SCHEMA_NEWER: {
    kind: "invalid",
    message: (p: { unknown: string }) =>
      `the database was migrated by a newer release: it holds the migration '${p.unknown}'`,
    remedy: "run that release, or restore the backup taken before the upgrade",
  },
  DATABASE_MIGRATION_FAILED: {
    kind: "internal",
    message: (p: { migration: string; reason: string }) =>
      `migration '${p.migration}' failed and was rolled back: ${p.reason}`,
    remedy: "nothing was changed; run the former release and report the message",
  },
  DATABASE_QUERY_FAILED: {
    kind: "internal",
    message: (p: { sqlState: string; reason: string }) =>
      `a statement failed with SQLSTATE ${p.sqlState}: ${p.reason}`,
    remedy: "report it with the server's log",
  },
});
