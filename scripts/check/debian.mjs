import { existsSync, readFileSync } from "node:fs";

/** Whether this is Debian or one of its kin, where `apt-get` installs. */
export function isDebianKin() {
  const file = "/etc/os-release";
  return (
    existsSync(file) && /^ID(?:_LIKE)?=.*\b(?:debian|ubuntu)\b/m.test(readFileSync(file, "utf8"))
  );
}
