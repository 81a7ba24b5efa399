import type {
  EvaluationProfilePage,
  EvaluationRecordDetail,
  EvaluationRecordPage,
  PassRateChart,
  TaskGraph,
} from "@scouter/contracts";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import type { ApiError } from "../../api/api-error.ts";
import {
  LIVE_INTERVAL_MS,
  useApi,
  useApiQuery,
  useLive,
  useRangeQuery,
  type InSpan,
} from "../../api/queries.ts";
import { spanOf, type TimeSpan } from "../../time/time-range.ts";
import { useTimeRange } from "../../time/use-time-range.ts";
import type { RecordFilter } from "./record-filter.ts";

const ROOT = "/scouter/v2/evaluations";
/** As many as one page of the API holds; the list is sorted in the browser. */
const MAX_PROFILES = 500;
const RECORDS_OF_A_PAGE = 50;
export const BUCKETS = 60;
/** How often the page looks for what is awaited. */
export const WAITING_POLL_MS = 2000;

function periodOf({ fromMs, toMs }: TimeSpan) {
  return { start: new Date(fromMs).toISOString(), end: new Date(toMs).toISOString() };
}

/** Agent profiles; of all spaces that the person may read when none is given. */
export function useEvaluationProfiles(space: string | undefined) {
  return useRangeQuery<EvaluationProfilePage>({
    key: ["evaluation profiles", { space }],
    load: ({ api, signal, span }) =>
      api.get(`${ROOT}/profiles`, {
        query: { ...periodOf(span), space, limit: MAX_PROFILES },
        signal,
      }),
    pollMs: (page) => (page?.value.items.length === 0 ? WAITING_POLL_MS : false),
  });
}

/** @param task all tasks but gates when absent */
export function usePassRate(uid: string, task: string | undefined) {
  return useRangeQuery<PassRateChart>({
    key: ["pass rate", { uid, task }],
    load: ({ api, signal, span }) =>
      api.get(`${ROOT}/pass-rate`, {
        query: { ...periodOf(span), uid, task, buckets: BUCKETS },
        signal,
      }),
    pollMs: whileNothing(({ total }) => total.records),
  });
}

export function useTaskGraph(uid: string) {
  return useRangeQuery<TaskGraph>({
    key: ["task graph", { uid }],
    load: ({ api, signal, span }) =>
      api.get(`${ROOT}/graph`, { query: { ...periodOf(span), uid }, signal }),
    pollMs: whileNothing(({ records_evaluated }) => records_evaluated),
  });
}

function whileNothing<Value>(recordsOf: (value: Value) => number) {
  return (known: InSpan<Value> | undefined) =>
    known !== undefined && recordsOf(known.value) === 0 ? WAITING_POLL_MS : false;
}

interface PagePlace {
  readonly cursor: string;
  /** Of the first page, so that "the last hour" does not move on between two pages. */
  readonly period: ReturnType<typeof periodOf>;
}

/** Records of a profile, newest first, one page after the other. */
export function useRecords(uid: string, filter: RecordFilter) {
  const api = useApi();
  const live = useLive();
  const { text, range } = useTimeRange();
  return useInfiniteQuery<
    EvaluationRecordPage,
    ApiError,
    readonly EvaluationRecordPage[],
    readonly unknown[],
    PagePlace | undefined
  >({
    queryKey: ["evaluation records", { uid, filter, range: text }],
    queryFn: ({ pageParam, signal }) =>
      api.get(`${ROOT}/records`, {
        query: {
          uid,
          ...filter,
          ...(pageParam?.period ?? periodOf(spanOf(range, Date.now()))),
          cursor: pageParam?.cursor,
          limit: RECORDS_OF_A_PAGE,
        },
        signal,
      }),
    initialPageParam: undefined,
    getNextPageParam: ({ next_cursor: cursor, start, end }) =>
      cursor === null ? undefined : { cursor, period: { start, end } },
    select: ({ pages }) => pages,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => {
      const awaits = state.data?.pages.every(({ items }) => items.length === 0) ?? false;
      if (live) return LIVE_INTERVAL_MS;
      return awaits && Object.keys(filter).length === 0 ? WAITING_POLL_MS : false;
    },
  });
}

export function useRecord(profileUid: string, recordUid: string) {
  return useApiQuery<EvaluationRecordDetail>({
    key: ["evaluation record", { profileUid, recordUid }],
    load: ({ api, signal }) =>
      api.get(`${ROOT}/records/${encodeURIComponent(recordUid)}`, {
        query: { profile_uid: profileUid },
        signal,
      }),
    // A record that is not evaluated yet soon will be.
    pollMs: (record) =>
      record?.status === "Pending" || record?.status === "Processing" ? WAITING_POLL_MS : false,
  });
}
