import { isScouterError, type ScouterError } from "@scouter/contracts";
import { errors } from "../errors.ts";
import { driverErrorFields } from "./driver-error.ts";

type Build = (reason: string, cause: unknown) => ScouterError;

const unavailable: Build = (reason, cause) => errors.DATABASE_UNAVAILABLE({ reason }, { cause });
const invalid: Build = (reason, cause) => errors.DATABASE_VALUE_INVALID({ reason }, { cause });
const denied: Build = (reason, cause) => errors.DATABASE_PERMISSION_DENIED({ reason }, { cause });
const refused: Build = (reason, cause) =>
  errors.DATABASE_AUTHENTICATION_FAILED({ reason }, { cause });
const crowded: Build = (reason, cause) =>
  errors.DATABASE_TOO_MANY_CONNECTIONS({ reason }, { cause });
const full: Build = (reason, cause) => errors.DATABASE_NO_SPACE({ reason }, { cause });

/** SQLSTATE (whole, else its class) to our error. Source: PostgreSQL 18 documentation, appendix A. */
const bySqlState: Readonly<Record<string, Build>> = {
  "08": unavailable,
  "22": invalid,
  "23514": invalid, // check violation
  "25006": unavailable, // read-only transaction: a standby after a failover
  "28": refused,
  "3D000": refused, // unknown database
  "42501": denied,
  "53100": full,
  "53300": crowded,
  "53": unavailable,
  "54": invalid, // over a limit of the program, such as an index row's size
  "57": unavailable, // shutting down, starting up, cancelled
  "58": unavailable, // the server's own input or output failed
};

/** Codes of Node's network errors, and messages of the pool, which has no codes. */
const NETWORK_CODE = /^(E[A-Z]{3,}|ENOTFOUND|SELF_SIGNED_CERT_IN_CHAIN)$/;

const RETRYABLE_SQL_STATES: ReadonlySet<string> = new Set(["40001", "40P01"]);

/** Whether the whole transaction may be tried again at once: serialization failure or deadlock. */
export function isContention(error: unknown): boolean {
  const { sqlState } = driverErrorFields(error);
  return sqlState !== undefined && RETRYABLE_SQL_STATES.has(sqlState);
}

/** What a driver threw, as this package's errors. */
export function translateError(error: unknown): ScouterError {
  if (isScouterError(error)) return error;
  const { message, sqlState } = driverErrorFields(error);
  if (sqlState === undefined || NETWORK_CODE.test(sqlState)) return networkError(message, error);
  const build = bySqlState[sqlState] ?? bySqlState[sqlState.slice(0, 2)];
  if (build !== undefined) return build(message, error);
  return errors.DATABASE_QUERY_FAILED({ sqlState, reason: message }, { cause: error });
}

/**
 * Errors without SQLSTATE come from the socket or the pool. Programming errors of ours (TypeError and its kin) are
 * told apart by class: they must not look like an outage.
 */
function networkError(message: string, cause: unknown): ScouterError {
  const isFault =
    cause instanceof TypeError || cause instanceof RangeError || cause instanceof ReferenceError;
  if (isFault) {
    return errors.DATABASE_QUERY_FAILED({ sqlState: "none", reason: message }, { cause });
  }
  const reason = message === "" ? innerMessage(cause) : message;
  return errors.DATABASE_UNAVAILABLE({ reason }, { cause });
}

/** Node reports a host with several addresses as an AggregateError whose own message is empty. */
function innerMessage(error: unknown): string {
  if (error instanceof AggregateError) {
    return error.errors.map((inner: unknown) => driverErrorFields(inner).message).join("; ");
  }
  return "connection failed";
}
