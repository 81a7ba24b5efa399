import { describe, expect, it } from "vitest";
import { errors } from "../errors.ts";
import { DriverError } from "./driver-error.ts";
import { isContention, translateError } from "./translate-error.ts";

const withCode = (code: string) => Object.assign(new Error("reason"), { code });

describe("translateError", () => {
  it.each([
    { given: withCode("ECONNREFUSED"), code: "DATABASE_UNAVAILABLE", kind: "unavailable" },
    { given: withCode("ENOTFOUND"), code: "DATABASE_UNAVAILABLE", kind: "unavailable" },
    {
      given: new Error("timeout exceeded when trying to connect"),
      code: "DATABASE_UNAVAILABLE",
      kind: "unavailable",
    },
    { given: withCode("57P01"), code: "DATABASE_UNAVAILABLE", kind: "unavailable" },
    { given: withCode("25006"), code: "DATABASE_UNAVAILABLE", kind: "unavailable" },
    { given: withCode("53300"), code: "DATABASE_TOO_MANY_CONNECTIONS", kind: "unavailable" },
    { given: withCode("53100"), code: "DATABASE_NO_SPACE", kind: "unavailable" },
    { given: withCode("28P01"), code: "DATABASE_AUTHENTICATION_FAILED", kind: "unavailable" },
    { given: withCode("3D000"), code: "DATABASE_AUTHENTICATION_FAILED", kind: "unavailable" },
    { given: withCode("42501"), code: "DATABASE_PERMISSION_DENIED", kind: "forbidden" },
    { given: withCode("22P05"), code: "DATABASE_VALUE_INVALID", kind: "invalid" },
    {
      given: new DriverError({ message: "m", sqlState: "54000" }),
      code: "DATABASE_VALUE_INVALID",
      kind: "invalid",
    },
    { given: withCode("42601"), code: "DATABASE_QUERY_FAILED", kind: "internal" },
    { given: withCode("23505"), code: "DATABASE_QUERY_FAILED", kind: "internal" },
    { given: new TypeError("ours"), code: "DATABASE_QUERY_FAILED", kind: "internal" },
    { given: "a text", code: "DATABASE_UNAVAILABLE", kind: "unavailable" },
  ])("makes $code of $given", ({ given, code, kind }) => {
    expect(translateError(given)).toMatchObject({ code, kind, cause: given });
    expect(translateError(given).remedy).toBeDefined();
  });

  it("names the addresses that were tried", () => {
    const failed = new AggregateError([new Error("no ::1"), new Error("no 127.0.0.1")], "");
    expect(translateError(failed).message).toContain("no ::1; no 127.0.0.1");
  });

  it("leaves our own errors alone", () => {
    const own = errors.DATABASE_CLOSED({});
    expect(translateError(own)).toBe(own);
  });

  it("knows what may be tried again at once", () => {
    const states = ["40001", "40P01", "40003", "23505", "ECONNRESET"];
    expect(states.filter((state) => isContention(withCode(state)))).toEqual(["40001", "40P01"]);
  });
});
