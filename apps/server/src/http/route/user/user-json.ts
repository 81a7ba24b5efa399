import type { User } from "@scouter/database";
import { z } from "zod";

const names = z.array(z.string().min(1).max(200)).max(1000);

export const createUserRequest = z.object({
  username: z.string(),
  password: z.string(),
  email: z.string().min(1).max(320),
  permissions: names.nullish(),
  group_permissions: names.nullish(),
  role: z.string().min(1).max(64).nullish(),
  active: z.boolean().nullish(),
});

export const updateUserRequest = z.object({
  password: z.string().nullish(),
  favorite_spaces: names.nullish(),
  permissions: names.nullish(),
  group_permissions: names.nullish(),
  active: z.boolean().nullish(),
});

export const userResponse = z.object({
  username: z.string(),
  email: z.string(),
  active: z.boolean(),
  role: z.string(),
  permissions: z.array(z.string()),
  group_permissions: z.array(z.string()),
  favorite_spaces: z.array(z.string()),
});

/** What others may see of a user: no hash, no token. */
export function userJson(user: User): z.output<typeof userResponse> {
  return {
    username: user.username,
    email: user.email,
    active: user.active,
    role: user.role,
    permissions: [...user.permissions],
    group_permissions: [...user.groupPermissions],
    favorite_spaces: [...user.favoriteSpaces],
  };
}
