import { Button } from "@mantine/core";
import { useCallback } from "react";
import { AlertDetails } from "./alert-details.tsx";
import { AlertFilters } from "./alert-filters.tsx";
import { useAlert, useAlerts, type AlertFilter } from "./alert-queries.ts";
import { AlertTable } from "./alert-table.tsx";
import { formatCount } from "../../format/number.ts";
import { timeZoneName } from "../../format/time.ts";
import { Icon } from "../../icon/icon.tsx";
import { Page } from "../../page/page.tsx";
import { QueryState } from "../../page/query-state.tsx";
import { Empty } from "../../page/states.tsx";
import { PeekPanel } from "../../peek/peek-panel.tsx";
import { usePeek, type Peek } from "../../peek/use-peek.ts";
import { PageLink } from "../../url/page-link.tsx";
import { useSearchParameters, useSetSearch } from "../../url/search.ts";

/** What alerted, what is still open, and who was told. */
export function AlertsPage() {
  const { status, kind, space, profile } = useSearchParameters();
  const filter: AlertFilter = { status, kind, space, profile };
  const alerts = useAlerts(filter);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = alerts;
  const peek = usePeek();
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  return (
    <Page
      title="Alerts"
      description={`Alerts that were open at some time of the chosen range, newest first. Times in ${timeZoneName()}.`}
      actions={<AlertFilters filter={filter} />}
    >
      <QueryState query={alerts} what="alerts">
        {(pages) => {
          const rows = pages.flatMap(({ items }) => items);
          const noun = rows.length === 1 ? "alert" : "alerts";
          return (
            <AlertTable
              alerts={rows}
              caption={
                hasNextPage
                  ? `the newest ${formatCount(rows.length)} alerts, more below`
                  : `${formatCount(rows.length)} ${noun}`
              }
              peek={peek}
              onEnd={onEnd}
              empty={<NoAlert filter={filter} />}
            />
          );
        }}
      </QueryState>
      {peek.key !== undefined && <AlertPeek id={peek.key} peek={peek} />}
    </Page>
  );
}

function AlertPeek({ id, peek }: { readonly id: string; readonly peek: Peek }) {
  const alert = useAlert(id);
  return (
    <PeekPanel
      peek={peek}
      title={alert.data === undefined ? `Alert ${id}` : `Alert on ${alert.data.feature}`}
      fullPage={
        <PageLink
          to="/alerts/$alertId"
          params={{ alertId: id }}
          aria-label="Open in full page"
          title="Open in full page"
          display="inline-flex"
          p={6}
        >
          <Icon name="expand" />
        </PageLink>
      }
    >
      <QueryState query={alert} what="the alert">
        {(value) => <AlertDetails alert={value} />}
      </QueryState>
    </PeekPanel>
  );
}

function NoAlert({ filter }: { readonly filter: AlertFilter }) {
  const setSearch = useSetSearch();
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  if (isFiltered) {
    return (
      <Empty
        title="No alert fits the filter"
        actions={
          <Button
            size="xs"
            variant="default"
            onClick={() =>
              setSearch({
                status: undefined,
                kind: undefined,
                space: undefined,
                profile: undefined,
              })
            }
          >
            Take the filter away
          </Button>
        }
      />
    );
  }
  return (
    <Empty
      title="No alert in this time range"
      waitingFor="the first alert"
      snippet={[
        "# in a profile: who is told when a window alerts",
        '"alert_config": {',
        '  "schedule": "0 0 * * * *",',
        '  "dispatch_config": { "Slack": { "channel": "#models" } }',
        "}",
      ].join("\n")}
    >
      Alerts open when a drift window passes its threshold. That none did may be good news.
    </Empty>
  );
}
