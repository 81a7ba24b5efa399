import type {
  TraceFacets,
  TraceHistogram,
  TraceOverview,
  TraceOverviewPage,
} from "@scouter/contracts";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import type { QueryValue } from "../../api/api.ts";
import type { ApiError } from "../../api/api-error.ts";
import { LIVE_INTERVAL_MS, useApi, useLive, useRangeQuery } from "../../api/queries.ts";
import { spanOf, type TimeSpan } from "../../time/time-range.ts";
import { useTimeRange } from "../../time/use-time-range.ts";

export type TraceQuery = Readonly<Record<string, QueryValue>>;

const PAGE_ROWS = 100;
const BUCKETS = 80;

/** An empty server is asked this often whether something has come. */
export const WAITING_POLL_MS = 2000;

/** Beyond so many pages live does not fetch them all again: who reads that far back does not look at what is new. */
const MOST_LIVE_PAGES = 3;

interface PageParameter {
  readonly cursor: string;
  readonly start: string;
  readonly end: string;
}

/** The list, a page at a time. All pages are of the range that the first one was asked for. */
export function useTraceList(query: TraceQuery, { waits }: { readonly waits: boolean }) {
  const api = useApi();
  const live = useLive();
  const { text, range } = useTimeRange();
  return useInfiniteQuery<
    TraceOverviewPage,
    ApiError,
    TraceListing,
    readonly unknown[],
    PageParameter | undefined
  >({
    queryKey: ["traces", query, { range: text }],
    initialPageParam: undefined,
    queryFn: ({ signal, pageParam }) => {
      const where = pageParam ?? isoOf(spanOf(range, Date.now()));
      return api.get<TraceOverviewPage>("/scouter/v2/traces", {
        query: { ...query, ...where, limit: PAGE_ROWS },
        signal,
      });
    },
    getNextPageParam: ({ next_cursor, start, end }) =>
      next_cursor === null ? undefined : { cursor: next_cursor, start, end },
    select: ({ pages }) => listingOf(pages),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => {
      const pages = state.data?.pages ?? [];
      if (waits && pages.length > 0 && pages.every(({ items }) => items.length === 0)) {
        return WAITING_POLL_MS;
      }
      return live && pages.length <= MOST_LIVE_PAGES && LIVE_INTERVAL_MS;
    },
  });
}

export interface TraceListing {
  readonly rows: readonly TraceOverview[];
  /** The range that was searched. */
  readonly span: TimeSpan;
}

/** @param pages in the order fetched; a trace that a later page shows again counts once */
export function listingOf(pages: readonly TraceOverviewPage[]): TraceListing {
  const rows = new Map(pages.flatMap(({ items }) => items).map((row) => [row.trace_id, row]));
  const [first] = pages;
  return {
    rows: [...rows.values()],
    span: { fromMs: Date.parse(first?.start ?? ""), toMs: Date.parse(first?.end ?? "") },
  };
}

export function useTraceHistogram(query: TraceQuery) {
  return useRangeQuery<TraceHistogram>({
    key: ["trace histogram", query],
    load: ({ api, signal, span }) =>
      api.get("/scouter/v2/traces/histogram", {
        query: { ...query, ...isoOf(span), buckets: BUCKETS },
        signal,
      }),
  });
}

export function useTraceFacets(query: TraceQuery) {
  return useRangeQuery<TraceFacets>({
    key: ["trace facets", query],
    load: ({ api, signal, span }) =>
      api.get("/scouter/v2/traces/facets", { query: { ...query, ...isoOf(span) }, signal }),
  });
}

function isoOf({ fromMs, toMs }: TimeSpan) {
  return { start: new Date(fromMs).toISOString(), end: new Date(toMs).toISOString() };
}
