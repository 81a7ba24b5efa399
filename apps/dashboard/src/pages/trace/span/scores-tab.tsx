import type {
  EvaluationRecordDetail,
  SpanDetail,
  TaskOutcome,
  TraceHeader,
} from "@scouter/contracts";
import { Group, Stack, Text } from "@mantine/core";
import { ApiError } from "../../../api/api-error.ts";
import type { Api } from "../../../api/api.ts";
import { useApiQuery } from "../../../api/queries.ts";
import { StatusChip, type Status } from "../../../figure/status-chip.tsx";
import { formatPercent } from "../../../format/number.ts";
import { TimeText } from "../../../format/time-text.tsx";
import { QueryState } from "../../../page/query-state.tsx";
import { PageLink } from "../../../url/page-link.tsx";
import { useSpan } from "../use-trace.ts";
import { Nothing } from "./nothing.tsx";

interface ScoresTabProps {
  readonly trace: TraceHeader;
  readonly span: SpanDetail;
}

/** Evaluations of the records that the span, or else the trace's root, names. */
export function ScoresTab({ trace, span }: ScoresTabProps) {
  const root = useSpan(trace.trace_id, trace.root_span_id);
  const uids = [...new Set([...span.queue_ids, ...(root.data?.queue_ids ?? [])])];
  const profiles = [...new Set([...span.entity_ids, ...(root.data?.entity_ids ?? [])])];
  const records = useApiQuery<readonly EvaluationRecordDetail[]>({
    key: ["records of spans", uids, profiles],
    enabled: root.data !== undefined,
    load: async ({ api, signal }) => {
      const found = await Promise.all(uids.map((uid) => recordOf(api, uid, { profiles, signal })));
      return found.filter((record) => record !== undefined);
    },
  });
  return (
    <QueryState query={records} what="the scores">
      {(found) =>
        found.length === 0 ? (
          <Nothing>
            No evaluation belongs to this trace: neither this span nor the root names a record.
          </Nothing>
        ) : (
          <Stack gap="md">
            {found.map((record) => (
              <RecordScores key={`${record.profile_uid} ${record.uid}`} record={record} />
            ))}
          </Stack>
        )
      }
    </QueryState>
  );
}

interface RecordOptions {
  readonly profiles: readonly string[];
  readonly signal: AbortSignal;
}

/** @returns undefined when the record is not there (yet) */
async function recordOf(api: Api, uid: string, { profiles, signal }: RecordOptions) {
  // A record's uid is unique within its profile only.
  const profile_uid = profiles.length === 1 ? profiles[0] : undefined;
  try {
    return await api.get<EvaluationRecordDetail>(
      `/scouter/v2/evaluations/records/${encodeURIComponent(uid)}`,
      { query: { profile_uid }, signal },
    );
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

const looks: Readonly<Record<TaskOutcome, Status>> = {
  passed: "ok",
  failed: "failed",
  errored: "alert",
  skipped: "skipped",
};

function RecordScores({ record }: { readonly record: EvaluationRecordDetail }) {
  const { profile } = record;
  return (
    <section>
      <Group justify="space-between" mb={4}>
        <PageLink
          to="/evaluations/$profileUid"
          params={{ profileUid: profile.uid }}
          size="sm"
          fw={600}
        >
          {`${profile.space}/${profile.name}/${profile.version}`}
        </PageLink>
        <Text size="sm" className="numeric">
          {record.pass_rate === null ? record.status : `${formatPercent(record.pass_rate)} passed`}
        </Text>
      </Group>
      <Text size="xs" c="dimmed" mb={4}>
        Record{" "}
        <PageLink
          to="/evaluations/$profileUid/records/$recordUid"
          params={{ profileUid: profile.uid, recordUid: record.uid }}
          size="xs"
        >
          {record.record_id}
        </PageLink>
        {record.evaluated_at !== null && (
          <>
            , evaluated <TimeText at={record.evaluated_at} />
          </>
        )}
      </Text>
      <table className="scores">
        <thead>
          <tr>
            <th scope="col">Task</th>
            <th scope="col">Outcome</th>
            <th scope="col">Reason</th>
          </tr>
        </thead>
        <tbody>
          {record.tasks.map((task) => (
            <tr key={task.task_id}>
              <th scope="row" title={task.description ?? undefined}>
                {task.task_id}
                {task.gate && <span className="message-mark">gate</span>}
              </th>
              <td>
                <StatusChip status={looks[task.outcome]} word={task.outcome} />
              </td>
              <td>{task.message}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
