import type { ClaimedWindow } from "@scouter/database";
import { expect, it } from "vitest";
import { noData } from "../../test/fake/drift-samples.ts";
import { prefetchedCounts } from "./prefetched-counts.ts";

function windowOf(uid: string, driftType = "Psi"): ClaimedWindow {
  return { startMs: 0, endMs: 1000, profile: { uid, driftType } } as unknown as ClaimedWindow;
}

/** Every bin count is the number of the read, from 1; a batch is one read. */
function countingData() {
  const reads: (readonly string[])[] = [];
  const tally = () => new Map([["speed", new Map([[1, reads.length]])]]);
  const data = {
    ...noData,
    psiBinCounts: async (uid: string) => {
      reads.push([uid]);
      return tally();
    },
    psiBinCountsOf: async (windows: readonly { readonly uid: string }[]) => {
      reads.push(windows.map(({ uid }) => uid));
      return windows.map(tally);
    },
  };
  return { data, reads };
}

it("reads the counts of all windows once, and others when they are asked for", async () => {
  const { data, reads } = countingData();
  const windows = [windowOf("a"), windowOf("metrics", "Custom"), windowOf("b")];
  const prefetched = await prefetchedCounts(windows, data);
  expect(await prefetched.psiBinCounts("a", { startMs: 0, endMs: 1000 })).toEqual(
    new Map([["speed", new Map([[1, 1]])]]),
  );
  await prefetched.psiBinCounts("b", { startMs: 0, endMs: 1000 });
  expect(reads).toEqual([["a", "b"]]);
  await prefetched.psiBinCounts("b", { startMs: 0, endMs: 999 });
  expect(reads).toEqual([["a", "b"], ["b"]]);
});

it.each([[[windowOf("a")]], [[windowOf("m", "Custom"), windowOf("n", "Spc")]]])(
  "reads nothing before when one statement would save none",
  async (windows) => {
    const { data, reads } = countingData();
    expect(await prefetchedCounts(windows, data)).toBe(data);
    expect(reads).toEqual([]);
  },
);
