import type { EvalReport, EvalRunPage, RunScenario } from "@scouter/contracts";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import type { ApiError } from "../../api/api-error.ts";
import { LIVE_INTERVAL_MS, useApi, useApiQuery, useLive } from "../../api/queries.ts";

const ROOT = "/scouter/v2/eval/runs";
const RUNS_OF_A_PAGE = 50;
const WAITING_POLL_MS = 2_000;

export interface RunFilter {
  readonly space: string | undefined;
  readonly suite: string | undefined;
}

/** Offline runs, newest first, one page after the other. */
export function useRuns(filter: RunFilter) {
  const api = useApi();
  const live = useLive();
  return useInfiniteQuery<
    EvalRunPage,
    ApiError,
    readonly EvalRunPage[],
    readonly unknown[],
    string | undefined
  >({
    queryKey: ["runs", filter],
    queryFn: ({ pageParam, signal }) =>
      api.get(ROOT, { query: { ...filter, cursor: pageParam, limit: RUNS_OF_A_PAGE }, signal }),
    initialPageParam: undefined,
    getNextPageParam: ({ next_cursor: cursor }) => cursor ?? undefined,
    select: ({ pages }) => pages,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => {
      if (live) return LIVE_INTERVAL_MS;
      const isEmpty = state.data?.pages.every(({ items }) => items.length === 0) ?? false;
      return isEmpty ? WAITING_POLL_MS : false;
    },
  });
}

/** What every report of the run says; compared with `baseline` when there is one. */
export function useRunReport(id: string, baseline: string | undefined) {
  return useApiQuery<EvalReport>({
    key: ["run-report", id, baseline],
    load: ({ api, signal }) =>
      api.get(`${ROOT}/${encodeURIComponent(id)}/report`, { query: { baseline }, signal }),
  });
}

/** The runs that a run may be compared with: the newest of its suite. */
export function useRunsOfSuite(suite: string | undefined) {
  return useApiQuery<EvalRunPage>({
    key: ["runs-of-suite", suite],
    enabled: suite !== undefined,
    load: ({ api, signal }) => api.get(ROOT, { query: { suite, limit: 200 }, signal }),
  });
}

/** One scenario with its answers; undefined while no run is named. */
export function useRunScenario(id: string | undefined, scenario: string) {
  return useApiQuery<RunScenario>({
    key: ["run-scenario", id, scenario],
    enabled: id !== undefined,
    load: ({ api, signal }) =>
      api.get(`${ROOT}/${encodeURIComponent(id ?? "")}/scenario`, { query: { scenario }, signal }),
  });
}
