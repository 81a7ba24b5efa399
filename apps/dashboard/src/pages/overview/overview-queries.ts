import type { Overview, TraceHistogram } from "@scouter/contracts";
import { useRangeQuery } from "../../api/queries.ts";
import { useSearchParameters } from "../../url/search.ts";
import { isoOf } from "../drift/drift-queries.ts";

/** Bars of a chart: narrow enough to show when, wide enough to be seen. */
const BUCKETS = 60;

export function useOverview() {
  const { space } = useSearchParameters();
  return useRangeQuery<Overview>({
    key: ["overview", { space }],
    load: ({ api, signal, span }) =>
      api.get("/scouter/v2/overview", {
        query: { ...isoOf(span), space, buckets: BUCKETS },
        signal,
      }),
  });
}

export function useTraceHistogram() {
  const { service } = useSearchParameters();
  return useRangeQuery<TraceHistogram>({
    key: ["overview traces", { service }],
    load: ({ api, signal, span }) =>
      api.get("/scouter/v2/traces/histogram", {
        query: { ...isoOf(span), service, buckets: BUCKETS },
        signal,
      }),
  });
}
