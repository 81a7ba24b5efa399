import type { ClaimedWindow } from "@scouter/database";
import type { BinTally } from "@scouter/drift";
import type { TimeWindow, WindowData } from "./window-data.ts";

/**
 * `data`, with the bin counts of these windows read by one statement. Of the other kinds of profile little is read, and of
 * a window that is not among them it is read when it is asked for.
 *
 * @throws what the data's source rejects with
 */
export async function prefetchedCounts(
  windows: readonly ClaimedWindow[],
  data: WindowData,
): Promise<WindowData> {
  const wanted = windows
    .filter(({ profile }) => profile.driftType === "Psi")
    .map(({ profile: { uid }, startMs, endMs }) => ({ uid, startMs, endMs }));
  if (wanted.length < 2) return data;
  const counts = await data.psiBinCountsOf(wanted);
  const known = new Map<string, BinTally>();
  for (const [i, { uid, ...window }] of wanted.entries()) {
    const tally = counts[i];
    if (tally !== undefined) known.set(keyOf(uid, window), tally);
  }
  return {
    spcValues: (uid, window) => data.spcValues(uid, window),
    lastSpcValues: (uid, atMs, count) => data.lastSpcValues(uid, atMs, count),
    psiBinCounts: async (uid, window) =>
      known.get(keyOf(uid, window)) ?? (await data.psiBinCounts(uid, window)),
    psiBinCountsOf: (others) => data.psiBinCountsOf(others),
    customTallies: (uid, window) => data.customTallies(uid, window),
    agentTallies: (uid, window) => data.agentTallies(uid, window),
  };
}

function keyOf(uid: string, { startMs, endMs }: TimeWindow): string {
  return `${uid} ${startMs} ${endMs}`;
}
