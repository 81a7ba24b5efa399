import type { NewUser, User, UserRepository } from "@scouter/database";

/** Users in memory. `check` stands for the database being away. */
export function fakeUsers(check: () => void): UserRepository {
  const users = new Map<string, User>();
  const lastAdmin = (username: string) => {
    const admins = [...users.values()].filter(
      (user) => user.active && user.groupPermissions.includes("admin"),
    );
    return admins.length === 1 && admins[0]?.username === username;
  };
  const add = (user: NewUser) =>
    users.set(user.username, { ...user, favoriteSpaces: [], refreshToken: null });
  return {
    async create(user) {
      if (users.has(user.username)) return "taken";
      add(user);
      return "created";
    },
    async createFirst(first) {
      check();
      if (users.size > 0) return false;
      for (const user of first) add(user);
      return true;
    },
    async byName(username) {
      check();
      return users.get(username);
    },
    list: async () => [...users.values()],
    async update(username, change) {
      const before = users.get(username);
      if (before === undefined) return { outcome: "unknown" };
      if (change.active === false && lastAdmin(username)) return { outcome: "last-admin" };
      const given = Object.entries(change).filter(([, value]) => value !== undefined);
      const user: User = { ...before, ...Object.fromEntries(given), refreshToken: null };
      users.set(username, user);
      return { outcome: "updated", user };
    },
    async delete(username) {
      if (lastAdmin(username)) return "last-admin";
      return users.delete(username) ? "deleted" : "unknown";
    },
    async storeRefreshToken(username, refreshToken) {
      const user = users.get(username);
      if (user !== undefined) users.set(username, { ...user, refreshToken });
      return user !== undefined;
    },
    count: async () => users.size,
  };
}
