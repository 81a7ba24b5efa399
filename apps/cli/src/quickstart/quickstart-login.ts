import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type Login, loginOf } from "../connection.ts";
import { errors } from "../errors.ts";
import { type Environment, isPrivateServer, settingOf } from "./server-environment.ts";

const FIRST_USERNAME = "admin";
const PASSWORD_BYTES = 18;

/** Who the quickstart logs in as. */
export interface QuickstartLogin {
  readonly credentials: Login;
  /** Holds the password that was made up here; undefined when the environment gave it. */
  readonly passwordFile: string | undefined;
}

/**
 * The login of the environment: of clients, else of the first user. Without one, a server that is private knows guest
 * (undefined here), and for any other a password is made up at the first run and kept for the later ones: beside the
 * home, because a database outlives a home that is removed.
 *
 * @throws CLI_PASSWORD_UNKEPT
 */
export function quickstartLogin(env: Environment, home: string): QuickstartLogin | undefined {
  const given = loginOf({ env });
  if (given !== undefined) return { credentials: given, passwordFile: undefined };
  const username = settingOf(env, "SCOUTER_DEFAULT_USERNAME") ?? FIRST_USERNAME;
  const chosen = settingOf(env, "SCOUTER_DEFAULT_PASSWORD");
  if (chosen !== undefined) {
    return { credentials: { username, password: chosen }, passwordFile: undefined };
  }
  if (isPrivateServer(env)) return undefined;
  const passwordFile = `${home}.password`;
  return { credentials: { username, password: keptPassword(passwordFile) }, passwordFile };
}

/** Written before the server learns it: a run that is cut short must not leave a user that nobody can be. */
function keptPassword(file: string): string {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const password = randomBytes(PASSWORD_BYTES).toString("base64url");
    writeFileSync(file, `${password}\n`, { mode: 0o600, flag: "wx", flush: true });
    return password;
  } catch (error) {
    return storedPassword(file, error);
  }
}

function storedPassword(file: string, whyNotNew: unknown): string {
  const unkept = (cause: unknown) =>
    errors.CLI_PASSWORD_UNKEPT(
      { file, reason: cause instanceof Error ? cause.message : String(cause) },
      { cause },
    );
  if (!isExisting(whyNotNew)) throw unkept(whyNotNew);
  try {
    const [password = ""] = readFileSync(file, "utf8").split("\n");
    if (password.trim() === "") throw new Error("its first line is empty");
    return password.trim();
  } catch (error) {
    throw unkept(error);
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EEXIST";
}
