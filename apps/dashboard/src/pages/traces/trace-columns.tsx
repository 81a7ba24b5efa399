import type { TraceOverview } from "@scouter/contracts";
import { Text } from "@mantine/core";
import { StatusChip } from "../../figure/status-chip.tsx";
import { formatCompact, formatCount, formatDuration } from "../../format/number.ts";
import { formatExactTime, formatTime } from "../../format/time.ts";
import type { Column } from "../../table/column.ts";
import { PageLink } from "../../url/page-link.tsx";
import { SpanKindIcon } from "../trace/span-kind-icon.tsx";

/** Newest first is the only order that the API gives, so none of these sorts. */
export const traceColumns: readonly Column<TraceOverview>[] = [
  {
    id: "time",
    header: "Start",
    widthPx: 136,
    value: ({ start }) => start,
    cell: ({ start }) => (
      <time dateTime={start} title={formatExactTime(start)} className="numeric">
        {withoutYear(formatTime(start))}
      </time>
    ),
  },
  {
    id: "name",
    header: "Name",
    widthPx: 190,
    value: ({ name }) => name,
    cell: ({ name, genai_kind, trace_id }) => (
      <span title={name}>
        <SpanKindIcon kind={genai_kind} />{" "}
        <PageLink to="/traces/$traceId" params={{ traceId: trace_id }} size="sm">
          {name === "" ? "(no name)" : name}
        </PageLink>
      </span>
    ),
  },
  {
    id: "input",
    header: "Input",
    value: ({ input_preview }) => input_preview,
    cell: preview("input_preview"),
  },
  {
    id: "output",
    header: "Output",
    value: ({ output_preview }) => output_preview,
    cell: preview("output_preview"),
  },
  {
    id: "errors",
    header: "Errors",
    widthPx: 76,
    value: ({ error_count }) => error_count,
    cell: ({ error_count }) =>
      error_count === 0 ? (
        <Text span size="sm" c="dimmed">
          0
        </Text>
      ) : (
        <StatusChip status="failed" word={formatCount(error_count)} />
      ),
  },
  {
    id: "latency",
    header: "Latency",
    numeric: true,
    widthPx: 88,
    value: ({ duration_ns }) => duration_ns,
    cell: ({ duration_ns }) => formatDuration(duration_ns / 1000),
  },
  {
    id: "tokens",
    header: "Tokens in/out",
    numeric: true,
    widthPx: 124,
    value: ({ tokens }) => tokens.input + tokens.output,
    cell: ({ tokens }) => (
      <span title={tokenWords(tokens)}>
        {formatCompact(tokens.input)} / {formatCompact(tokens.output)}
      </span>
    ),
  },
  {
    id: "spans",
    header: "Spans",
    numeric: true,
    widthPx: 68,
    value: ({ span_count }) => span_count,
    cell: ({ span_count }) => formatCount(span_count),
  },
  {
    id: "model",
    header: "Model",
    widthPx: 130,
    startsHidden: true,
    value: ({ models }) => models.join(", "),
    cell: ({ models }) => <span title={models.join(", ")}>{models.join(", ")}</span>,
  },
  {
    id: "service",
    header: "Service",
    widthPx: 120,
    startsHidden: true,
    value: ({ service }) => service,
    cell: ({ service, services }) => <span title={services.join(", ")}>{service}</span>,
  },
];

/** `11-22 14:03:27`; the whole time with its zone is in the tooltip. */
function withoutYear(time: string): string {
  return time.replace(/^\d{4}-/, "");
}

function preview(field: "input_preview" | "output_preview") {
  return function Preview(row: TraceOverview) {
    const text = row[field];
    return text === null ? undefined : (
      <span title={text} className="trace-preview">
        {previewText(text)}
      </span>
    );
  };
}

/** A record with one text in it shows the text: `{"question":"Who?"}` reads better as `Who?`. */
export function previewText(text: string): string {
  const [, inner] = /^\s*\{"[^"]{1,40}":"((?:[^"\\]|\\.)*)(?:"\}\s*|…?)$/s.exec(text) ?? [];
  return inner === undefined ? text : inner.replace(/\\n/g, " ").replace(/\\(.)/g, "$1");
}

function tokenWords(tokens: TraceOverview["tokens"]): string {
  const { input, output, cache_read, cache_write, reasoning } = tokens;
  return [
    `${formatCount(input)} in (${formatCount(cache_read)} from a cache, ${formatCount(cache_write)} into it)`,
    `${formatCount(output)} out (${formatCount(reasoning)} for reasoning)`,
  ].join("\n");
}
