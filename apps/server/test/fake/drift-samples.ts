import type { WindowData } from "../../src/drift/window-data.ts";

const none = async () => new Map<string, never>();

export const noData: WindowData = {
  spcValues: none,
  lastSpcValues: none,
  psiBinCounts: none,
  psiBinCountsOf: async (windows) => windows.map(() => new Map()),
  customTallies: none,
  agentTallies: async () => ({ passRates: { sum: 0, count: 0 }, byTask: new Map() }),
};

/** The metric `mape` is 2 in every window. */
export const alwaysHigh: WindowData = {
  ...noData,
  customTallies: async () => new Map([["mape", { sum: 4, count: 2 }]]),
};
