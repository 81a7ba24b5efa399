import type { ObservationArchive } from "@scouter/lake";

export const emptyArchive: ObservationArchive = {
  write: async () => 0,
  epoch: async () => 0,
  valueChart: async () => [],
  binChart: async () => [],
  vacuum: async () => undefined,
  close: async () => undefined,
};
