import type { AlertDetail, AlertExplanation, AlertItemPage } from "@scouter/contracts";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import type { ApiError } from "../../api/api-error.ts";
import { LIVE_INTERVAL_MS, useApi, useApiQuery, useLive } from "../../api/queries.ts";
import { spanOf } from "../../time/time-range.ts";
import { useTimeRange } from "../../time/use-time-range.ts";

const ROOT = "/scouter/v2/alerts";
const ALERTS_OF_A_PAGE = 50;
const WAITING_POLL_MS = 2000;

export interface AlertFilter {
  readonly status: string | undefined;
  readonly kind: string | undefined;
  readonly space: string | undefined;
  /** Uid of a profile. */
  readonly profile: string | undefined;
}

interface PagePlace {
  readonly cursor: string;
  /** Of the first page, so that "the last hour" does not move on between two pages. */
  readonly period: { readonly start: string; readonly end: string };
}

/** Alerts that were open in the chosen time, newest first, one page after the other. */
export function useAlerts({ profile, ...filter }: AlertFilter) {
  const api = useApi();
  const live = useLive();
  const { text, range } = useTimeRange();
  return useInfiniteQuery<
    AlertItemPage,
    ApiError,
    readonly AlertItemPage[],
    readonly unknown[],
    PagePlace | undefined
  >({
    queryKey: ["alerts", { profile, ...filter, range: text }],
    queryFn: ({ pageParam, signal }) => {
      const { fromMs, toMs } = spanOf(range, Date.now());
      const period = pageParam?.period ?? {
        start: new Date(fromMs).toISOString(),
        end: new Date(toMs).toISOString(),
      };
      const query = {
        ...period,
        ...filter,
        uid: profile,
        cursor: pageParam?.cursor,
        limit: ALERTS_OF_A_PAGE,
      };
      return api.get(ROOT, { query, signal });
    },
    initialPageParam: undefined,
    getNextPageParam: ({ next_cursor: cursor, start, end }) =>
      cursor === null ? undefined : { cursor, period: { start, end } },
    select: ({ pages }) => pages,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => {
      if (live) return LIVE_INTERVAL_MS;
      const isEmpty = state.data?.pages.every(({ items }) => items.length === 0) ?? false;
      return isEmpty ? WAITING_POLL_MS : false;
    },
  });
}

export function useAlert(id: string) {
  return useApiQuery<AlertDetail>({
    key: ["alert", id],
    load: ({ api, signal }) => api.get(`${ROOT}/${encodeURIComponent(id)}`, { signal }),
  });
}

export function useAlertExplanation(id: string) {
  return useApiQuery<AlertExplanation>({
    key: ["alert", id, "explanation"],
    load: ({ api, signal }) => api.get(`${ROOT}/${encodeURIComponent(id)}/explanation`, { signal }),
  });
}
