import type { Database, NewUser } from "@scouter/database";
import { afterEach, describe, expect, it } from "vitest";
import { fresh } from "./samples.ts";

function newUser(fields: Partial<NewUser> = {}): NewUser {
  const username = fields.username ?? fresh("user");
  return {
    username,
    email: `${username}@example.com`,
    passwordHash: "hash",
    recoveryCodeHashes: ["code hash"],
    permissions: ["read:all"],
    groupPermissions: ["user"],
    role: "user",
    active: true,
    ...fields,
  };
}

const admin = (fields: Partial<NewUser> = {}) =>
  newUser({ groupPermissions: ["admin"], ...fields });

/** Leaves no user behind, so that each test decides who the last admin is. */
export function usersContract(database: () => Database): void {
  describe("users", () => {
    afterEach(async () => {
      const { users } = database();
      const all = await users.list();
      // The last admin goes when it is none any more, which another admin makes possible.
      await users.create(admin());
      for (const { username } of all) await users.delete(username);
    });

    it("stores users once by name and by email, and finds them", async () => {
      const { users } = database();
      const user = newUser({ permissions: ["write:a", "read:a", "write:a"] });
      expect(await users.create(user)).toBe("created");
      expect(await users.create({ ...user, email: "other" })).toBe("taken");
      expect(await users.create({ ...newUser(), email: user.email })).toBe("taken");
      expect(await users.byName(user.username)).toEqual({
        ...user,
        permissions: ["write:a", "read:a"],
        favoriteSpaces: [],
        refreshToken: null,
      });
      expect(await users.byName(user.username.toUpperCase())).toBeUndefined();
      expect(await users.byName("no such\u0000user")).toBeUndefined();
    });

    it("lists in the order of names and counts", async () => {
      const { users } = database();
      const before = await users.count();
      const [first, second] = [fresh("a"), fresh("z")];
      await users.create(newUser({ username: second }));
      await users.create(newUser({ username: first }));
      const names = (await users.list()).map(({ username }) => username);
      expect(names.indexOf(first)).toBeLessThan(names.indexOf(second));
      expect(names).toEqual(names.toSorted());
      expect(await users.count()).toBe(before + 2);
    });

    it("changes what is given and keeps the rest", async () => {
      const { users } = database();
      const user = newUser();
      await users.create(user);
      const result = await users.update(user.username, { favoriteSpaces: ["b", "a", "b"] });
      expect(result).toMatchObject({
        outcome: "updated",
        user: { ...user, favoriteSpaces: ["b", "a"] },
      });
      const change = {
        passwordHash: "new",
        permissions: ["write:x", "write:x"],
        groupPermissions: ["a", "b", "a"],
        active: false,
      };
      await users.update(user.username, change);
      expect(await users.byName(user.username)).toMatchObject({
        passwordHash: "new",
        permissions: ["write:x"],
        groupPermissions: ["a", "b"],
        active: false,
        favoriteSpaces: ["b", "a"],
      });
      expect(await users.update(fresh("nobody"), {})).toEqual({ outcome: "unknown" });
    });

    it("forgets the refresh token when what a login rests on changes", async () => {
      const { users } = database();
      const { username } = newUser();
      await users.create(newUser({ username }));
      expect(await users.storeRefreshToken(username, "t1")).toBe(true);
      await users.update(username, { favoriteSpaces: ["s"] });
      expect(await users.byName(username)).toMatchObject({ refreshToken: "t1" });
      const changes = [
        { passwordHash: "h2" },
        { permissions: [] },
        { groupPermissions: [] },
        { active: false },
      ];
      for (const change of changes) {
        await users.storeRefreshToken(username, "t2");
        await users.update(username, change);
        expect(await users.byName(username)).toMatchObject({ refreshToken: null });
      }
      expect(await users.storeRefreshToken(fresh("nobody"), "t")).toBe(false);
    });

    it("keeps the last admin, whatever is tried, and lets the last but one go", async () => {
      const { users } = database();
      const [first, second] = [admin(), admin()];
      await users.create(first);
      await users.create(second);
      await users.create(admin({ active: false }));
      for (const { username } of await users.list()) {
        if (username !== first.username && username !== second.username) {
          await users.delete(username);
        }
      }
      expect(await users.update(second.username, { active: false })).toMatchObject({
        outcome: "updated",
      });
      expect(await users.delete(first.username)).toBe("last-admin");
      expect(await users.update(first.username, { active: false })).toEqual({
        outcome: "last-admin",
      });
      expect(await users.update(first.username, { groupPermissions: ["user"] })).toEqual({
        outcome: "last-admin",
      });
      expect(await users.update(first.username, { passwordHash: "h" })).toMatchObject({
        outcome: "updated",
      });
      await users.update(second.username, { active: true });
      expect(await users.delete(first.username)).toBe("deleted");
      expect(await users.delete(first.username)).toBe("unknown");
    });

    it("keeps one of two admins that delete each other at once", async () => {
      const { users } = database();
      const pair = [admin(), admin()];
      for (const user of pair) await users.create(user);
      for (const { username } of await users.list()) {
        if (!pair.some((user) => user.username === username)) await users.delete(username);
      }
      const outcomes = await Promise.all(pair.map(({ username }) => users.delete(username)));
      expect(outcomes.toSorted()).toEqual(["deleted", "last-admin"]);
    });

    it("creates first users only when there is none", async () => {
      expect(await database().users.createFirst([admin()])).toBe(false);
    });
  });
}

/** On a store that never had a user. */
export async function expectOneFirstUser(db: Database): Promise<void> {
  for (const { username } of await db.users.list()) await db.users.delete(username);
  const teams = Array.from({ length: 5 }, () => [admin(), newUser()]);
  const wins = await Promise.all(teams.map((team) => db.users.createFirst(team)));
  expect(wins.filter(Boolean)).toHaveLength(1);
  expect(await db.users.count()).toBe(2);
}
