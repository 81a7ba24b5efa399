import { expect, it } from "vitest";
import type { TableView } from "../reader/read-view.ts";
import { spansSql } from "./merged-traces.ts";

it("waits for the files that may hold spans of the range, and for no others", async () => {
  const held: string[] = [];
  const file = (path: string, from: bigint | undefined, to: bigint | undefined) => ({
    path,
    records: 1,
    minStartNano: from,
    maxStartNano: to,
    add: { path, partitionValues: {}, size: 1, modificationTime: 0, dataChange: true },
  });
  const view: TableView = {
    files: [
      file("before", 1n, 9n),
      file("at the start", 5n, 10n),
      file("at the end", 20n, 25n),
      file("within", 12n, 13n),
      file("unknown", undefined, undefined),
    ],
    segments: [],
    hold: async (files) => void held.push(...files.map(({ path }) => path)),
    placesOf: async () => [],
    release: async () => undefined,
  };
  const sql = await spansSql(view, { fromNano: 10n, toNano: 20n }, ["trace_id"]);
  expect(held).toEqual(["at the start", "within", "unknown"]);
  expect(sql).not.toContain("before");
});
