import { errors } from "../errors.ts";

/** Names stand in paths, headers and logs. */
export const USERNAME = /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$/;
/** Clients send passwords in a header: printable ASCII, no space at the ends, where headers lose it. */
export const PASSWORD = /^[!-~][ -~]{6,254}[!-~]$/;

export const USERNAME_WORDS =
  "1 to 64 letters, digits and _ . @ - that begin with a letter, a digit or _";
export const PASSWORD_WORDS = "8 to 256 printable ASCII characters without a space at the ends";

/** @throws `SERVER_USER_INVALID` */
export function checkUsername(username: string): void {
  if (USERNAME.test(username)) return;
  throw errors.SERVER_USER_INVALID({ field: "user name", expected: USERNAME_WORDS });
}

/** @throws `SERVER_USER_INVALID`, which never shows the password */
export function checkPassword(password: string): void {
  if (PASSWORD.test(password)) return;
  throw errors.SERVER_USER_INVALID({ field: "password", expected: PASSWORD_WORDS });
}
