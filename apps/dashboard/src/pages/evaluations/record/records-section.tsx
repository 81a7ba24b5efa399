import type { EvaluationRecord } from "@scouter/contracts";
import { Button, Group, Select, Text } from "@mantine/core";
import { useCallback } from "react";
import { formatCount } from "../../../format/number.ts";
import { timeZoneName } from "../../../format/time.ts";
import { Section } from "../../../page/section.tsx";
import { Empty, ErrorState, Loading } from "../../../page/states.tsx";
import { usePeek } from "../../../peek/use-peek.ts";
import { DataTable } from "../../../table/data-table.tsx";
import { useSetSearch } from "../../../url/search.ts";
import { useRecords } from "../evaluation-queries.ts";
import { firstRecordProgram } from "../first-record.ts";
import { recordStatusLooks } from "../outcome-look.ts";
import { outcomes, recordStatuses, type RecordFilter } from "../record-filter.ts";
import { recordColumns } from "./record-columns.tsx";
import { RecordPeek } from "./record-peek.tsx";

interface RecordsSectionProps {
  readonly profileUid: string;
  readonly filter: RecordFilter;
  /** Ids of the tasks that can be filtered by. */
  readonly tasks: readonly string[];
}

export function RecordsSection({ profileUid, filter, tasks }: RecordsSectionProps) {
  const records = useRecords(profileUid, filter);
  const peek = usePeek();
  const { data: pages, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = records;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const rows = pages?.flatMap(({ items }) => items) ?? [];
  return (
    <Section title="Records" actions={<RecordFilters filter={filter} tasks={tasks} />}>
      {error !== null && (
        <ErrorState error={error} what="the records" onRetry={() => void refetch()} />
      )}
      {pages === undefined && error === null && <Loading what="the records" />}
      {pages !== undefined && (
        <>
          <DataTable<EvaluationRecord>
            label="Records"
            rows={rows}
            columns={recordColumns}
            rowKey={({ uid }) => uid}
            selectedKey={peek.key}
            onSelect={({ uid }) => peek.open(uid)}
            onOrder={peek.setOrder}
            onEnd={onEnd}
            heightPx={520}
            caption={`${formatCount(rows.length)} ${rows.length === 1 ? "record" : "records"}${hasNextPage ? " so far" : ""}, newest first by the sender's clock, times in ${timeZoneName()}`}
            empty={<NoRecord profileUid={profileUid} filter={filter} canLookOn={hasNextPage} />}
          />
          {hasNextPage && (
            <Button size="xs" variant="default" loading={isFetchingNextPage} onClick={onEnd}>
              Look further back
            </Button>
          )}
        </>
      )}
      <RecordPeek peek={peek} profileUid={profileUid} />
    </Section>
  );
}

interface RecordFiltersProps {
  readonly filter: RecordFilter;
  readonly tasks: readonly string[];
}

function RecordFilters({ filter, tasks }: RecordFiltersProps) {
  const setSearch = useSetSearch();
  // What the address names stays a choice, also where the profile does not have it any more.
  const names = [...new Set([...tasks, ...(filter.task === undefined ? [] : [filter.task])])];
  const common = { size: "xs", clearable: true } as const;
  return (
    <Group gap="xs" justify="flex-end">
      <Select
        {...common}
        w={210}
        aria-label="Task"
        placeholder="Any task"
        searchable
        data={names}
        value={filter.task ?? null}
        clearButtonProps={{ "aria-label": "Any task" }}
        onChange={(task) => setSearch({ task: task ?? undefined, peek: undefined })}
      />
      <Select
        {...common}
        w={150}
        aria-label={filter.task === undefined ? "Outcome" : `Outcome of ${filter.task}`}
        placeholder="Any outcome"
        data={[...outcomes]}
        value={filter.outcome ?? null}
        clearButtonProps={{ "aria-label": "Any outcome" }}
        onChange={(outcome) => setSearch({ outcome: outcome ?? undefined, peek: undefined })}
      />
      <Select
        {...common}
        w={150}
        aria-label="Status"
        placeholder="Any status"
        data={recordStatuses.map((value) => ({ value, label: recordStatusLooks[value].word }))}
        value={filter.status ?? null}
        clearButtonProps={{ "aria-label": "Any status" }}
        onChange={(status) => setSearch({ status: status ?? undefined, peek: undefined })}
      />
    </Group>
  );
}

interface NoRecordProps {
  readonly profileUid: string;
  readonly filter: RecordFilter;
  /** Not everything in the range has been looked at yet. */
  readonly canLookOn: boolean;
}

function NoRecord({ profileUid, filter, canLookOn }: NoRecordProps) {
  const setSearch = useSetSearch();
  if (Object.keys(filter).length > 0) {
    return (
      <Empty
        title="No record fits the filter"
        actions={
          <Button
            size="xs"
            variant="default"
            onClick={() => setSearch({ task: undefined, outcome: undefined, status: undefined })}
          >
            Take the filter away
          </Button>
        }
      >
        <Text size="sm">
          {canLookOn ? "Older records have not been looked at yet." : "None in the chosen time."}
        </Text>
      </Empty>
    );
  }
  return (
    <Empty
      title="No record in the chosen time"
      snippet={firstRecordProgram(window.location.origin, profileUid)}
      waitingFor="a record"
    >
      <Text size="sm">Choose a longer time at the top, or send a record to this profile:</Text>
    </Empty>
  );
}
