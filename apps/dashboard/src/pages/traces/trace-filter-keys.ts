import type { TraceFacets, TraceFacetValue } from "@scouter/contracts";
import type { FilterKey } from "../../filter/filter-bar.tsx";
import { spanKindLooks } from "../trace/span-kind.ts";
import type { TraceFilterKey } from "./trace-filter.ts";

/** What the bar offers: every key, and the values that the range has. */
export function traceKeysOf(facets: TraceFacets["facets"] | undefined): readonly FilterKey[] {
  const seen = (values: readonly TraceFacetValue[] = []) =>
    containing(values.map(({ value }) => value));
  const keys: Readonly<Record<TraceFilterKey, Omit<FilterKey, "key">>> = {
    service: { label: "a span of this service", values: seen(facets?.service) },
    status: { label: "whether a span failed", values: containing(["error", "ok"]) },
    name: { label: "a span of this name" },
    root_name: { label: "name of the root span", values: seen(facets?.root_name) },
    kind: { label: "a span of this kind", values: containing(Object.keys(spanKindLooks)) },
    model: { label: "a model that was asked or answered", values: seen(facets?.model) },
    duration: {
      label: "of the whole trace, such as >500ms",
      values: containing([">100ms", ">1s", ">10s", "<100ms"]),
    },
    attr: { label: "key:eq:value, with eq, ne, lt, gt, or key:exists" },
  };
  return Object.entries(keys).map(([key, rest]) => ({ key, ...rest }));
}

function containing(values: readonly string[]) {
  return (typed: string) => {
    const wanted = typed.replace(/^"/, "").toLowerCase();
    return values.filter((value) => value.toLowerCase().includes(wanted));
  };
}
