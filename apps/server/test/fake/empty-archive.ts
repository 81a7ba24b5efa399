import type { EvaluationArchive, ObservationArchive } from "@scouter/lake";

const empty = {
  write: async () => 0,
  epoch: async () => 0,
  merge: async () => false,
  expire: async () => 0,
  vacuum: async () => undefined,
  close: async () => undefined,
};

export const emptyArchive: ObservationArchive = {
  ...empty,
  valueChart: async () => [],
  binChart: async () => [],
  windowValues: async () => [],
  windowSums: async () => [],
  windowBins: async () => [],
  lastValues: async () => [],
};

export const emptyEvaluationArchive: EvaluationArchive = {
  ...empty,
  taskChart: async () => [],
  workflowChart: async () => [],
  counts: async () => [],
  profileCounts: async () => [],
  taskTallies: async () => [],
  judgeCosts: async () => [],
  passRates: async () => ({ sum: 0, count: 0, passedTasks: 0, totalTasks: 0 }),
};
