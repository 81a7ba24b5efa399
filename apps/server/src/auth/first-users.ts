import type { NewUser, User, UserRepository } from "@scouter/database";
import type { AuthConfig } from "../config/config.ts";
import type { PasswordLane } from "./password-lane.ts";
import { ADMIN_GROUP } from "./principal.ts";
import type { RandomText } from "./random-text.ts";

export interface FirstUsersParts {
  readonly users: UserRepository;
  readonly passwords: PasswordLane;
  readonly random: RandomText;
  readonly config: AuthConfig;
}

/** What was done to the users at the start, for the log. A password stands here only if it was made up now. */
export type FirstUsersEvent =
  | {
      readonly kind: "admin-created";
      readonly username: string;
      readonly generatedPassword?: string;
    }
  | { readonly kind: "defaults-created"; readonly usernames: readonly string[] }
  | {
      readonly kind: "default-password-replaced";
      readonly username: string;
      readonly generatedPassword?: string;
    }
  | { readonly kind: "default-user-deactivated"; readonly username: string };

const DEFAULT_ADMIN = "admin";
/** The user of a private server whose password is its name. */
export const WELL_KNOWN_GUEST = "guest";
const GENERATED_LENGTH = 24;

/**
 * Creates the first users of an empty store. A private server (embedded, loopback) gets the two that clients know,
 * whose passwords are their names; any other gets one administrator. A server that is private no more first takes the
 * known passwords out of use: the store may come from a time when it was.
 */
export async function prepareFirstUsers(
  parts: FirstUsersParts,
): Promise<readonly FirstUsersEvent[]> {
  if ((await parts.users.count()) === 0) {
    const created = await createFirstUsers(parts);
    if (created !== undefined) return [created];
  }
  return parts.config.privateServer ? [] : withdrawDefaults(parts);
}

/** Undefined when another process was faster. */
async function createFirstUsers(parts: FirstUsersParts): Promise<FirstUsersEvent | undefined> {
  const { users, config, random } = parts;
  const { firstUsername: username = DEFAULT_ADMIN, firstPassword } = config;
  if (config.privateServer && firstPassword === undefined) {
    const both = [await adminOf(parts, username, DEFAULT_ADMIN), await guestOf(parts)];
    if (!(await users.createFirst(both))) return undefined;
    return { kind: "defaults-created", usernames: both.map((user) => user.username) };
  }
  const password = firstPassword ?? random(GENERATED_LENGTH);
  if (!(await users.createFirst([await adminOf(parts, username, password)]))) return undefined;
  return { kind: "admin-created", username, ...generated(parts, password) };
}

async function withdrawDefaults(parts: FirstUsersParts): Promise<readonly FirstUsersEvent[]> {
  const { users, config, random } = parts;
  const events: FirstUsersEvent[] = [];
  for (const user of await users.list()) {
    if (!user.active || !(await hasDefaultPassword(parts, user))) continue;
    const { username } = user;
    if (user.groupPermissions.includes(ADMIN_GROUP)) {
      const password = config.firstPassword ?? random(GENERATED_LENGTH);
      await users.update(username, { passwordHash: await parts.passwords.hash(password) });
      events.push({ kind: "default-password-replaced", username, ...generated(parts, password) });
    } else {
      await users.update(username, { active: false });
      events.push({ kind: "default-user-deactivated", username });
    }
  }
  return events;
}

function generated({ config }: FirstUsersParts, password: string) {
  return config.firstPassword === undefined ? { generatedPassword: password } : {};
}

/** Only the users that a private server creates are looked at: checking every password would hold up the start. */
function hasDefaultPassword({ passwords, config }: FirstUsersParts, user: User): Promise<boolean> {
  const { username, passwordHash } = user;
  const byDefault = new Map([
    [config.firstUsername ?? DEFAULT_ADMIN, DEFAULT_ADMIN],
    [DEFAULT_ADMIN, DEFAULT_ADMIN],
    [WELL_KNOWN_GUEST, WELL_KNOWN_GUEST],
  ]);
  const password = byDefault.get(username);
  if (password === undefined) return Promise.resolve(false);
  return passwords.run(() => passwords.matches(passwordHash, password));
}

async function adminOf(
  parts: FirstUsersParts,
  username: string,
  password: string,
): Promise<NewUser> {
  return {
    ...(await unnamed(parts, password)),
    username,
    email: "admin",
    permissions: ["read:all", "write:all"],
    groupPermissions: [ADMIN_GROUP],
    role: "admin",
  };
}

async function guestOf(parts: FirstUsersParts): Promise<NewUser> {
  return {
    ...(await unnamed(parts, WELL_KNOWN_GUEST)),
    username: WELL_KNOWN_GUEST,
    email: "default",
    permissions: ["read:all", "write:all", "delete:all"],
    groupPermissions: ["user"],
    role: "guest",
  };
}

async function unnamed({ passwords }: FirstUsersParts, password: string) {
  return { passwordHash: await passwords.hash(password), recoveryCodeHashes: [], active: true };
}
