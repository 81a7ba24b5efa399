import { describe, expect, it } from "vitest";
import { countsText, intervalText, outcomeLook } from "./outcome-look.ts";

const none = { passed: 0, failed: 0, errored: 0, skipped: 0 };

describe("outcomes in words", () => {
  it("leave skipped tasks out of what a rate is of", () => {
    expect(countsText({ passed: 2, failed: 1, errored: 1, skipped: 9 })).toBe("2 of 4 tasks");
    expect(countsText({ ...none, passed: 1 })).toBe("1 of 1 task");
  });

  it("have an interval only where something was counted", () => {
    expect(intervalText(0.8858, 0.9538)).toBe("88.6–95.4 %");
    expect(intervalText(null, null)).toBeUndefined();
  });

  it("do not call a closed gate a failure", () => {
    expect(outcomeLook("failed", true).tone).toBe("neutral");
    expect(outcomeLook("failed", false).tone).toBe("alert");
  });
});
