import type { TraceDetail, TraceOverview } from "@scouter/contracts";
import { SimpleGrid, Stack, Text } from "@mantine/core";
import { useApiQuery } from "../../api/queries.ts";
import { StatCard } from "../../figure/stat-card.tsx";
import { StatusChip } from "../../figure/status-chip.tsx";
import { formatCompact, formatCount, formatDuration } from "../../format/number.ts";
import { TimeText } from "../../format/time-text.tsx";
import { QueryState } from "../../page/query-state.tsx";
import { Section } from "../../page/section.tsx";
import { PeekPanel } from "../../peek/peek-panel.tsx";
import type { Peek } from "../../peek/use-peek.ts";
import { PageLink } from "../../url/page-link.tsx";
import { SpanKindIcon } from "../trace/span-kind-icon.tsx";
import { concatPages } from "../trace/trace-rows.ts";
import { previewText } from "./trace-columns.tsx";

/** As many rows as one looks at in passing; the page has the rest. */
const PEEK_ROWS = 100;

interface TracePeekProps {
  readonly peek: Peek;
  /** Undefined when the list does not hold it (any more). */
  readonly row: TraceOverview | undefined;
}

/** The trace of one row, in short. */
export function TracePeek({ peek, row }: TracePeekProps) {
  const id = peek.key ?? "";
  const detail = useApiQuery<TraceDetail>({
    key: ["trace peek", id],
    enabled: id !== "",
    load: ({ api, signal }) =>
      api.get(`/scouter/v2/traces/${encodeURIComponent(id)}`, {
        query: { limit: PEEK_ROWS },
        signal,
      }),
  });
  return (
    <PeekPanel
      peek={peek}
      title={row?.name ?? detail.data?.trace.root_name ?? "Trace"}
      fullPage={
        <PageLink to="/traces/$traceId" params={{ traceId: id }} size="sm" px={6}>
          Open full page
        </PageLink>
      }
    >
      <QueryState query={detail} what="the trace">
        {(value) => <PeekBody detail={value} row={row} />}
      </QueryState>
    </PeekPanel>
  );
}

interface PeekBodyProps {
  readonly detail: TraceDetail;
  readonly row: TraceOverview | undefined;
}

function PeekBody({ detail, row }: PeekBodyProps) {
  const { trace } = detail;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        <TimeText at={trace.start} /> · {trace.services.join(", ")} ·{" "}
        <span className="mono">{trace.trace_id}</span>
      </Text>
      <SimpleGrid cols={4} spacing="xs">
        <StatCard label="Duration" value={formatDuration(trace.duration_ns / 1000)} />
        <StatCard
          label="Tokens in / out"
          value={`${formatCompact(trace.tokens.input)} / ${formatCompact(trace.tokens.output)}`}
        />
        <StatCard label="Spans" value={formatCount(trace.span_count)} />
        <StatCard label="Failed spans" value={formatCount(trace.error_count)} />
      </SimpleGrid>
      <Preview title="Input" text={row?.input_preview} />
      <Preview title="Output" text={row?.output_preview} />
      <PeekSpans detail={detail} />
    </Stack>
  );
}

function Preview({
  title,
  text,
}: {
  readonly title: string;
  readonly text: string | null | undefined;
}) {
  if (text === null || text === undefined) return undefined;
  return (
    <Section title={title}>
      <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {previewText(text)}
      </Text>
    </Section>
  );
}

function PeekSpans({ detail }: { readonly detail: TraceDetail }) {
  const rows = concatPages([detail]);
  const rest = detail.trace.span_count - rows.count;
  return (
    <Section title="Spans">
      <ul className="trace-peek-spans">
        {Array.from({ length: rows.count }, (_, row) => (
          <li key={rows.spanId(row)} style={{ paddingLeft: Math.min(rows.depth(row), 12) * 14 }}>
            <SpanKindIcon kind={rows.genAiKind(row)} />
            <PageLink
              to="/traces/$traceId"
              params={{ traceId: detail.trace.trace_id }}
              search={(before) => ({ ...before, span: rows.spanId(row) })}
              size="sm"
            >
              {rows.name(row)}
            </PageLink>
            {rows.status(row) === 2 && <StatusChip status="failed" />}
            <span className="numeric">{formatDuration(rows.durationNs(row) / 1000)}</span>
          </li>
        ))}
      </ul>
      {rest > 0 && (
        <Text size="sm" c="dimmed">
          {formatCount(rest)} more on the full page
        </Text>
      )}
    </Section>
  );
}
