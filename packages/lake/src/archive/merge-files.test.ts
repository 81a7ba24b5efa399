import type { AddFile } from "@scouter/delta";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planMerge } from "./merge-files.ts";

const MB = 2 ** 20;
const into = { day: "2026-03-01", part: "0" };
let serial = 0;
const fileOf = (size: number): AddFile => ({
  path: `f${(serial += 1)}`,
  partitionValues: into,
  size,
  modificationTime: 0,
  dataChange: true,
});

describe("merging small files", () => {
  it.each<[string, readonly number[], readonly number[] | undefined]>([
    ["takes the small ones and leaves the large", [40, 1, 50, 2], [1, 2]],
    ["stops at the size", [31, 30, 3, 29], [3, 29, 30]],
    ["leaves a single one", [31, 33], undefined],
    ["has nothing to do without files", [], undefined],
  ])("%s", (_, sizes, expected) => {
    const planned = planMerge([{ files: sizes.map((size) => fileOf(size * MB)), into }]);
    expect(planned?.files.map(({ size }) => size / MB)).toEqual(expected);
  });

  it("comes to an end, mixes no groups, and makes nothing larger than 64 MB", () => {
    const sizes = fc.array(fc.array(fc.integer({ min: 1, max: 90 * MB }), { maxLength: 20 }), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(sizes, (groups) => {
        const held = groups.map((of, group) => ({
          files: of.map(fileOf),
          into: { day: `day ${group}` },
        }));
        const files = held.reduce((sum, group) => sum + group.files.length, 0);
        for (let merges = 0; ; merges += 1) {
          expect(merges).toBeLessThanOrEqual(files);
          const planned = planMerge(held);
          if (planned === undefined) break;
          const group = held.find((one) => one.into === planned.into);
          expect(planned.files.every((file) => group?.files.includes(file))).toBe(true);
          const size = planned.files.reduce((sum, file) => sum + file.size, 0);
          expect(size).toBeLessThanOrEqual(64 * MB);
          group?.files.push(fileOf(size));
          if (group) group.files = group.files.filter((file) => !planned.files.includes(file));
        }
        for (const { files: left } of held) {
          expect(left.filter(({ size }) => size < 32 * MB).length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 50 },
    );
  });
});
