import { keepPreviousData, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { spanOf, type TimeSpan } from "../time/time-range.ts";
import { useTimeRange } from "../time/use-time-range.ts";
import { useSearchParameters } from "../url/search.ts";
import type { Api } from "./api.ts";
import type { ApiError } from "./api-error.ts";

const ApiContext = createContext<Api | undefined>(undefined);
export const ApiProvider = ApiContext.Provider;

export function useApi(): Api {
  const api = useContext(ApiContext);
  if (api === undefined) throw new Error("useApi outside of ApiProvider");
  return api;
}

/** How often figures are fetched while the live switch is on. */
export const LIVE_INTERVAL_MS = 5000;

export function useLive(): boolean {
  return useSearchParameters().live === "on";
}

export interface QueryOptions<Value> {
  /** Names the request and everything it depends on, apart from the time range of `useRangeQuery`. */
  readonly key: readonly unknown[];
  /** False: not yet, for lack of something it depends on. */
  readonly enabled?: boolean;
  /** Fetches again after so many milliseconds even when the live switch is off: for what is awaited. */
  readonly pollMs?: number | ((value: Value | undefined) => number | false);
}

interface PlainRequest<Value> extends QueryOptions<Value> {
  readonly load: (request: { readonly api: Api; readonly signal: AbortSignal }) => Promise<Value>;
}

/**
 * Something of the API that has no time range. While it is fetched again the old value stays, so nothing flickers;
 * `isPlaceholderData` tells when it belongs to another key.
 */
export function useApiQuery<Value>(options: PlainRequest<Value>): UseQueryResult<Value, ApiError> {
  const api = useApi();
  const live = useLive();
  const { pollMs } = options;
  return useQuery<Value, ApiError>({
    queryKey: options.key,
    queryFn: ({ signal }) => options.load({ api, signal }),
    enabled: options.enabled ?? true,
    placeholderData: keepPreviousData,
    refetchInterval: (query) => {
      const own = typeof pollMs === "function" ? pollMs(query.state.data) : (pollMs ?? false);
      return own === false ? live && LIVE_INTERVAL_MS : own;
    },
  });
}

interface RangeRequest<Value> extends QueryOptions<InSpan<Value>> {
  readonly load: (request: {
    readonly api: Api;
    readonly signal: AbortSignal;
    readonly span: TimeSpan;
  }) => Promise<Value>;
}

/** A reply with the span it was asked for: charts draw exactly that, also while the next one is under way. */
export interface InSpan<Value> {
  readonly span: TimeSpan;
  readonly value: Value;
}

/**
 * Something of the API within the chosen time range. "The last 2 hours" is worked out at every fetch, so that live
 * figures move on.
 */
export function useRangeQuery<Value>({ key, load, ...options }: RangeRequest<Value>) {
  const { text, range } = useTimeRange();
  return useApiQuery<InSpan<Value>>({
    ...options,
    key: [...key, { range: text }],
    load: async (request) => {
      const span = spanOf(range, Date.now());
      return { span, value: await load({ ...request, span }) };
    },
  });
}
