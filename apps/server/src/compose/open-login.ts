import type { Database } from "@scouter/database";
import type { Authenticator } from "../auth/authenticator.ts";
import { prepareFirstUsers, type FirstUsersEvent } from "../auth/first-users.ts";
import { KnownUsers } from "../auth/known-users.ts";
import { LoginLimit } from "../auth/login-limit.ts";
import { PasswordLane } from "../auth/password-lane.ts";
import { ProfileSpaces } from "../auth/profile-spaces.ts";
import { randomText, type RandomText } from "../auth/random-text.ts";
import { TokenAuthenticator } from "../auth/token-authenticator.ts";
import { tokenSecrets } from "../auth/token-secrets.ts";
import { Tokens } from "../auth/tokens.ts";
import type { Config } from "../config/config.ts";
import type { Logger } from "../log/make-logger.ts";
import type { Outside } from "./outside.ts";

/** Who may come in, and what the routes need to ask for it. */
export interface Login {
  readonly authenticator: Authenticator;
  readonly knownUsers: KnownUsers;
  readonly passwords: PasswordLane;
  readonly randomText: RandomText;
  readonly profileSpaces: ProfileSpaces;
}

export interface LoginParts {
  readonly config: Pick<Config, "auth">;
  readonly database: Pick<Database, "users" | "identity" | "profiles">;
  readonly outside: Pick<Outside, "clock">;
  readonly logger: Logger;
}

/** Reads or makes the keys of tokens and sees to the first users. */
export async function openLogin(parts: LoginParts): Promise<Login> {
  const { database, logger } = parts;
  const { clock } = parts.outside;
  const { auth } = parts.config;
  const { users } = database;
  const secrets = await tokenSecrets(
    {
      ...(auth.accessSecret === undefined ? {} : { access: auth.accessSecret }),
      ...(auth.refreshSecret === undefined ? {} : { refresh: auth.refreshSecret }),
    },
    database.identity,
    randomText,
  );
  const passwords = new PasswordLane();
  const events = await prepareFirstUsers({ users, passwords, random: randomText, config: auth });
  for (const event of events) logFirstUsers(event, logger);
  const knownUsers = new KnownUsers(users, clock);
  const authenticator = new TokenAuthenticator({
    users,
    known: knownUsers,
    tokens: new Tokens({ secrets, clock, random: randomText }),
    passwords,
    limit: new LoginLimit(clock),
    random: randomText,
  });
  const profileSpaces = new ProfileSpaces(database.profiles);
  return { authenticator, knownUsers, passwords, randomText, profileSpaces };
}

function logFirstUsers(event: FirstUsersEvent, logger: Logger): void {
  switch (event.kind) {
    case "defaults-created":
      logger.warn(
        `users ${event.usernames.join(" and ")} created, each with the well-known password: only this machine can connect`,
      );
      return;
    case "admin-created":
      logger.warn(`administrator '${event.username}' created${passwordWords(event)}`);
      return;
    case "default-password-replaced":
      logger.warn(
        `user '${event.username}' had the well-known password, which is no longer valid here${passwordWords(event)}`,
      );
      return;
    case "default-user-deactivated":
      logger.warn(`user '${event.username}' had the well-known password and is deactivated`);
  }
}

/** The only place that shows a password: one that was made up at this start, which nobody could know otherwise. */
function passwordWords({ generatedPassword }: { readonly generatedPassword?: string }): string {
  return generatedPassword === undefined
    ? " with the password of SCOUTER_DEFAULT_PASSWORD"
    : ` with the password ${generatedPassword} (shown this once: log in and change it)`;
}
