import type { ProfileSummary, TaskCounts } from "@scouter/contracts";
import { useApiQuery } from "./queries.ts";

export interface EvaluatedProfile extends ProfileSummary {
  readonly records_evaluated: number;
  readonly tasks: TaskCounts;
  readonly pass_rate: number | null;
}

export interface FeatureOfProfile {
  readonly profile_uid: string;
  readonly name: string;
}

/** Reply of `GET /scouter/v2/summary`: everything that is stored, of all time. */
export interface Summary {
  readonly spans: number;
  readonly traces: number;
  readonly error_spans: number;
  readonly records: {
    readonly pending: number;
    readonly processing: number;
    readonly processed: number;
    readonly failed: number;
  };
  readonly tasks: TaskCounts;
  readonly pass_rate: number | null;
  readonly alerts: { readonly active: number; readonly total: number };
  readonly windows: {
    readonly due: number;
    readonly running: number;
    readonly done: number;
    readonly failed: number;
    readonly skipped: number;
  };
  readonly features: {
    readonly drifted: readonly FeatureOfProfile[];
    readonly stable: readonly FeatureOfProfile[];
  };
  readonly profiles: readonly EvaluatedProfile[];
}

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
