import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SpanFile } from "../table/span-file.ts";
import { dateOfDay } from "../table/partition-day.ts";
import { planMaintenance } from "./maintenance-plan.ts";
import { SORTED_TAG, type MaintenanceSettings } from "./maintenance-settings.ts";

const DAY_MS = 86_400_000;
const NOW = 20_000 * DAY_MS;
const MB = 2 ** 20;
const settings: MaintenanceSettings = {
  mergeFiles: 4,
  targetBytes: 128 * MB,
  sortIntervalMs: DAY_MS,
  retentionDays: 30,
};

interface Given {
  readonly size?: number;
  readonly day?: number;
  readonly range?: readonly [from: number, to: number];
  readonly ageMs?: number;
  readonly isSorted?: boolean;
}

let names = 0;
function file({ size = 1, day = 20_000, range, ageMs = 0, isSorted = false }: Given): SpanFile {
  const path = `file ${names++}`;
  return {
    path: `/lake/${path}`,
    records: 1,
    minStartNano: range && BigInt(range[0]),
    maxStartNano: range && BigInt(range[1]),
    add: {
      path,
      size,
      partitionValues: { partition_date: dateOfDay(day) },
      modificationTime: NOW - ageMs,
      dataChange: true,
      ...(isSorted && { tags: { [SORTED_TAG]: "start_time" } }),
    },
  };
}
const files = (count: number, given: Given) => Array.from({ length: count }, () => file(given));
const shapeOf = (given: readonly SpanFile[]) =>
  planMaintenance(given, settings, NOW).map((job) => [
    job.kind,
    job.partition,
    job.files.map(({ add }) => add.size).toSorted((a, b) => a - b),
  ]);

const withoutDay = (): SpanFile => {
  const given = file({});
  return { ...given, add: { ...given.add, partitionValues: { partition_date: null } } };
};
const old = { ageMs: DAY_MS };
const today = dateOfDay(20_000);
describe("planMaintenance", () => {
  it.each<[string, readonly SpanFile[], readonly unknown[]]>([
    ["no file", [], []],
    ["less small files than are merged", files(3, {}), []],
    ["enough small files", files(4, {}), [["merge", today, [1, 1, 1, 1]]]],
    ["enough files, but large ones", files(9, { size: 64 * MB }), []],
    ["small files of several days", [...files(3, {}), ...files(3, { day: 19_999 })], []],
    [
      "small files beside one that is larger than all of them",
      [...files(4, {}), file({ size: 100 })],
      [["merge", today, [1, 1, 1, 1]]],
    ],
    [
      "few tiny files beside larger ones",
      [file({}), ...files(3, { size: 100 })],
      [["merge", today, [1, 100, 100, 100]]],
    ],
    [
      "small files that are more than the target together",
      files(4, { size: 50 * MB }),
      [["merge", today, [50 * MB, 50 * MB]]],
    ],
    ["a day that is kept for one day more", [file({ day: 19_970 })], []],
    ["an expired day", [file({ day: 19_969 })], [["expire", dateOfDay(19_969), [1]]]],
    ["files that are not sorted, but young", files(2, { size: 64 * MB }), []],
    ["one old file", [file(old)], []],
    [
      "old files",
      [file({ ...old, range: [0, 5] }), file({ ...old, range: [4, 9] })],
      [["sort", today, [1, 1]]],
    ],
    ["files without a day", [1, 2, 3, 4].map(withoutDay), []],
    ["sorted files", files(2, { ...old, isSorted: true, range: [0, 5] }), []],
    [
      "an old file within a sorted one",
      [
        file({ ...old, size: 3, range: [10, 12] }),
        file({ ...old, size: 80 * MB, isSorted: true, range: [5, 15] }),
        file({ ...old, size: 90 * MB, isSorted: true, range: [16, 20] }),
      ],
      [["sort", today, [3, 80 * MB]]],
    ],
    [
      "an old file behind a small sorted one",
      [
        file({ ...old, size: 3, range: [10, 12] }),
        file({ ...old, size: 5, isSorted: true, range: [5, 6] }),
      ],
      [["sort", today, [3, 5]]],
    ],
    [
      "more to sort than one commit takes",
      files(9, { ...old, size: 100 * MB, range: [0, 5] }),
      [["sort", today, [100 * MB, 100 * MB]]],
    ],
  ])("plans for %s", (_name, given, jobs) => {
    expect(shapeOf(given)).toEqual(jobs);
  });

  it("ends: doing the first job again and again leaves nothing to do", () => {
    const anyFile = fc.record({
      size: fc.oneof(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: MB, max: 130 * MB })),
      day: fc.integer({ min: 19_960, max: 20_000 }),
      range: fc
        .tuple(fc.nat({ max: 100 }), fc.nat({ max: 20 }))
        .map(([from, length]) => [from, from + length] as const),
      ageMs: fc.constantFrom(0, 2 * DAY_MS),
      isSorted: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anyFile, { maxLength: 60 }), (given) => {
        let live: readonly SpanFile[] = given.map(file);
        for (let done = 0; ; done += 1) {
          const [job] = planMaintenance(live, settings, NOW);
          if (job === undefined) break;
          expect(done).toBeLessThan(3 * given.length);
          expect(job.kind === "expire" || job.files.length > 1).toBe(true);
          expect(new Set(job.files).size).toBe(job.files.length);
          const size = job.files.reduce((sum, { add }) => sum + add.size, 0);
          const kept = live.filter((each) => !job.files.includes(each));
          live = job.kind === "expire" ? kept : [...kept, ...rewritten(job.kind, job.files, size)];
        }
        const small = live.filter(({ add }) => add.size < 64 * MB);
        const perDay = Map.groupBy(small, ({ add }) => add.partitionValues["partition_date"]);
        for (const inDay of perDay.values()) expect(inDay.length).toBeLessThan(4);
      }),
    );
  });
});

/** One file, or as many as a sort divides them into. */
function rewritten(kind: "merge" | "sort", from: readonly SpanFile[], size: number): SpanFile[] {
  const day = Date.parse(from[0]?.add.partitionValues["partition_date"] ?? "") / DAY_MS;
  const starts = from.map(({ minStartNano }) => Number(minStartNano));
  const ends = from.map(({ maxStartNano }) => Number(maxStartNano));
  const range = [Math.min(...starts), Math.max(...ends)] as const;
  if (kind === "merge") return [file({ size, day, range })];
  const parts = Math.max(1, Math.round(size / settings.targetBytes));
  return files(parts, { size: size / parts, day, range, isSorted: true });
}
