/** Who is asking, and what they may do. */
export interface Principal {
  readonly username: string;
  /** `read:<space>`, `write:<space>`, `delete:<space>`; `all` stands for every space. */
  readonly permissions: readonly string[];
  /** Holding `admin` means every permission. */
  readonly groupPermissions: readonly string[];
}

export type Action = "read" | "write";

/** The group that may do everything. */
export const ADMIN_GROUP = "admin";

export function isAdmin(principal: Principal): boolean {
  return principal.groupPermissions.includes(ADMIN_GROUP);
}

export function may(principal: Principal, action: Action, space: string): boolean {
  return mayEverywhere(principal, action) || principal.permissions.includes(`${action}:${space}`);
}

/** In every space: no need to find out which one something belongs to. */
export function mayEverywhere(principal: Principal, action: Action): boolean {
  return isAdmin(principal) || principal.permissions.includes(`${action}:all`);
}

/** In at least one space: what spans, tags and other things that belong to no space ask for. */
export function maySomewhere(principal: Principal, action: Action): boolean {
  return (
    isAdmin(principal) ||
    principal.permissions.some((permission) => permission.startsWith(`${action}:`))
  );
}

/** The spaces in which this is allowed; `all` when that is everywhere. */
export function spacesOf(principal: Principal, action: Action): readonly string[] | "all" {
  if (mayEverywhere(principal, action)) return "all";
  const prefix = `${action}:`;
  return principal.permissions
    .filter((permission) => permission.startsWith(prefix))
    .map((permission) => permission.slice(prefix.length));
}
