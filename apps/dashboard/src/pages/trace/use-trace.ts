import type { SpanDetail, TraceDetail } from "@scouter/contracts";
import { useApiQuery } from "../../api/queries.ts";
import { concatPages, type TraceRows } from "./trace-rows.ts";

/** What the API gives at once. */
const PAGE_ROWS = 20_000;

/** A tree that nobody reads to its end; the header still counts all spans. */
const MOST_PAGES = 5;

export interface LoadedTrace {
  readonly trace: TraceDetail["trace"];
  readonly rows: TraceRows;
}

/** The header of a trace and all its rows. */
export function useTrace(traceId: string) {
  return useApiQuery<LoadedTrace>({
    key: ["trace", traceId],
    load: async ({ api, signal }) => {
      const path = `/scouter/v2/traces/${encodeURIComponent(traceId)}`;
      const pages: TraceDetail[] = [];
      let offset: number | null = 0;
      while (offset !== null && pages.length < MOST_PAGES) {
        const page: TraceDetail = await api.get(path, {
          query: { offset, limit: PAGE_ROWS },
          signal,
        });
        pages.push(page);
        offset = page.next_offset;
      }
      const [first] = pages;
      if (first === undefined) throw new Error("no page was asked for");
      return { trace: first.trace, rows: concatPages(pages) };
    },
  });
}

/** Everything about one span. */
export function useSpan(traceId: string, spanId: string) {
  return useApiQuery<SpanDetail>({
    key: ["span", traceId, spanId],
    load: ({ api, signal }) =>
      api.get(
        `/scouter/v2/traces/${encodeURIComponent(traceId)}/spans/${encodeURIComponent(spanId)}`,
        {
          signal,
        },
      ),
  });
}
