import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { quickstartLogin } from "./quickstart-login.ts";

let folder: string;
let home: string;
let passwordFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scouter-login-"));
  home = join(folder, "new", "home");
  passwordFile = `${home}.password`;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const database = { DATABASE_URI: "postgres://db/scouter" };

describe("quickstartLogin", () => {
  it.each<[string, Record<string, string>, object | undefined]>([
    ["leaves an embedded server to guest", {}, undefined],
    [
      "takes the login of clients",
      { ...database, SCOUTER_USERNAME: "ann", SCOUTER_PASSWORD: "hers" },
      { username: "ann", password: "hers" },
    ],
    [
      "takes the first user's login",
      { ...database, SCOUTER_DEFAULT_USERNAME: "root", SCOUTER_DEFAULT_PASSWORD: "long enough" },
      { username: "root", password: "long enough" },
    ],
    [
      "takes the first user's login of an embedded server too",
      { SCOUTER_DEFAULT_PASSWORD: "long enough" },
      { username: "admin", password: "long enough" },
    ],
  ])("%s, and writes nothing", (_, env, credentials) => {
    const expected =
      credentials === undefined ? undefined : { credentials, passwordFile: undefined };
    expect(quickstartLogin(env, home)).toEqual(expected);
    expect(existsSync(passwordFile)).toBe(false);
  });

  it("makes a password up once, and keeps it where only the user can read it", () => {
    const first = quickstartLogin(database, home);
    expect(first?.credentials.username).toBe("admin");
    expect(first?.credentials.password).toMatch(/^[\w-]{24}$/);
    expect(first?.passwordFile).toBe(passwordFile);
    expect(readFileSync(passwordFile, "utf8")).toBe(`${String(first?.credentials.password)}\n`);
    expect(statSync(passwordFile).mode & 0o777).toBe(process.platform === "win32" ? 0o666 : 0o600);
    expect(quickstartLogin(database, home)).toEqual(first);
    expect(quickstartLogin({ ...database, SCOUTER_DEFAULT_USERNAME: "root" }, home)).toEqual({
      credentials: { username: "root", password: first?.credentials.password },
      passwordFile,
    });
  });

  it("needs one as well for a server that strangers reach", () => {
    expect(quickstartLogin({ SCOUTER_HOST: "0.0.0.0" }, home)?.passwordFile).toBe(passwordFile);
  });

  it.each([
    ["an empty file", () => writeFileSync(passwordFile, "\n"), "its first line is empty"],
    ["a folder in its place", () => mkdirSync(passwordFile), "EISDIR"],
  ])("says what is wrong with %s", (_, spoil, reason) => {
    mkdirSync(join(folder, "new"));
    spoil();
    expect(() => quickstartLogin(database, home)).toThrow(reason);
  });

  it("says why a password cannot be kept", () => {
    writeFileSync(join(folder, "new"), "a file, not a folder");
    expect(() => quickstartLogin(database, home)).toThrow("can be neither read from nor kept in");
  });
});
