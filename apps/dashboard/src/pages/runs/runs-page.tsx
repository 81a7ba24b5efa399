import { Button } from "@mantine/core";
import { useCallback } from "react";
import { useRuns } from "./run-queries.ts";
import { RunTable } from "./run-table.tsx";
import { formatCount } from "../../format/number.ts";
import { timeZoneName } from "../../format/time.ts";
import { Page } from "../../page/page.tsx";
import { QueryState } from "../../page/query-state.tsx";
import { Empty } from "../../page/states.tsx";
import { useSearchParameters, useSetSearch } from "../../url/search.ts";

/** Offline runs that were sent here, and which of them are baselines. */
export function RunsPage() {
  const { space, suite } = useSearchParameters();
  const setSearch = useSetSearch();
  const runs = useRuns({ space, suite });
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = runs;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  return (
    <Page
      title="Offline runs"
      description={`Suites that were run against an agent, newest first. Times in ${timeZoneName()}.`}
      actions={
        suite === undefined ? undefined : (
          <Button size="xs" variant="default" onClick={() => setSearch({ suite: undefined })}>
            {`Suite ${suite}: show all`}
          </Button>
        )
      }
    >
      <QueryState query={runs} what="offline runs">
        {(pages) => {
          const rows = pages.flatMap(({ items }) => items);
          const noun = rows.length === 1 ? "run" : "runs";
          return (
            <RunTable
              runs={rows}
              onEnd={onEnd}
              caption={`${hasNextPage ? "the newest " : ""}${formatCount(rows.length)} ${noun}; pass rates of scenarios with their 95 % interval`}
              empty={<NoRun />}
            />
          );
        }}
      </QueryState>
    </Page>
  );
}

function NoRun() {
  return (
    <Empty
      title="No offline run here yet"
      waitingFor="the first run"
      snippet={[
        "# run a suite three times, then keep the result as the baseline of a space",
        "scouter eval run suite.yaml --agent ./agent.ts --repeat 3 --out out",
        `scouter eval baseline save out/results.json --space my-team --url ${window.location.origin}`,
      ].join("\n")}
    >
      Runs show here once they are saved on this server.
    </Empty>
  );
}
