import { describe, expect, it } from "vitest";
import { repeatsOf, scenarioLook, verdictLook } from "./run-look.ts";

describe("repeatsOf", () => {
  it.each([
    [null, "–", "not in this run"],
    [{ passes: "1/2", observations: ["passed", "not-passed"] }, "1/2 ●✕", "1/2: passed, failed"],
    [
      { passes: "0/0 (1 missing)", observations: ["missing"] },
      "0/0 (1 missing) ?",
      "0/0 (1 missing): missing",
    ],
  ])("%j", (side, shown, said) => {
    expect(repeatsOf(side)).toEqual({ shown, said });
  });
});

it("has a word for what it knows, and shows what it does not", () => {
  expect(verdictLook("fail")).toEqual({ status: "failed", word: "Regression" });
  expect(verdictLook("later")).toEqual({ status: "no-data", word: "later" });
  expect(scenarioLook("flaky").word).toBe("Flaky");
  expect(scenarioLook("later").word).toBe("later");
});
