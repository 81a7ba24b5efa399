import { Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { useSummary, type Summary } from "../../api/summary.ts";
import { StatCard } from "../../figure/stat-card.tsx";
import { PageLink } from "../../url/page-link.tsx";
import { StatusChip } from "../../figure/status-chip.tsx";
import { formatCount, formatPercent } from "../../format/number.ts";
import { Page } from "../../page/page.tsx";
import { QueryState } from "../../page/query-state.tsx";
import { Section } from "../../page/section.tsx";
import { Empty } from "../../page/states.tsx";
import { useSearchParameters } from "../../url/search.ts";
import { attentionItems } from "./attention.ts";
import { ProfileTable } from "./profile-table.tsx";

/** How often an empty server is asked whether something has come. */
const WAITING_POLL_MS = 2000;

export function OverviewPage() {
  const summary = useSummary({
    pollMs: (value) => (value !== undefined && isEmpty(value) ? WAITING_POLL_MS : false),
  });
  return (
    <Page title="Overview" description="Everything this server has stored, of all time">
      <QueryState query={summary} what="the overview">
        {(value) => (isEmpty(value) ? <NothingYet /> : <Figures summary={value} />)}
      </QueryState>
    </Page>
  );
}

function isEmpty({ spans, profiles }: Summary): boolean {
  return spans === 0 && profiles.length === 0;
}

function NothingYet() {
  const endpoint = window.location.origin;
  return (
    <Empty
      title="Nothing has arrived yet"
      waitingFor="the first span or record"
      snippet={[
        "# sample data: an agent that answers questions about cars",
        `npx scouter demo --url ${endpoint}`,
        "",
        "# your own app, with any OpenTelemetry exporter",
        `export OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=${endpoint}/v1/traces`,
      ].join("\n")}
    >
      Send traces over OTLP, or let the demo do it.
    </Empty>
  );
}

function Figures({ summary }: { readonly summary: Summary }) {
  const { space } = useSearchParameters();
  const profiles = summary.profiles.filter((row) => space === undefined || row.space === space);
  return (
    <>
      <Attention summary={summary} />
      <Counts summary={summary} />
      <Section title="Profiles">
        <ProfileTable profiles={profiles} drifted={summary.features.drifted} />
      </Section>
    </>
  );
}

function Attention({ summary }: { readonly summary: Summary }) {
  const { space } = useSearchParameters();
  const items = attentionItems(summary, space);
  return (
    <Section title="Needs attention">
      {items.length === 0 ? (
        <Group gap="xs">
          <StatusChip status="ok" />
          <Text size="sm">Nothing does: no open alert, no drifted feature, no failed work.</Text>
        </Group>
      ) : (
        <Stack component="ul" gap={6} m={0} p={0} style={{ listStyle: "none" }}>
          {items.map(({ key, status, text, path }) => (
            <Group key={key} component="li" gap="xs" wrap="nowrap">
              <StatusChip status={status} />
              <PageLink to={path} size="sm">
                {text}
              </PageLink>
            </Group>
          ))}
        </Stack>
      )}
    </Section>
  );
}

function Counts({ summary }: { readonly summary: Summary }) {
  const { spans, traces, error_spans, records, tasks, alerts, windows, features } = summary;
  const counted = tasks.passed + tasks.failed + tasks.errored;
  const looked = features.drifted.length + features.stable.length;
  return (
    <SimpleGrid cols={{ base: 2, md: 3, xl: 6 }} spacing="sm">
      <StatCard label="Traces" value={formatCount(traces)} detail={`${formatCount(spans)} spans`} />
      <StatCard
        label="Failed spans"
        value={formatCount(error_spans)}
        detail={spans === 0 ? "no spans" : `${formatPercent(error_spans / spans)} of all spans`}
      />
      <StatCard
        label="Pass rate"
        value={formatPercent(summary.pass_rate)}
        detail={`${formatCount(tasks.passed)} of ${formatCount(counted)} tasks, ${formatCount(tasks.skipped)} skipped`}
      />
      <StatCard
        label="Records evaluated"
        value={formatCount(records.processed)}
        detail={`${formatCount(records.pending + records.processing)} to do, ${formatCount(records.failed)} failed`}
      />
      <StatCard
        label="Drifted features"
        value={formatCount(features.drifted.length)}
        detail={`of ${formatCount(looked)} in the newest windows, ${formatCount(windows.done)} windows computed`}
      />
      <StatCard
        label="Open alerts"
        value={formatCount(alerts.active)}
        detail={`${formatCount(alerts.total)} in all`}
      />
    </SimpleGrid>
  );
}
