import type { Summary } from "@scouter/contracts";
import { useApiQuery } from "./queries.ts";

interface SummaryOptions {
  readonly pollMs?: number | ((value: Summary | undefined) => number | false);
}

export function useSummary(options: SummaryOptions = {}) {
  return useApiQuery<Summary>({
    ...options,
    key: ["summary"],
    load: ({ api, signal }) => api.get("/scouter/v2/summary", { signal }),
  });
}
