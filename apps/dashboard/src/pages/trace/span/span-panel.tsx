import type { SpanDetail, TraceHeader } from "@scouter/contracts";
import { Group, ScrollArea, Tabs, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { StatusChip } from "../../../figure/status-chip.tsx";
import { formatCount, formatDuration } from "../../../format/number.ts";
import { QueryState } from "../../../page/query-state.tsx";
import { useUrlParameter } from "../../../url/search.ts";
import { SpanKindIcon } from "../span-kind-icon.tsx";
import { STATUS_ERROR } from "../trace-rows.ts";
import { useSpan } from "../use-trace.ts";
import { AttributesTab } from "./attributes-tab.tsx";
import { EventsTab } from "./events-tab.tsx";
import { InputOutputTab } from "./input-output-tab.tsx";
import { MessagesTab } from "./messages-tab.tsx";
import { MetadataTab } from "./metadata-tab.tsx";
import { ScoresTab } from "./scores-tab.tsx";
import "./span-panel.css";

interface SpanPanelProps {
  readonly trace: TraceHeader;
  readonly spanId: string;
  readonly onSelect: (spanId: string) => void;
}

/** Everything about the selected span. */
export function SpanPanel({ trace, spanId, onSelect }: SpanPanelProps) {
  const query = useSpan(trace.trace_id, spanId);
  return (
    <section className="span-panel" aria-label="Selected span" aria-busy={query.isPlaceholderData}>
      <QueryState query={query} what="the span">
        {(span) => (
          <>
            <SpanHead span={span} />
            <SpanTabs trace={trace} span={span} onSelect={onSelect} />
          </>
        )}
      </QueryState>
    </section>
  );
}

function SpanHead({ span }: { readonly span: SpanDetail }) {
  return (
    <div className="span-panel-head">
      <Group gap={6} wrap="nowrap">
        <SpanKindIcon kind={span.genai?.kind ?? null} sizePx={16} />
        <Title order={2} size="h5" className="span-panel-title" title={span.name}>
          {span.name === "" ? "(no name)" : span.name}
        </Title>
        {span.status === STATUS_ERROR && <StatusChip status="failed" />}
        <Text span size="sm" className="numeric" style={{ whiteSpace: "nowrap" }}>
          {formatDuration(span.duration_ns / 1000)}
        </Text>
      </Group>
      {span.status_message !== null && span.status_message !== "" && (
        <Text size="sm" c={span.status === STATUS_ERROR ? "var(--status-alert)" : "dimmed"}>
          {span.status_message}
        </Text>
      )}
    </div>
  );
}

interface SpanTabsProps extends Omit<SpanPanelProps, "spanId"> {
  readonly span: SpanDetail;
}

interface SpanTab {
  readonly id: string;
  readonly title: string;
  /** Left out where there is nothing to count. */
  readonly count?: number;
  readonly body: ReactNode;
}

function SpanTabs({ trace, span, onSelect }: SpanTabsProps) {
  const [chosen, setChosen] = useUrlParameter("tab", { replace: true });
  const tabs = tabsOf({ trace, span, onSelect });
  const current = tabs.some(({ id }) => id === chosen) ? (chosen ?? null) : firstTab(span);
  return (
    <Tabs
      className="span-tabs"
      value={current}
      onChange={(id) => setChosen(id ?? undefined)}
      keepMounted={false}
    >
      <Tabs.List>
        {tabs.map(({ id, title, count }) => (
          <Tabs.Tab key={id} value={id} px={6} py={7} fz="sm">
            {title}
            {count !== undefined && count > 0 && (
              <span className="span-tab-count numeric"> {formatCount(count)}</span>
            )}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ id, body }) => (
        <Tabs.Panel key={id} value={id} className="span-tab-body">
          <ScrollArea h="100%" type="auto" viewportProps={{ tabIndex: 0, "aria-label": "Details" }}>
            <div className="span-tab-inner">{body}</div>
          </ScrollArea>
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

function tabsOf({ trace, span, onSelect }: SpanTabsProps): readonly SpanTab[] {
  const messages = span.genai?.input_messages.length ?? 0;
  return [
    {
      id: "messages",
      title: "Messages",
      count: messages + (span.genai?.output_messages.length ?? 0),
      body: <MessagesTab span={span} />,
    },
    { id: "io", title: "Input/Output", body: <InputOutputTab span={span} /> },
    {
      id: "attributes",
      title: "Attributes",
      count: span.attributes.length + span.resource_attributes.length,
      body: <AttributesTab span={span} />,
    },
    { id: "events", title: "Events", count: span.events.length, body: <EventsTab span={span} /> },
    { id: "scores", title: "Scores", body: <ScoresTab trace={trace} span={span} /> },
    { id: "metadata", title: "Metadata", body: <MetadataTab span={span} onSelect={onSelect} /> },
  ];
}

/** What the span has the most to say with. */
function firstTab({ genai, input, output }: SpanDetail): string {
  if (genai !== null && genai.input_messages.length + genai.output_messages.length > 0) {
    return "messages";
  }
  return input !== null || output !== null ? "io" : "attributes";
}
