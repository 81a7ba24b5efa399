import { describe, expect, it } from "vitest";
import type { SpanFile } from "../table/span-file.ts";
import type { RowGroup } from "./row-groups.ts";
import { TraceIndex } from "./trace-index.ts";

const NO_BIT = new Int32Array(8);
const EVERY_BIT = new Int32Array(8).fill(-1);

const startsAt = (fromNano: bigint) => ({ fromNano, toNano: fromNano + 10n });
const group = (filter: Int32Array | undefined, fromNano: bigint | undefined): RowGroup => ({
  filter,
  starts: fromNano === undefined ? undefined : startsAt(fromNano),
});

function file(path: string, records = 1, newest = 1n): SpanFile {
  const add = { path, partitionValues: {}, size: 1, modificationTime: 0, dataChange: true };
  return { path, records, minStartNano: 0n, maxStartNano: newest, add };
}

function indexOf(groups: Readonly<Record<string, readonly RowGroup[]>>, capacitySpans = 1_000) {
  const reads: string[][] = [];
  const held = new Set<string>();
  const failures: Error[] = [];
  const index = new TraceIndex({
    capacitySpans,
    hold: (files) => ({
      ready: async () => files.forEach(({ path }) => held.add(path)),
      release: () => files.forEach(({ path }) => held.delete(path)),
    }),
    read: async (paths) => {
      expect([...held]).toEqual(expect.arrayContaining([...paths]));
      reads.push([...paths]);
      const failure = failures.pop();
      if (failure !== undefined) throw failure;
      return new Map(paths.flatMap((path) => (groups[path] ? [[path, groups[path]]] : [])));
    },
  });
  const pathsOf = async (files: readonly SpanFile[]) =>
    (await index.placesOf(["id"], files)).map((place) => [place.file.path, place.starts]);
  return { index, reads, held, failures, pathsOf };
}

describe("the index of traces", () => {
  it("names the row groups that may hold a trace, those side by side as one range", async () => {
    const { pathsOf } = indexOf({
      none: [group(NO_BIT, 0n)],
      some: [
        group(EVERY_BIT, 0n),
        group(NO_BIT, 10n),
        group(EVERY_BIT, 20n),
        group(EVERY_BIT, 30n),
      ],
      unfiltered: [group(undefined, 50n)],
      undated: [group(EVERY_BIT, 0n), group(EVERY_BIT, undefined)],
    });
    expect(
      await pathsOf(["none", "some", "unfiltered", "undated"].map((path) => file(path))),
    ).toEqual([
      ["some", [startsAt(0n), { fromNano: 20n, toNano: 40n }]],
      ["unfiltered", [startsAt(50n)]],
      ["undated", undefined],
    ]);
  });

  it("takes a file of which it learned nothing for one that may hold everything", async () => {
    const { pathsOf } = indexOf({});
    expect(await pathsOf([file("unheard of")])).toEqual([["unheard of", undefined]]);
  });

  it("reads a file once, however many ask for it at the same time, and lets go of it", async () => {
    const { pathsOf, reads, held } = indexOf({ a: [group(NO_BIT, 0n)], b: [group(NO_BIT, 0n)] });
    const [a, b] = [file("a"), file("b")];
    await Promise.all([pathsOf([a]), pathsOf([a, b]), pathsOf([b])]);
    await pathsOf([a, b]);
    expect(reads.flat().toSorted()).toEqual(["a", "b"]);
    expect(held.size).toBe(0);
  });

  it("fails with the reading, and tries again for the next one who asks", async () => {
    const { pathsOf, failures } = indexOf({ a: [group(NO_BIT, 0n)] });
    const a = file("a");
    failures.push(new Error("no such file"));
    await expect(pathsOf([a])).rejects.toThrow("no such file");
    expect(await pathsOf([a])).toEqual([]);
  });

  it("keeps nothing of the oldest files beyond its capacity: they may hold everything", async () => {
    const groups = { old: [group(NO_BIT, 0n)], new: [group(NO_BIT, 0n)] };
    const { pathsOf, reads } = indexOf(groups, 10);
    const files = [file("old", 6, 1n), file("new", 6, 2n)];
    expect(await pathsOf(files)).toEqual([["old", undefined]]);
    expect(reads.flat()).toEqual(["new"]);
  });
});
