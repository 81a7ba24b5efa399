import { BarStrip } from "../../chart/bar-strip.tsx";
import { QueryState } from "../../page/query-state.tsx";
import { useTraceHistogram, type TraceQuery } from "./trace-queries.ts";

const parts = [
  { label: "without errors", tone: "ok" },
  { label: "with errors", tone: "alert" },
] as const;

/** Traces over time; dragging sets the range. */
export function TraceStrip({ query }: { readonly query: TraceQuery }) {
  const histogram = useTraceHistogram(query);
  return (
    <QueryState query={histogram} what="the histogram">
      {({ value, span }) => (
        <BarStrip
          title="Traces"
          parts={parts}
          bars={value.buckets.map(({ start, ok, error }) => ({
            fromMs: Date.parse(start),
            counts: [ok, error],
          }))}
          span={span}
          sliceMs={value.bucket_ms}
        />
      )}
    </QueryState>
  );
}
