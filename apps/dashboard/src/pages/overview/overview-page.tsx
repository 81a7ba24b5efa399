import type { Summary } from "@scouter/contracts";
import { useSummary } from "../../api/summary.ts";
import { ActivityCharts } from "./activity-charts.tsx";
import { AttentionList } from "./attention-list.tsx";
import { useOverview } from "./overview-queries.ts";
import { ProfileTable } from "./profile-table.tsx";
import { Totals } from "./totals.tsx";
import { timeZoneName } from "../../format/time.ts";
import { Page } from "../../page/page.tsx";
import { QueryState } from "../../page/query-state.tsx";
import { Section } from "../../page/section.tsx";
import { Empty } from "../../page/states.tsx";
import { rangeWords } from "../../time/range-words.ts";
import { useTimeRange } from "../../time/use-time-range.ts";
import { useSearchParameters } from "../../url/search.ts";

/** How often an empty server is asked whether something has come. */
const WAITING_POLL_MS = 2000;

export function OverviewPage() {
  const summary = useSummary({
    pollMs: (value) => (value !== undefined && isEmpty(value) ? WAITING_POLL_MS : false),
  });
  const { range } = useTimeRange();
  return (
    <Page
      title="Overview"
      description={`What needs somebody now, and activity over time: ${rangeWords(range)}. Times in ${timeZoneName()}.`}
    >
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
  const overview = useOverview();
  const profiles = summary.profiles.filter((row) => space === undefined || row.space === space);
  return (
    <>
      <QueryState query={overview} what="the overview">
        {(shown) => (
          <>
            <AttentionList {...shown.value} />
            <Totals {...shown.value} />
            <ActivityCharts {...shown} />
          </>
        )}
      </QueryState>
      <Section title="Profiles">
        <ProfileTable profiles={profiles} drifted={summary.features.drifted} />
      </Section>
    </>
  );
}
