import { isIPv4 } from "node:net";
import type { Login } from "../connection.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The database that the server is to use; undefined: the embedded one. */
export function databaseUri(env: Environment): string | undefined {
  return settingOf(env, "DATABASE_URI");
}

/** Where records and results are, in words without user or password. */
export function databaseWords(env: Environment): string {
  const uri = databaseUri(env);
  if (uri === undefined) return "embedded, in that folder";
  const place = URL.canParse(uri) ? new URL(uri) : undefined;
  // Several hosts, or a socket: no single one to name.
  if (place === undefined || place.host === "") return "PostgreSQL, as DATABASE_URI names it";
  return `PostgreSQL at ${place.host}${place.pathname} (DATABASE_URI)`;
}

/**
 * Whether the server will know guest/guest and take spans from everybody, as it does with the embedded database when
 * only this machine reaches it.
 */
export function isPrivateServer(env: Environment): boolean {
  return databaseUri(env) === undefined && isLoopback(env);
}

/**
 * A first try must not write into a bucket or a folder that the shell happens to name for another program; its lake lies
 * in its home. The database is the one that DATABASE_URI names, as for every other server: whoever sets it wants to see
 * Scouter there, and our tables have a schema of their own.
 *
 * @param login administrator of a database that has no users yet; what the environment says goes first
 */
export function serverEnvironment(
  env: Environment,
  { home, login }: { readonly home: string; readonly login?: Login | undefined },
): NodeJS.ProcessEnv {
  const { SCOUTER_STORAGE_URI: _storage, ...kept } = env;
  const added = isPrivateServer(env) ? {} : { ...firstUser(login), ...anonymousSpans(env) };
  const unset = Object.entries(added).filter(([name]) => settingOf(env, name) === undefined);
  return { ...kept, ...Object.fromEntries(unset), SCOUTER_HOME: home };
}

function firstUser(login: Login | undefined): Environment {
  if (login === undefined) return {};
  return { SCOUTER_DEFAULT_USERNAME: login.username, SCOUTER_DEFAULT_PASSWORD: login.password };
}

/** As with the embedded database: programs of this machine need no token to try their exporters. */
function anonymousSpans(env: Environment): Environment {
  return isLoopback(env) ? { SCOUTER_OTLP_ANONYMOUS: "true" } : {};
}

function isLoopback(env: Environment): boolean {
  const host = settingOf(env, "SCOUTER_HOST") ?? "localhost";
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

/** An empty variable counts as unset, as for the server. */
export function settingOf(env: Environment, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}
