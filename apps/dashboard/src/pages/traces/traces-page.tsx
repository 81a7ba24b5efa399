import { Button, Stack, Text } from "@mantine/core";
import { useCallback, useMemo, useState } from "react";
import { FilterBar } from "../../filter/filter-bar.tsx";
import { formatCount } from "../../format/number.ts";
import { timeZoneName } from "../../format/time.ts";
import { Page } from "../../page/page.tsx";
import { ErrorState, Loading } from "../../page/states.tsx";
import { usePeek } from "../../peek/use-peek.ts";
import { DataTable } from "../../table/data-table.tsx";
import { rangeWords } from "../../time/range-words.ts";
import { useTimeRange } from "../../time/use-time-range.ts";
import { useSearchParameters, useUrlParameter } from "../../url/search.ts";
import { FacetSidebar } from "./facet-sidebar.tsx";
import { NoTraces } from "./no-traces.tsx";
import { traceColumns } from "./trace-columns.tsx";
import { traceFilterQuery } from "./trace-filter.ts";
import { traceKeysOf } from "./trace-filter-keys.ts";
import { TracePeek } from "./trace-peek.tsx";
import { useTraceFacets, useTraceList, type TraceListing } from "./trace-queries.ts";
import { TraceStrip } from "./trace-strip.tsx";
import "./traces.css";

const WIDE_SCREEN = "(min-width: 1200px)";

export function TracesPage() {
  const { service } = useSearchParameters();
  const { range } = useTimeRange();
  const [filter = "", setFilter] = useUrlParameter("filter");
  const { query, problems } = useMemo(() => traceFilterQuery(filter, service), [filter, service]);
  const baseQuery = useMemo(() => traceFilterQuery("", service).query, [service]);
  const [hasFacets, setHasFacets] = useState(() => window.matchMedia(WIDE_SCREEN).matches);
  const change = useCallback(
    (text: string) => setFilter(text === "" ? undefined : text),
    [setFilter],
  );
  return (
    <Page
      title="Traces"
      description={`Traces by their start, ${rangeWords(range)}, newest first. Times are in ${timeZoneName()}.`}
      actions={
        <Button
          size="xs"
          variant="default"
          aria-expanded={hasFacets}
          onClick={() => setHasFacets(!hasFacets)}
        >
          {hasFacets ? "Hide facets" : "Show facets"}
        </Button>
      }
    >
      <TraceFilterBar filter={filter} query={baseQuery} onChange={change} />
      {problems.length > 0 && (
        <Stack gap={2} role="status">
          {problems.map((problem) => (
            <Text key={problem} size="sm" c="var(--status-warning)">
              {problem}
            </Text>
          ))}
        </Stack>
      )}
      <TraceStrip query={query} />
      <div className="traces-split" data-facets={hasFacets ? "shown" : "hidden"}>
        {hasFacets && (
          <FacetSidebar filter={filter} query={query} baseQuery={baseQuery} onFilter={change} />
        )}
        <TraceList query={query} filter={filter} onFilter={change} />
      </div>
    </Page>
  );
}

interface TraceFilterBarProps {
  readonly filter: string;
  readonly query: ReturnType<typeof traceFilterQuery>["query"];
  readonly onChange: (filter: string) => void;
}

function TraceFilterBar({ filter, query, onChange }: TraceFilterBarProps) {
  const facets = useTraceFacets(query).data?.value.facets;
  const keys = useMemo(() => traceKeysOf(facets), [facets]);
  return (
    <FilterBar
      label="Filter traces"
      value={filter}
      onChange={onChange}
      keys={keys}
      placeholder="service:…  status:error  duration:>1s  or words of names, inputs and outputs"
    />
  );
}

interface TraceListProps extends TraceFilterBarProps {
  readonly onFilter: (filter: string) => void;
}

function TraceList({ query, filter, onFilter }: Omit<TraceListProps, "onChange">) {
  const isFiltered = filter !== "";
  const list = useTraceList(query, { waits: !isFiltered });
  const peek = usePeek();
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  const retry = () => void list.refetch();
  if (data === undefined) {
    return error === null ? (
      <Loading what="traces" rows={10} />
    ) : (
      <ErrorState error={error} what="traces" onRetry={retry} />
    );
  }
  return (
    <div>
      {error !== null && <ErrorState error={error} what="the newest traces" onRetry={retry} />}
      <DataTable
        label="Traces"
        rows={data.rows}
        columns={traceColumns}
        rowKey={({ trace_id }) => trace_id}
        serverSorted
        selectedKey={peek.key}
        onSelect={(_row, key) => peek.open(key)}
        onOrder={peek.setOrder}
        onEnd={loadMore}
        heightPx={tableHeightPx()}
        caption={captionOf(data, { hasNextPage, isFetchingNextPage })}
        empty={<NoTraces isFiltered={isFiltered} onClear={() => onFilter("")} />}
      />
      <TracePeek peek={peek} row={data.rows.find(({ trace_id }) => trace_id === peek.key)} />
    </div>
  );
}

/** Title, bar and strip stay on the screen with it. */
function tableHeightPx(): number {
  return Math.max(380, window.innerHeight - 338);
}

function captionOf(
  { rows }: TraceListing,
  list: { readonly hasNextPage: boolean; readonly isFetchingNextPage: boolean },
): string {
  const count = `${formatCount(rows.length)} ${rows.length === 1 ? "trace" : "traces"}`;
  if (list.isFetchingNextPage) return `${count}, more are coming`;
  return list.hasNextPage ? `${count} so far, scroll for more` : count;
}
