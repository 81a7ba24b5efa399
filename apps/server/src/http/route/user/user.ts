import type { UserChange, UserUpdate } from "@scouter/database";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { checkPassword, checkUsername } from "../../../auth/credential-rules.ts";
import { isAdmin } from "../../../auth/principal.ts";
import { errors } from "../../../errors.ts";
import { principalOf } from "../../guard/request-principal.ts";
import type { JsonRoutes } from "../../json-routes.ts";
import type { ApiParts } from "../../parts.ts";
import { createUserRequest, updateUserRequest, userJson, userResponse } from "./user-json.ts";

const params = z.object({ username: z.string() });
const tags = ["users"];

const RECOVERY_CODES = 4;
const RECOVERY_CODE_LENGTH = 16;

export function userRoutes(app: JsonRoutes, parts: ApiParts): void {
  createRoute(app, parts);
  readRoutes(app, parts);
  changeRoutes(app, parts);
}

function createRoute(app: JsonRoutes, { database, passwords, randomText }: ApiParts): void {
  app.post(
    "/scouter/user",
    {
      schema: {
        tags,
        body: createUserRequest,
        response: {
          200: z.object({
            user: userResponse,
            recovery_codes: z.array(z.string()),
            message: z.string(),
          }),
        },
      },
    },
    async ({ body }) => {
      const { username, password, email } = body;
      checkUsername(username);
      checkPassword(password);
      const codes = Array.from({ length: RECOVERY_CODES }, () => randomText(RECOVERY_CODE_LENGTH));
      const user = {
        username,
        email,
        passwordHash: await passwords.hash(password),
        recoveryCodeHashes: await Promise.all(codes.map((code) => passwords.hash(code))),
        permissions: body.permissions ?? ["read:all"],
        groupPermissions: body.group_permissions ?? ["user"],
        role: body.role ?? "user",
        active: body.active ?? true,
      };
      if ((await database.users.create(user)) === "taken") {
        throw errors.SERVER_USER_EXISTS({ username });
      }
      const stored = { ...user, favoriteSpaces: [], refreshToken: null };
      const message =
        "User created successfully. Keep the recovery codes: they are not shown again.";
      return { user: userJson(stored), recovery_codes: codes, message };
    },
  );
}

function readRoutes(app: JsonRoutes, { database }: ApiParts): void {
  app.get(
    "/scouter/user",
    { schema: { tags, response: { 200: z.object({ users: z.array(userResponse) }) } } },
    async () => ({ users: (await database.users.list()).map(userJson) }),
  );

  app.get(
    "/scouter/user/:username",
    { schema: { tags, params, response: { 200: userResponse } } },
    async (request) => {
      const { username } = request.params;
      requireSelfOrAdmin(request, username);
      const user = await database.users.byName(username);
      if (user === undefined) throw errors.SERVER_USER_UNKNOWN({ username });
      return userJson(user);
    },
  );
}

function changeRoutes(app: JsonRoutes, parts: ApiParts): void {
  const { database, knownUsers } = parts;
  app.put(
    "/scouter/user/:username",
    { schema: { tags, params, body: updateUserRequest, response: { 200: userResponse } } },
    async (request) => {
      const { username } = request.params;
      requireSelfOrAdmin(request, username);
      const change = await changeOf(request.body, isAdmin(principalOf(request)), parts);
      const result = await database.users.update(username, change);
      knownUsers.forget(username);
      return userJson(updated(result, username));
    },
  );

  app.delete(
    "/scouter/user/:username",
    {
      schema: {
        tags,
        params,
        response: { 200: z.object({ status: z.literal("success"), message: z.string() }) },
      },
    },
    async ({ params: { username } }) => {
      // An unknown user is gone already, so a repeated request succeeds.
      const outcome = await database.users.delete(username);
      knownUsers.forget(username);
      if (outcome === "last-admin") throw errors.SERVER_LAST_ADMIN({ username });
      return { status: "success" as const, message: `User ${username} deleted successfully` };
    },
  );
}

function requireSelfOrAdmin(request: FastifyRequest, username: string): void {
  const principal = principalOf(request);
  if (principal.username === username || isAdmin(principal)) return;
  throw errors.SERVER_ADMIN_REQUIRED({ username: principal.username });
}

/** What only an administrator may change is left out for others without a word, as clients expect. */
async function changeOf(
  body: z.output<typeof updateUserRequest>,
  byAdmin: boolean,
  { passwords }: ApiParts,
): Promise<UserChange> {
  const { password, favorite_spaces: favoriteSpaces } = body;
  if (password != null) checkPassword(password);
  return {
    ...(password == null ? {} : { passwordHash: await passwords.hash(password) }),
    ...(favoriteSpaces == null ? {} : { favoriteSpaces }),
    ...(byAdmin
      ? {
          permissions: body.permissions ?? undefined,
          groupPermissions: body.group_permissions ?? undefined,
          active: body.active ?? undefined,
        }
      : {}),
  };
}

function updated(result: UserUpdate, username: string) {
  if (result.outcome === "updated") return result.user;
  throw result.outcome === "unknown"
    ? errors.SERVER_USER_UNKNOWN({ username })
    : errors.SERVER_LAST_ADMIN({ username });
}
