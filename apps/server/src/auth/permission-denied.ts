import { errors } from "../errors.ts";
import type { Action, Principal } from "./principal.ts";

export function permissionDenied(principal: Principal, action: Action, space: string) {
  const permission = `${action}:${space}`;
  return errors.SERVER_PERMISSION_DENIED({ username: principal.username, permission });
}
