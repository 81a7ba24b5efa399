import { useParams } from "@tanstack/react-router";
import type { ApiError } from "../../api/api-error.ts";
import { QueryState } from "../../page/query-state.tsx";
import { Page } from "../../page/page.tsx";
import { ErrorState } from "../../page/states.tsx";
import { useSearchParameters, useSetSearch } from "../../url/search.ts";
import { usePassRate, useTaskGraph } from "./evaluation-queries.ts";
import { TaskGraphSection } from "./graph/task-graph-section.tsx";
import { ProfileActions, ProfileWords } from "./profile-header.tsx";
import { PassRateSection } from "./rate/pass-rate-section.tsx";
import { recordFilterOf } from "./record-filter.ts";
import { RecordsSection } from "./record/records-section.tsx";

export function EvaluationPage() {
  const { profileUid = "" } = useParams({ strict: false });
  const search = useSearchParameters();
  const setSearch = useSetSearch();
  const filter = recordFilterOf(search);
  const rate = usePassRate(profileUid, filter.task);
  const graph = useTaskGraph(profileUid);
  const profile = graph.data?.value.profile;
  const error = errorOfWhole(graph, rate);
  if (error !== undefined) {
    const retry = () => void Promise.all([graph.refetch(), rate.refetch()]);
    return (
      <Page title="Evaluation profile">
        <ErrorState error={error} what="the evaluation profile" onRetry={retry} />
      </Page>
    );
  }
  return (
    <Page
      title={profile?.name ?? "Evaluation profile"}
      description={profile !== undefined && <ProfileWords profile={profile} />}
      actions={profile !== undefined && <ProfileActions profile={profile} />}
    >
      <QueryState query={rate} what="the pass rate">
        {({ value, span }) => (
          <PassRateSection
            chart={value}
            span={span}
            onAllTasks={() => setSearch({ task: undefined, peek: undefined })}
          />
        )}
      </QueryState>
      <QueryState query={graph} what="the task graph">
        {({ value }) => (
          <TaskGraphSection
            graph={value}
            selected={filter.task}
            onSelect={(task) => setSearch({ task, peek: undefined })}
          />
        )}
      </QueryState>
      <RecordsSection
        profileUid={profileUid}
        filter={filter}
        tasks={graph.data?.value.nodes.map(({ task_id }) => task_id) ?? []}
      />
    </Page>
  );
}

interface Asked {
  readonly data: unknown;
  readonly error: ApiError | null;
}

const FORBIDDEN = 403;
const NOT_FOUND = 404;

/** A profile that is not there, or not for this person, fails every part of the page: that is told once. */
function errorOfWhole(...queries: readonly Asked[]): ApiError | undefined {
  const errors = queries.flatMap(({ data, error }) =>
    data === undefined && error !== null ? [error] : [],
  );
  const ofProfile = errors.find(({ status }) => status === FORBIDDEN || status === NOT_FOUND);
  return ofProfile ?? (errors.length === queries.length ? errors[0] : undefined);
}
