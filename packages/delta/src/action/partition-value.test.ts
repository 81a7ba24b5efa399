import { describe, expect, it } from "vitest";
import { type PartitionValue, partitionFolder, partitionText } from "./partition-value.ts";

describe("a partition value", () => {
  const rows: readonly (readonly [PartitionValue | null, string | null])[] = [
    [null, null],
    [{ type: "string", value: "" }, null],
    [{ type: "string", value: "a/b" }, "a/b"],
    [{ type: "integer", value: -3 }, "-3"],
    [{ type: "integer", value: 9_007_199_254_740_993n }, "9007199254740993"],
    [{ type: "boolean", value: true }, "true"],
    [{ type: "date", value: 0 }, "1970-01-01"],
    [{ type: "date", value: 20_119 }, "2025-01-31"],
    [{ type: "date", value: -1 }, "1969-12-31"],
    [{ type: "timestamp", value: 1_738_324_800_123_456n }, "2025-01-31 12:00:00.123456"],
    [{ type: "timestamp", value: -1n }, "1969-12-31 23:59:59.999999"],
  ];
  it.each(rows.map(([value, text]) => [String(text), value, text] as const))(
    "is written as %s",
    (_name, value, text) => {
      expect(partitionText(value)).toBe(text);
    },
  );
});

describe("the folder of a partition", () => {
  it.each([
    [[], {}, ""],
    [["day"], { day: "2025-01-31" }, "day=2025-01-31"],
    [
      ["day", "region"],
      { region: "eu/west=1", day: null },
      "day=__HIVE_DEFAULT_PARTITION__/region=eu%2Fwest%3D1",
    ],
    [["at"], { at: "2025-01-31 12:00:00" }, "at=2025-01-31 12%3A00%3A00"],
  ])("%j of %j is '%s'", (columns, values, folder) => {
    expect(partitionFolder(columns, values)).toBe(folder);
  });
});
