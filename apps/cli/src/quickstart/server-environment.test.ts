import { describe, expect, it } from "vitest";
import { databaseWords, serverEnvironment } from "./server-environment.ts";

const login = { username: "admin", password: "made up here" };
const DATABASE_URI = "postgres://user:secret@db.example:5433/scouter";
const firstUser = { SCOUTER_DEFAULT_USERNAME: "admin", SCOUTER_DEFAULT_PASSWORD: "made up here" };
const anonymous = { SCOUTER_OTLP_ANONYMOUS: "true" };

describe("serverEnvironment", () => {
  it.each<[string, Record<string, string>, Record<string, string>]>([
    ["embedded", {}, {}],
    ["embedded, with other variables", { LOG_LEVEL: "debug" }, { LOG_LEVEL: "debug" }],
    ["a storage of another program", { SCOUTER_STORAGE_URI: "s3://x" }, {}],
    ["a blank database", { DATABASE_URI: " " }, { DATABASE_URI: " " }],
    ["a database", { DATABASE_URI }, { DATABASE_URI, ...firstUser, ...anonymous }],
    [
      "a database and a bucket",
      { DATABASE_URI, SCOUTER_STORAGE_URI: "s3://x" },
      { DATABASE_URI, ...firstUser, ...anonymous },
    ],
    [
      "what the shell says goes first",
      { DATABASE_URI, SCOUTER_DEFAULT_USERNAME: "ann", SCOUTER_OTLP_ANONYMOUS: "false" },
      {
        DATABASE_URI,
        ...firstUser,
        SCOUTER_DEFAULT_USERNAME: "ann",
        SCOUTER_OTLP_ANONYMOUS: "false",
      },
    ],
    [
      "a blank variable says nothing",
      { DATABASE_URI, SCOUTER_DEFAULT_PASSWORD: "" },
      { DATABASE_URI, ...firstUser, ...anonymous },
    ],
    ["strangers reach it", { SCOUTER_HOST: "0.0.0.0" }, { SCOUTER_HOST: "0.0.0.0", ...firstUser }],
    [
      "another loopback address",
      { DATABASE_URI, SCOUTER_HOST: "127.0.0.2" },
      { DATABASE_URI, SCOUTER_HOST: "127.0.0.2", ...firstUser, ...anonymous },
    ],
  ])("%s", (_, env, expected) => {
    expect(serverEnvironment(env, { home: "/home", login })).toEqual({
      ...expected,
      SCOUTER_HOME: "/home",
    });
  });
});

describe("databaseWords", () => {
  it.each([
    [undefined, "embedded, in that folder"],
    [DATABASE_URI, "PostgreSQL at db.example:5433/scouter (DATABASE_URI)"],
    ["postgres:///scouter?host=/run&password=secret", "PostgreSQL, as DATABASE_URI names it"],
    ["postgres://u:secret@one,two:5432/x", "PostgreSQL at one,two:5432/x (DATABASE_URI)"],
    ["postgres://u:secret@one:1,two:2/x", "PostgreSQL, as DATABASE_URI names it"],
  ])("names %s without its secrets", (uri, words) => {
    expect(databaseWords(uri === undefined ? {} : { DATABASE_URI: uri })).toBe(words);
  });
});
