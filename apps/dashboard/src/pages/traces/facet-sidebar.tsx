import { Stack, Text, Title } from "@mantine/core";
import { formatCount } from "../../format/number.ts";
import { QueryState } from "../../page/query-state.tsx";
import { Icon } from "../../icon/icon.tsx";
import { SpanKindIcon } from "../trace/span-kind-icon.tsx";
import { facetRows, type FacetField } from "./facet-values.ts";
import { withTokenToggled } from "./trace-filter.ts";
import { useTraceFacets, type TraceQuery } from "./trace-queries.ts";

const fields: readonly (readonly [FacetField, string])[] = [
  ["status", "Status"],
  ["service", "Service"],
  ["kind", "Kind of span"],
  ["model", "Model"],
  ["root_name", "Name of root span"],
];

interface FacetSidebarProps {
  readonly filter: string;
  readonly query: TraceQuery;
  /** Without the bar's filter. */
  readonly baseQuery: TraceQuery;
  readonly onFilter: (filter: string) => void;
}

/** Values of the range with counts of traces; a click adds one to the filter or takes it away. */
export function FacetSidebar({ filter, query, baseQuery, onFilter }: FacetSidebarProps) {
  const matching = useTraceFacets(query);
  const all = useTraceFacets(baseQuery);
  return (
    <aside className="facets" aria-label="Facets, with counts of traces">
      <QueryState query={all} what="the facets">
        {({ value }) => {
          if (value.total === 0) {
            return (
              <Text size="xs" c="dimmed" px={4}>
                Nothing to choose from.
              </Text>
            );
          }
          const counts = { all: value, matching: matching.data?.value ?? value };
          return fields.map(([field, title]) => {
            const rows = facetRows(field, filter, counts);
            return (
              rows.length > 0 && (
                <Stack key={field} gap={2} component="section" aria-label={title}>
                  <Title order={2} className="facet-title">
                    {title}
                  </Title>
                  {rows.map((row) => (
                    <button
                      key={row.value}
                      type="button"
                      className="facet"
                      aria-pressed={row.isChosen}
                      onClick={() => onFilter(withTokenToggled(filter, field, row.value))}
                    >
                      <span className="facet-box">
                        {row.isChosen && <Icon name="ok" sizePx={10} />}
                      </span>
                      <span className="facet-value" title={row.value}>
                        {field === "kind" && <SpanKindIcon kind={row.value} sizePx={12} />}{" "}
                        {row.value === "" ? "(no name)" : row.value}
                      </span>
                      <Text span size="xs" c="dimmed" className="numeric">
                        {formatCount(row.count)}
                      </Text>
                    </button>
                  ))}
                </Stack>
              )
            );
          });
        }}
      </QueryState>
    </aside>
  );
}
