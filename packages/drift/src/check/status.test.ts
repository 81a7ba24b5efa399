import { expect, it } from "vitest";
import { errors } from "../errors.ts";
import { isolated } from "./status.ts";

it("gives a result back", () => {
  expect(isolated(() => ({ status: "ok" }))).toEqual({ status: "ok" });
});

it.each([
  [errors.DRIFT_METRICS_MISSING({}), "DRIFT_METRICS_MISSING"],
  [new TypeError("x is undefined"), "DRIFT_CHECK_CRASHED"],
])("makes a status of %s", (error, code) => {
  const result = isolated(() => {
    throw error;
  });
  expect(result).toMatchObject({ status: "error", code });
});
