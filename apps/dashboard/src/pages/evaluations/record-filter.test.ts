import { describe, expect, it } from "vitest";
import { recordFilterOf } from "./record-filter.ts";

describe("the filter of records", () => {
  it.each([
    { name: "nothing given", given: {}, filter: {} },
    {
      name: "everything given",
      given: { task: "right_unit", outcome: "failed", status: "Processed", range: "2h" },
      filter: { task: "right_unit", outcome: "failed", status: "Processed" },
    },
    { name: "words that are none", given: { outcome: "good", status: "done" }, filter: {} },
    { name: "an empty task", given: { task: "" }, filter: {} },
  ])("$name", ({ given, filter }) => {
    expect(recordFilterOf(given)).toEqual(filter);
  });
});
